import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { BoardMovementDetail, BoardQuery } from '@corridor/hub'
import type { RegionalPort } from '../src/index.ts'
import { durresOfficer, operationsDesk, secretariat, testApi, type TestApi, trader } from './support.ts'

const movement: BoardMovementDetail = {
  mrn: '26CM0000000000001J1',
  departure: 'CM',
  destination: null,
  transit: [],
  officeOfDeparture: null,
  officeOfDestination: null,
  arrivedIn: null,
  state: 'mentioned',
  isLate: false,
  releasedAt: null,
  limitDate: null,
  arrivedAt: null,
  endedAt: null,
  lastToldAt: '2026-11-30T10:00:00.000Z',
  contradictions: [{ kind: 'differs', about: 'limitDate', said: [{ by: 'NTA.CM', value: '2026-12-01' }] }],
  guarantees: [{ grn: '26CM0009010000017', country: 'CM', currency: 'XAF', amount: '1.00', movements: 1, inUse: true }],
  copies: [
    {
      id: '1',
      sender: 'NTA.CM',
      messageType: 'CD203C',
      messageId: 'a@cm.example',
      recipient: null,
      saidAt: '2026-11-30T10:00:00.000Z',
      receivedAt: '2026-11-30T10:00:01.000Z',
      elements: { officesOfTransit: ['CF000201'], guarantee: [{ grn: '26CM0009010000017' }] },
    },
  ],
}

const dashboard: Awaited<ReturnType<RegionalPort['dashboard']>> = {
  at: '2026-11-30T10:00:00.000Z',
  since: '2026-09-01T10:00:00.000Z',
  corridors: [],
  guarantees: [],
  largestGuarantees: [],
  members: [],
  forwarded: { underWay: 0, delivered: 0, refused: 0, oldestUnderWayAt: null },
}

describe('/regional', () => {
  let hub: TestApi
  let other: TestApi
  const asked: BoardQuery[] = []
  const as: Record<string, { authorization: string }> = {}
  before(async () => {
    hub = await testApi({
      regional: {
        dashboard: async () => dashboard,
        movements: async (query) => {
          asked.push(query)
          const { copies: _, guarantees: __, ...row } = movement
          return { movements: [row], total: 1 }
        },
        movement: async (mrn) => (mrn === movement.mrn ? movement : undefined),
      },
    })
    other = await testApi()
    as['secretariat'] = await hub.bearer(secretariat)
    as['officer'] = await hub.bearer(durresOfficer)
    as['desk'] = await hub.bearer(operationsDesk)
    as['trader'] = await hub.bearer(trader)
    as['elsewhere'] = await other.bearer(secretariat)
  })
  after(() => Promise.all([hub.close(), other.close()]))

  const get = (who: string, url: string, from = hub) => from.app.inject({ url, headers: { ...as[who] } })

  test('the secretariat sees the board, the list and one movement', async () => {
    assert.deepEqual((await get('secretariat', '/regional')).json(), dashboard)
    const list = await get('secretariat', '/regional/movements?departure=CM&only=late&page=2')
    assert.equal(list.statusCode, 200)
    assert.equal(list.json().total, 1)
    assert.deepEqual(asked, [{ departure: 'CM', only: 'late', page: 2, pageSize: list.json().pageSize }])
    assert.deepEqual((await get('secretariat', `/regional/movements/${movement.mrn}`)).json(), movement)
    assert.equal((await get('secretariat', '/regional/movements/26CM')).statusCode, 404)
  })

  test('what makes no sense is refused', async () => {
    for (const query of ['departure=cm', 'state=left', 'only=mine', 'page=0', 'more=1'])
      assert.equal((await get('secretariat', `/regional/movements?${query}`)).statusCode, 400, query)
  })

  test('nobody else sees it', async () => {
    for (const url of ['/regional', '/regional/movements', `/regional/movements/${movement.mrn}`]) {
      for (const who of ['officer', 'desk', 'trader']) assert.equal((await get(who, url)).statusCode, 403, who)
      assert.equal((await get('nobody', url)).statusCode, 401)
    }
  })

  test('the secretariat sees nothing that is an administration’s', async () => {
    for (const url of [
      '/movements',
      '/guarantees',
      '/exchange',
      '/reference',
      '/availability',
      '/statistics',
      '/messages',
    ])
      assert.equal((await get('secretariat', url)).statusCode, 403, url)
    assert.equal((await get('secretariat', '/session')).json().user.role, 'regional')
  })

  test('a node that is no hub has nothing there', async () => {
    assert.equal((await get('elsewhere', '/regional', other)).statusCode, 404)
  })
})

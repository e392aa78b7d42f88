/** What of `/exchange/reconciliation` needs no second node; the rest is in packages/node/test/reconciliation.test.ts. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { encodeCursor, type ReconciliationPort } from '../src/index.ts'
import { durresOfficer, noReconciliation, operationsDesk, testApi, type TestApi } from './support.ts'

type Run = NonNullable<Awaited<ReturnType<ReconciliationPort['one']>>>
const at = new Date('2026-11-30T02:00:00Z')
const sides = { sent: { count: 3, digest: 'a' }, received: { count: 0, digest: 'b' } }
const run = (number: number): Run => ({
  number,
  partner: 'NTA.XK',
  partnerName: 'Kosovo',
  role: 'ours',
  day: '2026-11-29',
  state: 'compared',
  repair: null,
  automatic: true,
  follows: null,
  actor: 'NTA.AL',
  reason: 'every day',
  refusal: null,
  own: sides,
  theirs: sides,
  isSame: false,
  parts: 1,
  wantedAt: at,
  askedAt: at,
  comparedAt: at,
  mendedAt: null,
  differences: { 'missing-there': 1 },
  open: 1,
})
const asked: unknown[] = []
const reconciliation: ReconciliationPort = {
  ...noReconciliation,
  list: async (query) => {
    asked.push(query)
    return Array.from({ length: 50 }, (_, n) => run(100 - n))
  },
  one: async (number) => (number === 7 ? run(7) : undefined),
  differences: async (_, page) => {
    asked.push(page)
    return []
  },
  want: async ({ id }, wanted) => {
    asked.push([id, wanted])
    if (wanted.partner !== 'NTA.XK') return { kind: 'unknown-partner' }
    if (wanted.day > '2027') return { kind: 'day', why: `${wanted.day} is still to come` }
    return { kind: 'wanted', number: 8 }
  },
}

describe('/exchange/reconciliation', () => {
  let api: TestApi
  before(async () => {
    api = await testApi({ reconciliation })
  })
  after(() => api.close())

  const get = async (url: string) =>
    api.app.inject({ url: `/exchange/${url}`, headers: await api.bearer(operationsDesk) })
  const post = async (url: string, payload: object, key?: string) =>
    api.app.inject({
      method: 'POST',
      url: `/exchange/${url}`,
      payload,
      headers: { ...(await api.bearer(operationsDesk)), ...(key !== undefined && { 'idempotency-key': key }) },
    })

  test('it is the operations desk’s', async () => {
    const headers = await api.bearer(durresOfficer)
    assert.equal((await api.app.inject({ url: '/exchange/reconciliation' })).statusCode, 401)
    assert.equal((await api.app.inject({ url: '/exchange/reconciliation', headers })).statusCode, 403)
  })

  test('pages go on where the last one ended; a cursor of somebody’s making is refused', async () => {
    const first = await get('reconciliation?partner=NTA.XK')
    assert.deepEqual(
      [first.statusCode, first.json().runs.length, first.json().runs[0].differences],
      [200, 50, { 'missing-there': 1 }],
    )
    await get(`reconciliation?cursor=${first.json().next}`)
    assert.deepEqual(asked.splice(0), [
      { partner: 'NTA.XK', day: undefined, below: undefined, limit: 50 },
      { partner: undefined, day: undefined, below: 51, limit: 50 },
    ])
    await get(`reconciliation/7/differences?cursor=${encodeCursor('out a@x')}`)
    assert.deepEqual(asked.splice(0), [{ after: { direction: 'out', messageId: 'a@x' }, limit: 200 }])
    for (const cursor of ['x', encodeCursor('out'), encodeCursor('by a@x')])
      assert.equal((await get(`reconciliation/7/differences?cursor=${cursor}`)).statusCode, 400, cursor)
    assert.equal((await get(`reconciliation?cursor=${encodeCursor('-1')}`)).statusCode, 400)
    assert.deepEqual(
      [(await get('reconciliation/8')).statusCode, (await get('reconciliation/8/differences')).statusCode],
      [404, 404],
    )
    assert.equal((await get('reconciliation/7')).json().partnerName, 'Kosovo')
    assert.equal((await get('returned/NTA.XK/a%40x')).statusCode, 404)
  })

  test('an act needs a key and a reason, and names a partner and a day that there are', async () => {
    const wanted = { partner: 'NTA.XK', day: '2026-11-29', reason: 'a complaint' }
    assert.equal((await post('reconciliation', wanted)).statusCode, 400)
    for (const wrong of [
      { reason: '' },
      { reason: '   ' },
      { day: 'yesterday' },
      { day: undefined },
      { partner: 'a b' },
    ])
      assert.equal((await post('reconciliation', { ...wanted, ...wrong }, 'k0')).statusCode, 422, JSON.stringify(wrong))
    assert.deepEqual(asked, [])
    const done = await post('reconciliation', wanted, 'k1')
    assert.deepEqual([done.statusCode, done.json()], [202, { number: 8 }])
    assert.deepEqual(asked.splice(0), [[operationsDesk.id, { ...wanted, repair: false }]])
    const unknown = await post('reconciliation', { ...wanted, partner: 'NTA.ZZ' }, 'k2')
    assert.deepEqual([unknown.statusCode, unknown.json().errors[0].field], [422, 'partner'])
    const later = await post('reconciliation', { ...wanted, day: '2027-01-01' }, 'k3')
    assert.deepEqual([later.statusCode, later.json().errors[0].remedy], [422, '2027-01-01 is still to come.'])
    const state = await post('reconciliation/7/repair', { reason: 'lost' }, 'k4')
    assert.deepEqual([state.statusCode, state.json().type], [409, 'urn:corridor:problem:reconciliation-state'])
    assert.equal((await post('reconciliation/9/repair', { reason: 'lost' }, 'k5')).statusCode, 404)
  })
})

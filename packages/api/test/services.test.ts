import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { AvailabilityView } from '@corridor/casework'
import { durresOfficer, operationsDesk, testApi, type TestApi, trader } from './support.ts'

const availability: AvailabilityView = {
  unavailabilities: [
    {
      country: 'XK',
      name: 'Kosovo',
      type: 'U',
      functionality: 'T',
      startsAt: '2026-11-24T08:00:00',
      endsAt: null,
      explanation: '02',
      text: 'Power cut',
      fallback: true,
      fallbackText: null,
      isOwn: false,
      isNow: true,
      toldAt: '2026-11-24T08:01:00.000Z',
    },
  ],
  asked: [
    {
      party: 'NTA.XK',
      name: 'Kosovo',
      mrn: '26ALAL0001010000J5',
      askedAt: '2026-11-24T08:02:00.000Z',
      askedBy: { id: 'al-departure', name: 'Arta Hoxha' },
      answeredAt: null,
      status: null,
    },
  ],
  partners: [{ country: 'XK', name: 'Kosovo' }],
  isTold: true,
}
const announcement = {
  operation: 'C',
  type: 'U',
  functionality: 'T',
  startsAt: '2026-11-24T08:00:00',
  explanation: '02',
}

describe('/availability and /statistics', () => {
  let api: TestApi
  const as: Record<string, { authorization: string }> = {}
  before(async () => {
    api = await testApi()
    as['desk'] = await api.bearer(operationsDesk)
    as['officer'] = await api.bearer(durresOfficer)
    as['trader'] = await api.bearer(trader)
  })
  after(() => api.close())
  beforeEach(() => {
    api.standIn.asked = []
    api.standIn.answers = {}
  })

  const post = (who: string, url: string, payload: object, key?: string) =>
    api.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { ...as[who], ...(key !== undefined && { 'idempotency-key': key }) },
    })
  const get = (who: string, url: string) => api.app.inject({ url, headers: { ...as[who] } })

  test('officers see what is known, traders do not', async () => {
    api.standIn.answers = { availability: async () => availability }
    const answer = await get('officer', '/availability')
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), availability)
    assert.equal((await get('desk', '/statistics')).statusCode, 200)
    for (const url of ['/availability', '/statistics']) {
      assert.equal((await get('trader', url)).statusCode, 403)
      assert.equal((await get('nobody', url)).statusCode, 401)
    }
  })

  test('the desk announces; what a form leaves empty says nothing', async () => {
    api.standIn.answers = { announceUnavailability: async () => ({ kind: 'done', availability }) }
    const answer = await post('desk', '/availability/announcements', { ...announcement, text: '' }, 'k1')
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), { availability })
    const [[, account, asked] = []] = api.standIn.asked as [string, { id: string }, { unavailability: object }][]
    assert.equal(account?.id, 'al-operations')
    const { operation: _, ...said } = announcement
    const unsaid = { endsAt: null, text: null, fallback: null, fallbackText: null }
    assert.deepEqual(asked?.unavailability, { ...said, ...unsaid })
  })

  test('others cannot announce or send statistics; any officer asks a partner', async () => {
    assert.equal((await post('officer', '/availability/announcements', announcement, 'k2')).statusCode, 403)
    assert.equal((await post('officer', '/statistics', { month: '2026-10' }, 'k3')).statusCode, 403)
    assert.equal((await post('trader', '/availability/requests', { country: 'XK', mrn: 'x' }, 'k4')).statusCode, 403)
    assert.deepEqual(api.standIn.asked, [])
    api.standIn.answers = { askAvailability: async () => ({ kind: 'done', availability }) }
    assert.equal((await post('officer', '/availability/requests', { country: 'XK', mrn: 'x' }, 'k5')).statusCode, 200)
  })

  test('a key is needed, and the body must be as described', async () => {
    assert.equal((await post('desk', '/availability/announcements', announcement)).statusCode, 400)
    for (const wrong of [{}, { ...announcement, operation: 'X' }, { ...announcement, country: 'XK' }])
      assert.equal((await post('desk', '/availability/announcements', wrong, 'k6')).statusCode, 422)
    assert.equal((await post('desk', '/statistics', { month: 10 }, 'k7')).statusCode, 422)
    api.standIn.answers = {
      sendStatistics: async () => ({
        kind: 'invalid',
        errors: [{ field: 'month', remedy: 'Give a month that is over.' }],
      }),
    }
    const refused = await post('desk', '/statistics', { month: '2026-11' }, 'k8')
    assert.equal(refused.statusCode, 422)
    assert.deepEqual(refused.json().errors, [{ field: 'month', remedy: 'Give a month that is over.' }])
  })
})

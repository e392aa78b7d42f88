/** What of `/shares` needs no second node; the rest is in packages/node/test/shares.test.ts. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SharesPort } from '../src/index.ts'
import { operationsDesk, secretariat, testApi, type TestApi } from './support.ts'

const asked: unknown[] = []
const shares: SharesPort = {
  terms: () => ({ party: 'NTA.AL', partners: [], purposes: [], editions: [] }),
  list: async () => [],
  one: async () => undefined,
  items: async () => undefined,
  readings: async () => undefined,
  propose: async () => ({ kind: 'key-reused' }),
  answer: async () => ({ kind: 'refused', code: 'contract-changed', about: [] }),
  withdraw: async (who, given) => {
    asked.push([who.id, given])
    return { kind: 'done', answer: { owner: given.owner, id: given.id, version: 2, digest: 'd', state: 'withdrawn' } }
  },
  upload: async () => ({ kind: 'refused', code: 'block-wrong', about: ['Declaration/ID: U010'] }),
  read: async () => ({ kind: 'refused', code: 'unknown-item', about: [] }),
}
const share = '/shares/NTA.BW/a%40bw.example'
const digest = 'a'.repeat(64)

describe('/shares', () => {
  let api: TestApi
  let other: TestApi
  before(async () => {
    api = await testApi({ shares })
    other = await testApi()
  })
  after(async () => {
    await api.close()
    await other.close()
  })

  const post = async (at: TestApi, url: string, payload: object, key?: string) =>
    at.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { ...(await at.bearer(operationsDesk)), ...(key !== undefined && { 'idempotency-key': key }) },
    })

  test('a node that no link by a cloud connects has nothing there', async () => {
    const headers = await other.bearer(operationsDesk)
    for (const url of ['/shares', share, `${share}/readings`])
      assert.equal((await other.app.inject({ url, headers })).statusCode, 404, url)
    assert.equal((await post(other, `${share}/withdrawal`, { reason: 'x' }, 'k')).statusCode, 404)
  })

  test('nobody, and the secretariat of a hub, see none', async () => {
    assert.equal((await api.app.inject({ url: '/shares' })).statusCode, 401)
    assert.equal((await api.app.inject({ url: '/shares', headers: await api.bearer(secretariat) })).statusCode, 403)
  })

  test('an act needs a key, and goes on as it was asked', async () => {
    const reason = { reason: 'The agreement is suspended' }
    assert.equal((await post(api, `${share}/withdrawal`, reason)).statusCode, 400)
    assert.deepEqual(asked, [])
    const done = await post(api, `${share}/withdrawal`, reason, 'k1')
    assert.deepEqual([done.statusCode, done.json().share.state], [200, 'withdrawn'])
    assert.deepEqual(asked, [[operationsDesk.id, { owner: 'NTA.BW', id: 'a@bw.example', ...reason }]])
  })

  test('each refusal has its status, and says what to do', async () => {
    const answer = { version: 1, digest, answer: 'accepted' }
    const changed = await post(api, `${share}/answer`, answer, 'k2')
    assert.deepEqual([changed.statusCode, changed.json().type], [409, 'urn:corridor:problem:share-refused'])
    assert.match(changed.json().detail, /Read it again/)
    const block = { reader: 'NTA.ZA', subject: 's', block: { UtilityBlock: {} } }
    const wrong = await post(api, '/shares/blocks', block, 'k3')
    assert.equal(wrong.statusCode, 422)
    assert.deepEqual(
      wrong.json().errors.map(({ field, value }: { field: string; value: string }) => [field, value]),
      [['block', 'Declaration/ID: U010']],
    )
    assert.equal((await post(api, '/shares/blocks', { ...block, block: {} }, 'k4')).statusCode, 422)
    assert.equal((await post(api, '/shares/NTA.BW/items/x/readings', {})).statusCode, 404)
    for (const wrongly of [
      { ...answer, digest: 'x' },
      { ...answer, answer: 'maybe' },
      { ...answer, version: 0 },
    ])
      assert.equal((await post(api, `${share}/answer`, wrongly, 'k5')).statusCode, 422)
  })
})

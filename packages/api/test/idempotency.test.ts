import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ApiPorts } from '../src/index.ts'
import { rememberAnswer } from '@corridor/registry'
import { durresOfficer, movementView, testApi, trader, type TestApi } from './support.ts'

describe('a request sent again', () => {
  let api: TestApi
  let acts = 0
  let documents = 0

  /** Acts as casework does: the effect (here a counter) and the memory of the key in one transaction of the real database. */
  const act: ApiPorts['act'] = async (_account, _mrn, { idempotency, version }) => {
    const remembered = await api.db.transaction((tx) =>
      rememberAnswer(tx, idempotency, api.clock.now, async () => {
        acts += 1
        return { status: 200, response: { ...movementView, version: version + acts } }
      }),
    )
    return remembered.kind === 'key-reused' ? remembered : { kind: 'done', movement: remembered.response }
  }

  const submitTraderMessage: ApiPorts['submitTraderMessage'] = async (_account, _xml, idempotency) => {
    const remembered = await api.db.transaction((tx) =>
      rememberAnswer(tx, idempotency!, api.clock.now, async () => {
        documents += 1
        const response = { id: `in-${documents}`, receivedAt: api.clock.now.toISOString(), position: String(documents) }
        return { status: 202, response }
      }),
    )
    return remembered.kind === 'key-reused' ? remembered : { kind: 'accepted', ...remembered.response }
  }

  before(async () => {
    api = await testApi({ act, submitTraderMessage })
  })
  after(() => api.close())

  test('an act pressed ten times at once happens once, and every press gets the same answer', async () => {
    const headers = { ...(await api.bearer(durresOfficer)), 'idempotency-key': 'press-1' }
    const url = `/movements/${movementView.mrn}/acts`
    const post = (version: number) =>
      api.app.inject({ method: 'POST', url, headers, payload: { act: 'release', version, fields: {} } })
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(3)))
    assert.equal(acts, 1)
    assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]))
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
    assert.equal(answers[0]!.json().movement.version, 4)

    const other = await post(4)
    assert.equal(other.statusCode, 422)
    assert.equal(other.json().type, 'urn:corridor:problem:idempotency-key-reused')
    assert.equal(acts, 1)
  })

  test('a document posted again with its key has the first id, another document with the key none', async () => {
    const headers = { ...(await api.bearer(trader)), 'idempotency-key': 'doc-1', 'content-type': 'application/xml' }
    const post = (payload: string) => api.app.inject({ method: 'POST', url: '/messages', headers, payload })
    const first = await post('<CC015C/>')
    api.clock.forward(60_000)
    const second = await post('<CC015C/>')
    assert.equal(first.statusCode, 202)
    assert.equal(second.statusCode, 202)
    assert.deepEqual(second.json(), first.json())
    assert.equal((await post('<CC007C/>')).statusCode, 422)
    assert.equal(documents, 1)
  })
})

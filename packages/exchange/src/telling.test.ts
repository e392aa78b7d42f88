import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DatabaseFault } from '@corridor/database'
import { redacted, tellError } from './telling.ts'
import { makeStore } from '../test/nodes.ts'

let store: Awaited<ReturnType<typeof makeStore>>
before(async () => {
  store = await makeStore()
})
after(() => store.drop())

const errorOf = async (text: string, values: unknown[] = []): Promise<unknown> => {
  try {
    await store.db.query(text, values)
  } catch (error) {
    return error
  }
  throw new Error('there was none')
}

test('of an error of PostgreSQL the code and the names of the schema are told, never what it quotes', async () => {
  const told = [
    [`select $1::bigint`, '22P02'],
    [`select $1::date`, '22007'],
    [`do $$ begin raise exception 'CANARY-7' using errcode = 'P0001'; end $$`, 'P0001'],
  ] as const
  for (const [text, code] of told) {
    const error = await errorOf(text, text.includes('$1') ? ['CANARY-7'] : [])
    assert.match((error as Error).message, /CANARY-7/, 'the server does quote it')
    assert.equal(tellError(error), `PostgreSQL ${code}`)
  }
  const twice = `insert into inbox (sender, message_id, link, recipient, conversation, document_type, payload, payload_digest, due_at, received_at)
    select 'CANARY-7', 'm', 'api', 'r', 'c', 't', '', sha256(''), now(), now() from generate_series(1, 2)`
  assert.equal(tellError(await errorOf(twice)), 'PostgreSQL 23505, table inbox, constraint inbox_sender_message_id_key')
})

test('of JSON that cannot be read nothing is told; faults and plain errors speak for themselves', () => {
  let error: unknown
  try {
    JSON.parse('CANARY-7')
  } catch (thrown) {
    error = thrown
  }
  assert.equal(tellError(error), 'SyntaxError')
  assert.equal(tellError('CANARY-7'), 'something was thrown that is no error (string)')
  assert.equal(tellError(new Error('cannot do this (3)')), 'cannot do this (3)')
  assert.equal(tellError(new DatabaseFault('database.unreachable', 'no route')), 'database.unreachable: no route')
  assert.equal(tellError(new Error('sending', { cause: new Error('reset') })), 'sending (reset)')
  assert.equal(tellError(new Error('outer', { cause: error })), 'outer (SyntaxError)')
})

test('a text ends where a key, a document or a token begins', () => {
  for (const [text, told] of [
    ['key -----BEGIN PRIVATE KEY-----\nMIIE', 'key [left out]'],
    ['document <?xml version="1.0"?><a/>', 'document [left out]'],
    ['part </accessCode>', 'part [left out]'],
    ['authorization: Bearer abc', 'authorization: [left out]'],
    ['1 < 2, a <- b', '1 < 2, a <- b'],
  ] as const)
    assert.equal(redacted(text), told)
  assert.equal(redacted('x'.repeat(5_000)).length, 2_000)
})

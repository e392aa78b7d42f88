import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Database } from '@corridor/database'
import type { Exchange, Outgoing } from '../src/index.ts'
import { count, createExchange, makePapers, makeStore, optionsOf } from './nodes.ts'

let store: Awaited<ReturnType<typeof makeStore>>
let db: Database
let exchange: Exchange

before(async () => {
  store = await makeStore()
  db = store.db
  exchange = createExchange(optionsOf(await makePapers('NTA.AL'), db, []))
})
after(() => store.drop())

function letter(messageId: string, recipient: string): Outgoing {
  const base = {
    sender: 'AL000101',
    conversation: '26AL1',
    documentType: 'CC028C',
    payload: Buffer.from(`<${messageId}/>`),
  }
  return { ...base, messageId, link: 'mailbox', recipient }
}

test('a mailbox is read in pages by cursor; asking for more says that the rest has arrived', async () => {
  await exchange.enqueue(db, [letter('a', 'T1'), letter('b', 'T1'), letter('x', 'T2'), letter('c', 'T1')])
  const first = await exchange.mailbox('T1', undefined, 2)
  assert.deepEqual(
    first.map(({ messageId }) => messageId),
    ['a', 'b'],
  )
  assert.equal(await count(db, "outbox where state = 'receipted'"), 0)
  // The answer may have been lost: the same page again is the same page.
  assert.deepEqual(await exchange.mailbox('T1', undefined, 2), first)
  const second = await exchange.mailbox('T1', first[1]?.cursor, 2)
  assert.deepEqual(
    second.map(({ messageId }) => messageId),
    ['c'],
  )
  assert.deepEqual(await db.query("select message_id from outbox where state = 'receipted' order by id"), [
    { message_id: 'a' },
    { message_id: 'b' },
  ])
  assert.deepEqual(await exchange.mailbox('T1', second[0]?.cursor, 2), [])
  assert.equal((await exchange.mailbox('T1', 'no cursor', 9)).length, 3)
})

test('a commit that overtakes another cannot make a document disappear between two pages', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const slow = db.transaction(async (tx) => {
    await exchange.enqueue(tx, [letter('slow', 'T3')])
    await released
  })
  while ((await count(db, "pg_stat_activity where state = 'idle in transaction'")) === 0);
  await exchange.enqueue(db, [letter('fast', 'T3')])
  const first = await exchange.mailbox('T3', undefined, 10)
  assert.deepEqual(
    first.map(({ messageId }) => messageId),
    ['fast'],
  )
  release()
  await slow
  const second = await exchange.mailbox('T3', first[0]?.cursor, 10)
  assert.deepEqual(
    second.map(({ messageId }) => messageId),
    ['slow'],
  )
})

test('a document is only in the mailbox it was sent to', async () => {
  const [item] = await exchange.mailbox('T2', undefined, 1)
  const found = await exchange.mailboxMessage('T2', item?.id ?? '')
  assert.equal(Buffer.from(found?.payload ?? []).toString(), '<x/>')
  assert.equal(await exchange.mailboxMessage('T1', item?.id ?? ''), undefined)
  assert.equal(await exchange.mailboxMessage('T1', "1' or '1"), undefined)
})

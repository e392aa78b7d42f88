import assert from 'node:assert/strict'
import type { Database } from '@corridor/database'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { FairOrder } from '../src/fair-order.ts'
import { makeArrivals, type Arrival } from '../src/incoming.ts'
import type { LeasedRow } from '../src/sender.ts'
import { makeMarks, makeReceipts, type Mark } from '../src/sent.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  openedRow,
  optionsOf,
  partnerOf,
  vaultOf,
  type Papers,
} from './nodes.ts'

let store: Awaited<ReturnType<typeof makeStore>>
let papers: { al: Papers; xk: Papers }

before(async () => {
  store = await makeStore()
  papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK') }
})
after(() => store.drop())
beforeEach(() => store.db.query('truncate inbox, outbox'))

/** What batches need of an exchange: where they store, and how it is sealed. */
const over = (db: Database) => ({ db, vault: vaultOf('NTA.AL'), order: new FairOrder() })

const wire = (text: string) => ({ contentType: 'text/plain', body: Buffer.from(text) })

function arrival(messageId: string, payload = `document of ${messageId}`): Arrival {
  return {
    incoming: {
      sender: 'NTA.AL',
      messageId,
      link: 'as4',
      recipient: 'NTA.XK',
      conversation: 'one',
      documentType: 'CD001C',
      payload: Buffer.from(payload),
    },
    at: new Date(),
    evidence: { raw: wire(`raw ${messageId}`), receipt: wire(`receipt ${messageId} ${payload}`) },
  }
}

/** The database, and how many items each statement of a name had. */
function counted(name: string, sizeOf: (values: readonly unknown[]) => number): { db: Database; sizes: number[] } {
  const sizes: number[] = []
  const run: Database['run'] = (statement, values = [], settings) => {
    if (statement.name.startsWith(`${name}.`)) sizes.push(sizeOf(values))
    return store.db.run(statement, values, settings)
  }
  return { db: { ...store.db, run }, sizes }
}

const listLength = (place: number) => (values: readonly unknown[]) => (values[place] as unknown[]).length

test('messages that come at the same time are one statement; doubles and clashes among them get what they would get alone', async () => {
  const { db, sizes } = counted('accept', listLength(0))
  const arrivals = makeArrivals(over(db))
  await arrivals.add(arrival('old'))
  const results = await Promise.all(
    [
      arrival('a'),
      arrival('old'),
      arrival('b'),
      arrival('a'),
      arrival('b', 'another document'),
      arrival('old', 'another document'),
      arrival('c', ''),
    ].map((each) => arrivals.add(each)),
  )
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['taken', 'repeated', 'taken', 'repeated', 'conflicting', 'conflicting', 'taken'],
  )
  const [a, old, b, again, clash] = results
  assert.equal(again?.id, a?.id)
  assert.equal(clash?.id, b?.id)
  const receiptOf = (result: typeof a) =>
    result !== undefined && 'receipt' in result ? Buffer.from(result.receipt!.body).toString() : undefined
  assert.equal(receiptOf(old), 'receipt old document of old')
  assert.equal(receiptOf(again), 'receipt a document of a')
  assert.deepEqual(sizes.slice(0, 2), [1, 4])
  const kept = await store.db.query('select message_id, payload, raw, receipt, payload_digest from inbox order by id')
  const row = (id: string, payload = `document of ${id}`) => ({
    message_id: id,
    payload: Buffer.from(payload),
    raw: Buffer.from(`raw ${id}`),
    receipt: Buffer.from(`receipt ${id} ${payload}`),
    payload_digest: createHash('sha256').update(payload).digest(),
  })
  const opened = kept.map((each) => ({ ...each, ...openedRow('NTA.AL', each) }))
  assert.deepEqual(opened, [row('old'), row('a'), row('b'), row('c', '')])
  const said = await store.db.query<{ kind: string; n: number }>(
    'select kind, count(*) as n from journal where message_id = any ($1) group by kind order by kind',
    [['old', 'a', 'b', 'c']],
  )
  assert.deepEqual(said, [
    { kind: 'message.conflicting', n: 2 },
    { kind: 'message.received', n: 4 },
    { kind: 'message.repeated', n: 2 },
  ])
})

test('one that cannot be stored fails alone, and the others are taken', async () => {
  const arrivals = makeArrivals(over(store.db))
  // Longer than an entry of PostgreSQL's index, and not compressible.
  const bad = arrival(randomBytes(4_000).toString('base64'))
  const results = await Promise.allSettled(
    [arrival('a'), bad, arrival('nul \u0000'), arrival('b')].map((each) => arrivals.add(each)),
  )
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  assert.equal(await count(store.db, 'inbox'), 2)
})

test('two processes that take on the same messages in opposite order do not wait for one another in a circle', async () => {
  const ids = Array.from({ length: 60 }, () => randomUUID())
  const [one, other] = [makeArrivals(over(store.db)), makeArrivals(over(store.db))]
  const results = await Promise.all([
    ...ids.map((id) => one.add(arrival(id))),
    ...ids.toReversed().map((id) => other.add(arrival(id))),
  ])
  assert.equal(results.filter(({ outcome }) => outcome === 'taken').length, 60)
  assert.equal(results.filter(({ outcome }) => outcome === 'repeated').length, 60)
  assert.equal(await count(store.db, 'inbox'), 60)
})

/** So many leased rows of the outbox, as a sender has them. */
async function leased(many: number, lease: string): Promise<LeasedRow[]> {
  const exchange = createExchange(optionsOf(papers.al, store.db, [partnerOf('NTA.AL', papers.xk, '')]))
  const owed = Array.from({ length: many }, () => document('NTA.XK'))
  await store.db.transaction((tx) => exchange.enqueue(tx, owed))
  return store.db.query<LeasedRow>('update outbox set lease = $1, tries = 1 returning id::text, message_id, sealed', [
    lease,
  ])
}

const references = [{ uri: '', digest: 'AA==' }] as unknown as Mark['fresh']['references']

function mark(row: LeasedRow, text = 'sealed'): Mark {
  const fresh = { ...wire(`${text} ${row.message_id}`), references } as unknown as Mark['fresh']
  return { row, fresh, sealedBy: 'both', at: new Date() }
}

test('sealed bytes are stored together before they leave; who has lost its lease, and whose bytes cannot be stored, is left out', async () => {
  const lease = randomUUID()
  const rows = await leased(4, lease)
  await store.db.query('update outbox set lease = $1 where id = $2', [randomUUID(), rows[1]!.id])
  const { db, sizes } = counted('mark-sent', listLength(1))
  const marks = makeMarks(over(db), lease)
  const given = rows.toReversed().map((row) => mark(row))
  assert.deepEqual(await Promise.all(given.map((each) => marks.add(each))), [true, true, false, true])
  assert.deepEqual(sizes, [4])
  const stored = await store.db.query('select message_id, sealed, state, sealed_references from outbox order by id')
  for (const [n, each] of stored.entries()) {
    const sent = n !== 1
    assert.equal(openedRow('NTA.AL', each).sealed?.toString(), sent ? `sealed ${rows[n]!.message_id}` : undefined)
    assert.deepEqual([each['state'], each['sealed_references']], sent ? ['sent', references] : ['queued', null])
  }

  const bad = mark(rows[0]!)
  // JSON in PostgreSQL cannot hold this character.
  bad.fresh = { ...bad.fresh, references: [{ uri: '\u0000' }] as unknown as Mark['fresh']['references'] }
  const results = await Promise.allSettled([bad, mark(rows[2]!, 'new')].map((each) => marks.add(each)))
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  )
  const again = await store.db.query('select message_id, sealed from outbox where sealed is not null order by id')
  const texts = again.map((each) => openedRow('NTA.AL', each).sealed?.toString().split(' ')[0])
  assert.deepEqual(texts, ['sealed', 'new', 'sealed'])
})

test('receipts are stored together, each with its message; one that is there already stays', async () => {
  const lease = randomUUID()
  const rows = await leased(3, lease)
  const marks = makeMarks(over(store.db), lease)
  await Promise.all(rows.map((row) => marks.add(mark(row))))
  const { db, sizes } = counted('settle-receipted', listLength(0))
  const receipts = makeReceipts(over(db))
  const receiptOf = (row: LeasedRow, text = 'receipt') => ({
    row,
    receipt: wire(`${text} ${row.message_id}`),
    references,
    at: new Date(),
  })
  await Promise.all(rows.map((row) => receipts.add(receiptOf(row))))
  await receipts.add(receiptOf(rows[0]!, 'late'))
  assert.deepEqual(sizes, [3, 1])
  const settled = await store.db.query("select * from outbox where state = 'receipted' and lease is null order by id")
  assert.deepEqual(
    settled.map((each) => openedRow('NTA.AL', each).receipt?.toString()),
    rows.map((row) => `receipt ${row.message_id}`),
  )
  assert.equal(
    await count(store.db, `journal where kind = 'message.receipted' and message_id = any ($1)`, [
      rows.map((row) => row.message_id),
    ]),
    3,
  )
})

test('a receipt for bytes that are not the stored ones any more settles nothing: both sides must hold what belongs together', async () => {
  const lease = randomUUID()
  const [row] = (await leased(1, lease)) as [LeasedRow]
  const marks = makeMarks(over(store.db), lease)
  const receipts = makeReceipts(over(store.db))
  const other = mark(row, 'sealed anew')
  other.fresh = { ...other.fresh, references: [{ uri: '', digest: 'BB==' }] as unknown as Mark['fresh']['references'] }
  const first = mark(row)
  await marks.add(first)
  await marks.add(other)
  const receiptFor = ({ fresh }: Mark, text: string) =>
    receipts.add({ row, receipt: wire(text), references: fresh.references, at: new Date() })
  await receiptFor(first, 'receipt of the first bytes')
  assert.equal(await count(store.db, "outbox where state = 'sent' and receipt is null"), 1)
  await receiptFor(other, 'receipt of the other bytes')
  const [stored] = await store.db.query("select * from outbox where state = 'receipted'")
  const { sealed, receipt } = openedRow('NTA.AL', stored)
  assert.equal(String(sealed), `sealed anew ${row.message_id}`)
  assert.equal(String(receipt), 'receipt of the other bytes')
})

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { makeContext } from '../src/context.ts'
import { giveBack } from '../src/reconciliation/giving-back.ts'
import { bucketCount, readLists, writeDocument } from '../src/reconciliation/documents.ts'
import { writeReturned } from '../src/reconciliation/returned.ts'
import type { Run } from '../src/reconciliation/run.ts'
import { count, document, openedRow, optionsOf, partnerOf } from './nodes.ts'
import { last, papers, reconcile, send, settle, type Side, sides, today } from './reconciling.ts'

const total = { count: 0, digest: '0'.repeat(64) }
const empty = Array.from({ length: bucketCount }, () => '')
const statement = (run: string, more: object = {}) => ({
  run,
  day: today(),
  totals: { sent: total, received: total },
  buckets: { sent: empty, received: empty },
  ...more,
})

/** Sends a document of reconciliation as the partner's program would not. */
async function say(from: Side, to: Side, documentType: string, content: object | Uint8Array): Promise<void> {
  const payload = content instanceof Uint8Array ? content : writeDocument(content)
  await from.exchange.enqueue(from.store.db, [
    document(to.party, { sender: from.party, documentType, payload, conversation: documentType }),
  ])
  await settle(from, to)
}

/** What the other side was told, by type. */
async function told(by: Side, documentType: string): Promise<Record<string, unknown>[]> {
  const rows = await by.store.db.query('select * from outbox where document_type = $1 order by id', [documentType])
  return rows.map((row) => JSON.parse(String(openedRow(by.party, row).payload)) as Record<string, unknown>)
}

const reasons = async (by: Side): Promise<unknown[]> =>
  (await told(by, 'ReconciliationRefused')).map(({ reason }) => reason)

test('a statement that is none is refused with a word, and nothing is read', async () => {
  const { from, to } = sides()
  const wrong: [object, RegExp][] = [
    [statement('1', { day: '2026-02-30' }), /names no day/],
    [statement('2', { buckets: { sent: [...empty, ''], received: empty } }), /not 1024 digests/],
    [statement('3', { buckets: { sent: empty.with(7, 'x'), received: empty } }), /digest is none/],
    [statement('4', { totals: { sent: { count: -1, digest: total.digest }, received: total } }), /how many messages/],
    [statement('5', { day: '2020-01-01' }), /more than 31 days back/],
    [statement('6', { day: '2099-01-01' }), /still to come/],
    [{ ...statement('7'), version: 2 }, /not of version 1/],
  ]
  for (const [content, reason] of wrong) {
    await say(from, to, 'ReconciliationStatement', content)
    assert.match(String((await reasons(to)).at(-1)), reason)
  }
  await say(from, to, 'ReconciliationStatement', randomBytes(2_100_000))
  await say(from, to, 'ReconciliationStatement', Buffer.from('[['))
  assert.equal((await reasons(to)).length, wrong.length)
  assert.equal(await count(to.store.db, `journal where kind = 'reconciliation.not-taken'`), wrong.length + 2)
  assert.equal(await count(to.store.db, 'reconciliation'), 0)
  assert.equal(await count(to.store.db, `inbox where state <> 'done'`), 0)
})

test('who asks too often, or twice under one name, is told to wait', async () => {
  const { from, to } = sides()
  await say(from, to, 'ReconciliationStatement', statement('same'))
  await say(from, to, 'ReconciliationStatement', statement('same'))
  assert.match(String((await reasons(to))[0]), /this name was asked for before/)
  for (let n = 1; n < 20; n++) await say(from, to, 'ReconciliationStatement', statement(`run-${n}`))
  assert.equal((await reasons(to)).length, 1)
  await say(from, to, 'ReconciliationStatement', statement('one too many'.replaceAll(' ', '-')))
  assert.match(String((await reasons(to))[1]), /20 reconciliations were asked for within an hour/)
})

test('what was never sent to the partner, and what it never sent, is not given; and each message once', async () => {
  const { from, to } = sides()
  const [theirs] = await send(to, from, 1)
  const [ours] = await send(from, to, 1)
  const [others] = await send(to, from, 1)
  // A message of this node to somebody else.
  await to.store.db.query(`update outbox set recipient = 'NTA.ME' where message_id = $1`, [others])
  const request = (run: string) => ({ run, again: [theirs, others, 'nobody@x'], back: [ours, theirs, 'other@x'] })
  await say(from, to, 'ReconciliationRequest', request('none'))
  assert.match(String((await reasons(to))[0]), /no reconciliation of the last 24 hours/)
  await say(from, to, 'ReconciliationStatement', statement('one'))
  await say(from, to, 'ReconciliationRequest', {
    run: 'one',
    again: [theirs, others, 'nobody@x'],
    back: [ours, 'other@x'],
  })
  const [done] = await told(to, 'ReconciliationDone')
  assert.deepEqual(
    (done!['refused'] as string[][]).map(([id]) => id),
    [others, 'nobody@x', 'other@x'],
  )
  await say(from, to, 'ReconciliationRequest', { run: 'one', again: [theirs], back: [ours] })
  const again = (await told(to, 'ReconciliationDone'))[1]?.['refused'] as string[][]
  assert.deepEqual(
    again.map(([, why]) => why),
    Array.from({ length: 2 }, () => 'it was asked for before in this reconciliation'),
  )
  assert.equal(await count(to.store.db, `outbox where document_type = 'ReconciliationReturned'`), 1)
  // What came back without having been asked for is not kept.
  assert.equal(await count(from.store.db, 'returned_message'), 0)
  assert.equal(await count(from.store.db, 'effect'), 2)
})

test('a comparison gives what differs of its day, and no more than can differ', async () => {
  const { from, to } = sides()
  const ids = await send(to, from, 3)
  await to.store.db.query(`update outbox set created_at = created_at - interval '2 days' where message_id = $1`, [
    ids[0],
  ])
  const request = (run: string) => say(from, to, 'ReconciliationRequest', { run, again: [...ids, ids[1]], back: [] })
  const refused = async () => (await told(to, 'ReconciliationDone')).at(-1)?.['refused'] as string[][]
  await say(from, to, 'ReconciliationStatement', statement('differs'))
  await to.store.db.query(
    `insert into reconciliation_given select number, n || '@x' from reconciliation, generate_series(1, 99999) n`,
  )
  await request('differs')
  assert.deepEqual(await refused(), [
    [ids[0], `it is none of the messages of ${today()} that differ`],
    [ids[2], 'more than 100000 messages were asked for in this reconciliation'],
  ])
  assert.equal(await count(to.store.db, `journal where kind = 'message.requeued' and message_id = any ($1)`, [ids]), 1)
  // Where both sides have the same, nothing is missing that could be asked for.
  await reconcile(from, to)
  const [same] = await to.store.db.query<{ run: string }>('select run from reconciliation order by number desc limit 1')
  await request(same!.run)
  assert.equal((await refused()).filter(([, why]) => why?.startsWith('it is none of')).length, 3)
})

test('one answer gives back so many bytes; the rest may be asked for again', async () => {
  const { from, to } = sides()
  const ids = await send(from, to, 3)
  await say(from, to, 'ReconciliationStatement', statement('one'))
  const [{ bytes } = { bytes: 0 }] = await to.store.db.query<{ bytes: number }>(
    `select max(length(raw) + length(receipt)) as bytes from inbox where message_id = any ($1)`,
    [ids],
  )
  const [run] = await to.store.db.query<Run>('select number, run, partner, day from reconciliation')
  await to.store.db.query('insert into reconciliation_given select $1, unnest($2::text[])', [run!.number, ids])
  const context = makeContext(optionsOf(papers.xk, to.store.db, [partnerOf(to.party, papers.al, 'unused:')]))
  const left = await to.store.db.transaction((tx) => giveBack(context, tx, run!, ids, bytes * 2))
  assert.deepEqual(left, [[ids[2], `the answer is full (${bytes * 2} bytes): ask again`]])
  await say(from, to, 'ReconciliationRequest', { run: 'one', again: [], back: ids })
  const [done] = await told(to, 'ReconciliationDone')
  assert.deepEqual(
    (done!['refused'] as string[][]).map(([id]) => id),
    ids.slice(0, 2),
  )
  assert.equal(
    await count(to.store.db, `journal where kind = 'message.given-back' and message_id = any ($1)`, [ids]),
    3,
  )
})

test('more than a page of ids is refused as a whole', async () => {
  const { from, to } = sides()
  await say(from, to, 'ReconciliationStatement', statement('one'))
  const many = Array.from({ length: 2_001 }, (_, n) => `${n}@x`)
  await say(from, to, 'ReconciliationRequest', { run: 'one', again: many, back: [] })
  await say(from, to, 'ReconciliationQuestion', {
    run: 'one',
    items: { sent: many.map((id) => [id, 'A'.repeat(43), true]), received: [] },
  })
  assert.deepEqual(await reasons(to), [
    'more than 2000 messages are asked for at once',
    'there are more than 2000 messages on a page',
  ])
})

test('an answer that nobody asked for, a page out of turn and a list outside of what was opened change nothing', async () => {
  const { from, to } = sides()
  await send(from, to, 2)
  const head = { totals: { sent: total, received: total }, opened: { sent: [], received: [] }, differing: 0 }
  const lists = { page: 1, pages: 1, items: { sent: [], received: [] }, head }
  await say(to, from, 'ReconciliationLists', { run: 'never', ...lists })
  assert.equal(await count(from.store.db, 'reconciliation'), 0)

  // Ours is under way, and the partner answers it otherwise than it is to.
  const ask = async (answer: object): Promise<void> => {
    const wanted = await from.exchange.reconciliation.want(from.store.db, {
      partner: to.party,
      day: today(),
      repair: false,
      actor: 'officer',
      reason: 'a test',
    })
    assert.equal(wanted.kind, 'wanted')
    await from.exchange.reconciliation.step()
    await from.store.db.query(`update outbox set due_at = now() + interval '1 hour' where state = 'queued'`)
    const [row] = await from.store.db.query<{ run: string }>(`select run from reconciliation where state = 'asked'`)
    await say(to, from, 'ReconciliationLists', { run: row?.run, ...answer })
    await from.store.db.query(`delete from outbox where state = 'queued'`)
  }
  const cases: [object, RegExp][] = [
    [{ ...lists, page: 2, pages: 2, head: undefined }, /not the page that is to come/],
    [{ ...lists, items: { sent: [['a@x', 'A'.repeat(43), true]], received: [] } }, /in a part that is not/],
    [{ ...lists, pages: 51 }, /up to 50 pages/],
    [{ ...lists, head: undefined }, /on the first page/],
  ]
  for (const [answer, reason] of cases) {
    await ask(answer)
    const run = await last(from)
    assert.deepEqual([run.state, run.differences], ['refused', {}])
    assert.match(run.refusal ?? '', reason)
  }
})

test('what comes back and is not what this node signed is not kept', async () => {
  const { from, to } = sides()
  const [id] = await send(from, to, 1)
  const [raw] = await to.store.db.query('select * from inbox where message_id = $1', [id])
  await from.store.db.query('delete from outbox where message_id = $1', [id])
  const found = await reconcile(from, to)
  assert.deepEqual(found.differences, { 'unknown-here': 1 })
  await from.store.db.query(`update reconciliation set repair = 'ordered', ordered_at = now() where number = $1`, [
    found.number,
  ])
  const [row] = await from.store.db.query<{ run: string }>('select run from reconciliation')
  const { raw: body, receipt } = openedRow(to.party, raw)
  const wire = (bytes: Buffer, contentType: unknown) => ({ contentType: String(contentType), body: bytes })
  await say(
    to,
    from,
    'ReconciliationReturned',
    writeReturned({
      run: row!.run,
      messageId: id!,
      link: 'as4',
      // Still encrypted: not what was signed.
      signed: wire(body!, raw?.['raw_content_type']),
      receipt: wire(receipt!, raw?.['receipt_content_type']),
    }),
  )
  assert.equal(await count(from.store.db, 'returned_message'), 0)
  const [difference] = await from.exchange.reconciliation.differences(found.number, { limit: 1 })
  assert.match(difference?.told ?? '', /it came back, and is not ours/)
})

test('what is read is what was written', () => {
  const lists = {
    run: 'r',
    page: 1,
    pages: 1,
    items: { sent: [['a@x', 'A'.repeat(43), true] as [string, string, boolean]], received: [] },
    head: { totals: { sent: total, received: total }, opened: { sent: [1, 2], received: [] }, differing: 2 },
  }
  assert.deepEqual(readLists(writeDocument(lists)), lists)
})

import type { Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { writeJournal } from '../journal.ts'
import type { InboxMessage } from '../model.ts'
import { countDay, spanOf } from './day.ts'
import {
  type Answer,
  bucketOf,
  type Item,
  type Lists,
  mostItems,
  readAnswer,
  readLists,
  readRefused,
  reconciliationTypes,
  type Sides,
  UnreadableReconciliation,
} from './documents.ts'
import { endRefused, pagesOf, type Run, tell } from './run.ts'
import { sql } from './statements.ts'

/** A comparison of ours as it stands. */
export interface OurRun extends Run {
  state: 'wanted' | 'asked' | 'compared' | 'refused'
  repair: 'wanted' | 'ordered' | 'ended' | null
  pages: number
  /** Parts that the partner has listed, as it calls the directions. */
  opened: Sides<number[]> | null
  asked_at: Date | null
}

/** The comparison that a document of its partner speaks of. @throws UnreadableReconciliation when there is none that it may speak of */
export async function ourRun(tx: Tx, { sender }: InboxMessage, run: string): Promise<OurRun> {
  const [found] = await tx.run<OurRun>(sql.ourRun, [sender, run])
  if (found === undefined) throw new UnreadableReconciliation('it answers no reconciliation of ours')
  return found
}

/** Begins the comparison that was wanted first: the partner is told what this node has. False when none is. */
export async function beginNext(context: Context, tx: Tx): Promise<boolean> {
  const [run] = await tx.run<Run>(sql.nextWanted)
  if (run === undefined) return false
  const { number, day, partner } = run
  if (!context.partners.has(partner) && !context.carried.has(partner)) {
    await endRefused(context, tx, run, `${partner} is no partner of this node any more`)
    return true
  }
  const now = context.clock()
  const { totals, buckets } = await countDay(tx, partner, day)
  await tell(context, tx, run, [
    { type: reconciliationTypes.statement, document: { run: run.run, day, totals, buckets } },
  ])
  await tx.run(sql.asked, [number, now, JSON.stringify(totals)])
  return true
}

/** Takes one page of what the partner has; with the last one it is judged, and asked what of ours the partner did not list. */
export async function takeLists(context: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const lists = readLists(message.payload)
  const run = await ourRun(tx, message, lists.run)
  if (run.state !== 'asked' || lists.page !== run.pages + 1)
    throw new UnreadableReconciliation('it is not the page that is to come')
  const opened = lists.head?.opened ?? run.opened ?? { sent: [], received: [] }
  await addItems(tx, run, lists, opened)
  const { head } = lists
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  await tx.run(sql.takePage, [
    run.number,
    lists.page,
    json(head && { ...head.opened, differing: head.differing }),
    json(head?.totals),
  ])
  if (lists.page < lists.pages) return
  await tx.run(sql.judgeListed, [run.number, run.partner])
  const { from, to } = spanOf(run.day)
  const unlisted = await tx.run<{ direction: 'out' | 'in'; message_id: string; digest: Buffer }>(sql.judgeUnlisted, [
    run.partner,
    from,
    to,
    // What the partner received is what we sent.
    opened.received,
    opened.sent,
    run.number,
  ])
  if (unlisted.length === 0) return finish(context, tx, run)
  const side = (wanted: 'out' | 'in') =>
    unlisted
      .filter(({ direction }) => direction === wanted)
      .map(({ message_id: id, digest }): Item => [id, digest.toString('base64url'), true])
  const pages = pagesOf({ sent: side('out'), received: side('in') }, mostItems)
  await tell(
    context,
    tx,
    run,
    pages.map((items) => ({ type: reconciliationTypes.question, document: { run: run.run, items } })),
  )
}

async function addItems(tx: Tx, run: OurRun, { items }: Lists, opened: Sides<number[]>): Promise<void> {
  const listed = [
    ...items.received.map((item) => ({ direction: 'out', item, parts: opened.received })),
    ...items.sent.map((item) => ({ direction: 'in', item, parts: opened.sent })),
  ]
  if (listed.some(({ item: [id], parts }) => !parts.includes(bucketOf(id))))
    throw new UnreadableReconciliation('a message is listed in a part that is not')
  const added = await tx.run(sql.addItems, [
    run.number,
    listed.map(({ direction }) => direction),
    listed.map(({ item: [id] }) => id),
    listed.map(({ item: [, digest] }) => Buffer.from(digest, 'base64url')),
    listed.map(({ item: [, , receipted] }) => receipted),
  ])
  if (added.length < listed.length) throw new UnreadableReconciliation('a message is named twice')
}

/** What the partner says of messages that it did not list. */
export async function takeAnswer(context: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const { run: name, known }: Answer = readAnswer(message.payload)
  const run = await ourRun(tx, message, name)
  if (run.state !== 'asked' || run.opened === null) throw new UnreadableReconciliation('nothing was asked')
  const said = [
    ...known.received.map(([id, what]) => ({ direction: 'out', id, what })),
    ...known.sent.map(([id, what]) => ({ direction: 'in', id, what })),
  ]
  await tx.run(sql.judgeAnswered, [
    run.number,
    run.partner,
    said.map(({ direction }) => direction),
    said.map(({ id }) => id),
    said.map(({ what }) => what),
    run.asked_at,
  ])
  const [left] = await tx.run<{ count: number }>(sql.questionsLeft, [run.number])
  if (left?.count === 0) await finish(context, tx, run)
}

/** The partner does not compare, and says why. */
export async function takeRefused(context: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const { run: name, reason } = readRefused(message.payload)
  const run = await ourRun(tx, message, name)
  await endRefused(context, tx, run, `refused by ${run.partner}: ${reason}`)
}

async function finish({ clock }: Context, tx: Tx, { number, run, partner, day }: OurRun): Promise<void> {
  const now = clock()
  const [compared] = await tx.run<{ counted: Record<string, number>; own_total: unknown; their_total: unknown }>(
    sql.compared,
    [number, now],
  )
  const { counted, own_total: own, their_total: theirs } = compared ?? {}
  const detail = { run, number, day, differences: counted, own, theirs }
  await writeJournal(tx, now, [{ kind: 'reconciliation.compared', actor: partner, detail }])
}

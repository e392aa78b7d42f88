import type { Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { writeJournal } from '../journal.ts'
import type { InboxMessage } from '../model.ts'
import { countDay, differingParts, listDay, whyNotDay } from './day.ts'
import {
  type Known,
  mostItems,
  mostPages,
  readQuestion,
  readRequest,
  readStatement,
  reconciliationTypes,
  UnreadableReconciliation,
} from './documents.ts'
import { giveBack } from './giving-back.ts'
import { pagesOf, type Run, tell } from './run.ts'
import { sendAgain } from './sending-again.ts'
import { sql } from './statements.ts'

const hourMs = 3_600_000
/** How often a partner may ask within an hour: each answer reads a whole day. */
const mostAnHour = 20
/** A comparison is asked about, and has things sent again, for so long. */
const openMs = 24 * hourMs

/** A partner says what it has of a day: it is told what this node has, and what of it is in the parts that differ. */
export async function answerStatement(context: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const { run, day, totals, buckets } = readStatement(message.payload)
  const { sender: partner, messageId: refTo } = message
  const now = context.clock()
  const whyNot = whyNotDay(day, now)
  if (whyNot !== undefined) throw new UnreadableReconciliation(whyNot)
  const [lately] = await tx.run<{ times: number }>(sql.askedLately, [partner, new Date(now.getTime() - hourMs)])
  if ((lately?.times ?? 0) >= mostAnHour)
    throw new UnreadableReconciliation(`${mostAnHour} reconciliations were asked for within an hour; ask later`)
  const own = await countDay(tx, partner, day)
  const { opened, differing } = differingParts(own, buckets, mostItems * mostPages)
  const noted = await tx.run(sql.noteTheirs, [
    run,
    partner,
    day,
    JSON.stringify(own.totals),
    JSON.stringify(totals),
    JSON.stringify({ ...opened, differing }),
    now,
  ])
  if (noted.length === 0) throw new UnreadableReconciliation('a reconciliation of this name was asked for before')
  const items = differing === 0 ? { sent: [], received: [] } : await listDay(tx, partner, day, opened)
  const pages = pagesOf(items, mostItems)
  if (pages.length === 0) pages.push({ sent: [], received: [] })
  await tell(
    context,
    tx,
    { run, partner },
    pages.map((each, n) => ({
      type: reconciliationTypes.lists,
      refTo,
      document: {
        run,
        page: n + 1,
        pages: pages.length,
        items: each,
        ...(n === 0 && { head: { totals: own.totals, opened, differing } }),
      },
    })),
  )
  const detail = { run, day, differing, own: own.totals, theirs: totals }
  await writeJournal(tx, now, [{ kind: 'reconciliation.answered', messageId: refTo, actor: partner, detail }])
}

/** A partner asks about messages that it has and that were not listed: is it so that they are not here? */
export async function answerQuestion(context: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const { run: name, items } = readQuestion(message.payload)
  const run = await theirRun(context, tx, message, name)
  // What it sent came in here, and the other way round.
  const asked = [
    ...items.sent.map(([id, digest]) => ({ direction: 'in', id, digest })),
    ...items.received.map(([id, digest]) => ({ direction: 'out', id, digest })),
  ]
  const rows = await tx.run<{ direction: 'out' | 'in'; message_id: string; known: Known }>(sql.knownHere, [
    run.partner,
    asked.map(({ direction }) => direction),
    asked.map(({ id }) => id),
    asked.map(({ digest }) => Buffer.from(digest, 'base64url')),
  ])
  const side = (wanted: 'out' | 'in') =>
    rows
      .filter(({ direction }) => direction === wanted)
      .map(({ message_id: id, known }): [string, Known] => [id, known])
  const document = { run: run.run, known: { sent: side('out'), received: side('in') } }
  await tell(context, tx, run, [{ type: reconciliationTypes.answer, refTo: message.messageId, document }])
}

/** A partner asks for what it misses: messages of ours once more, and its own ones back. Only what is its, and each once. */
export async function answerRequest(context: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const { run: name, again, back } = readRequest(message.payload)
  const run = await theirRun(context, tx, message, name)
  const given = new Set(
    (await tx.run<{ message_id: string }>(sql.give, [run.number, [...again, ...back]])).map(({ message_id: id }) => id),
  )
  const refused: [string, string][] = [...again, ...back].flatMap((id) =>
    given.has(id) ? [] : [[id, 'it was asked for before in this reconciliation'] as [string, string]],
  )
  const asked = { actor: run.partner, run: run.run, reason: 'asked for by the partner' }
  refused.push(
    ...(await sendAgain(
      context,
      tx,
      run.partner,
      again.filter((id) => given.has(id)),
      asked,
    )),
    ...(await giveBack(
      context,
      tx,
      run,
      back.filter((id) => given.has(id)),
    )),
  )
  const document = { run: run.run, refused }
  await tell(context, tx, run, [{ type: reconciliationTypes.done, refTo: message.messageId, document }])
}

async function theirRun(context: Context, tx: Tx, { sender }: InboxMessage, run: string): Promise<Run> {
  const [found] = await tx.run<Run & { wanted_at: Date }>(sql.theirRun, [sender, run])
  if (found === undefined || found.wanted_at.getTime() < context.clock().getTime() - openMs)
    throw new UnreadableReconciliation('it belongs to no reconciliation of the last 24 hours')
  return found
}

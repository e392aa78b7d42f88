import type { Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { writeJournal } from '../journal.ts'
import type { InboxMessage } from '../model.ts'
import { countDay, differingParts, listDay, spanOf, whyNotDay } from './day.ts'
import {
  bucketOf,
  type Known,
  mostItems,
  mostPages,
  readQuestion,
  readRequest,
  readStatement,
  reconciliationTypes,
  type Sides,
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

/**
 * A partner asks for what it misses: messages of ours once more, and its own ones back. Only what is its, each once, and only of what it was
 * told that it differs.
 */
export async function answerRequest(context: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const { run: name, again, back } = readRequest(message.payload)
  const run = await theirRun(context, tx, message, name)
  const { may, refused } = await whatMayBeGiven(tx, run, { sent: [...new Set(again)], received: [...new Set(back)] })
  const asked = { actor: run.partner, run: run.run, reason: 'asked for by the partner' }
  refused.push(...(await sendAgain(context, tx, run.partner, may.sent, asked)))
  refused.push(...(await giveBack(context, tx, run, may.received)))
  const document = { run: run.run, refused }
  await tell(context, tx, run, [{ type: reconciliationTypes.done, refTo: message.messageId, document }])
}

/** Sorts what is asked for: that of the day, in the parts that were listed, each once, and no more than one answer can list. */
async function whatMayBeGiven(
  tx: Tx,
  run: TheirRun,
  asked: Sides<string[]>,
): Promise<{ may: Sides<string[]>; refused: [string, string][] }> {
  const { from, to } = spanOf(run.day)
  const counted = await tx.run<{ direction: 'out' | 'in'; message_id: string }>(sql.ofDay, [
    run.partner,
    from,
    to,
    asked.sent,
    asked.received,
  ])
  const ofDay = { sent: new Set<string>(), received: new Set<string>() }
  for (const { direction, message_id: id } of counted) ofDay[direction === 'out' ? 'sent' : 'received'].add(id)
  const isListed = (side: keyof Sides<unknown>, id: string): boolean =>
    ofDay[side].has(id) && run.opened?.[side].includes(bucketOf(id)) === true
  const listed = (['sent', 'received'] as const).flatMap((side) => asked[side].filter((id) => isListed(side, id)))
  const [{ count: before } = { count: 0 }] = await tx.run<{ count: number }>(sql.givenSoFar, [run.number])
  const within = listed.slice(0, Math.max(0, mostItems * mostPages - before))
  const rows = await tx.run<{ message_id: string }>(sql.give, [run.number, within])
  const given = new Set(rows.map(({ message_id: id }) => id))
  const bounded = new Set(listed.slice(within.length))
  const why = (side: keyof Sides<unknown>, id: string): string =>
    !isListed(side, id)
      ? `it is none of the messages of ${run.day} that differ`
      : bounded.has(id)
        ? `more than ${mostItems * mostPages} messages were asked for in this reconciliation`
        : 'it was asked for before in this reconciliation'
  const may = (side: keyof Sides<unknown>) => asked[side].filter((id) => isListed(side, id) && given.has(id))
  const refused = (side: keyof Sides<unknown>) =>
    asked[side].flatMap((id): [string, string][] => (isListed(side, id) && given.has(id) ? [] : [[id, why(side, id)]]))
  return {
    may: { sent: may('sent'), received: may('received') },
    refused: [...refused('sent'), ...refused('received')],
  }
}

interface TheirRun extends Run {
  wanted_at: Date
  /** Parts that this node has listed, as it calls the directions. */
  opened: Sides<number[]> | null
}

async function theirRun(context: Context, tx: Tx, { sender }: InboxMessage, run: string): Promise<TheirRun> {
  const [found] = await tx.run<TheirRun>(sql.theirRun, [sender, run])
  if (found === undefined || found.wanted_at.getTime() < context.clock().getTime() - openMs)
    throw new UnreadableReconciliation('it belongs to no reconciliation of the last 24 hours')
  return found
}

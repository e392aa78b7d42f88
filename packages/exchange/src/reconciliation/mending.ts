import type { Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { writeJournal } from '../journal.ts'
import type { InboxMessage } from '../model.ts'
import { redacted } from '../telling.ts'
import { ourRun } from './asking.ts'
import { mostItems, readDone, reconciliationTypes, type Sides } from './documents.ts'
import { endRefused, pieces, type Run, tell } from './run.ts'
import { sendAgain } from './sending-again.ts'
import { sql } from './statements.ts'

/** After so long a repair has had its time; what is still missing then is looked at by the next comparison. */
const repairMs = 3_600_000
/** What comes back comes with all its bytes, and an answer has its bound (see `giveBack`). */
const mostBack = 500
/** A partner that has not answered for so long will not. */
const answerMs = 7 * 86_400_000

interface Wanted extends Run {
  actor: string | null
  reason: string | null
}

/** Mends the comparison of which that was wanted first: sends what the partner misses, asks for what this node misses. False when none is. */
export async function mendNext(context: Context, tx: Tx): Promise<boolean> {
  const [run] = await tx.run<Wanted>(sql.nextRepair)
  if (run === undefined) return false
  const now = context.clock()
  const { number, partner } = run
  const rows = await tx.run<{ message_id: string; kind: string }>(sql.toMend, [number])
  const of = (...kinds: string[]) => rows.flatMap(({ message_id: id, kind }) => (kinds.includes(kind) ? [id] : []))
  const [there, again, back] = [of('missing-there', 'no-receipt'), of('missing-here'), of('unknown-here')]
  const asked = { actor: run.actor ?? context.party, run: run.run, reason: run.reason ?? 'reconciliation' }
  for (const some of pieces(there, mostItems)) {
    const refused = await sendAgain(context, tx, partner, some, asked)
    await tx.run(sql.tellDifferences, [number, refused.map(([id]) => id), refused.map(([, why]) => why)])
  }
  const requests = [
    ...pieces(again, mostItems).map((piece) => ({ run: run.run, again: piece, back: [] })),
    ...pieces(back, mostBack).map((piece) => ({ run: run.run, again: [], back: piece })),
  ]
  await tell(
    context,
    tx,
    run,
    requests.map((document) => ({ type: reconciliationTypes.request, document })),
  )
  await tx.run(sql.ordered, [number, rows.length === 0 ? 'ended' : 'ordered', now])
  const counts = { sentAgain: there.length, askedFor: again.length, askedBack: back.length }
  const detail = { run: run.run, number, day: run.day, reason: run.reason, ...counts }
  await writeJournal(tx, now, [{ kind: 'reconciliation.mended', actor: asked.actor, detail }])
  return true
}

/** A repair has come to its end: one more comparison shows what it came to. False when none has. */
export async function followNext(context: Context, tx: Tx): Promise<boolean> {
  const now = context.clock()
  const [run] = await tx.run<Wanted & { opened: Sides<number[]> & { differing: number } }>(sql.nextOrdered, [
    new Date(now.getTime() - repairMs),
  ])
  if (run === undefined) return false
  const { number, partner, day, actor, reason, opened } = run
  // Not all that differed fitted into one answer: the rest is mended by the next.
  const isPartial = opened.differing > opened.sent.length + opened.received.length
  await tx.run(sql.ordered, [number, 'ended', now])
  const more = [isPartial ? 'wanted' : null, false, number, actor, reason, now]
  await tx.run(sql.want, [context.newId(), partner, day, ...more])
  return true
}

/** A comparison whose documents the partner does not take comes to its end. False when there is none. */
export async function endUnanswered(context: Context, tx: Tx): Promise<boolean> {
  const longAgo = new Date(context.clock().getTime() - answerMs)
  const [run] = await tx.run<Run & { reason: string }>(sql.unanswered, [longAgo])
  if (run === undefined) return false
  await endRefused(context, tx, run, `${run.partner} does not take it: ${run.reason}`)
  return true
}

/** What of a request the partner does not do; it may say of a message that it never had it, or that it was ours to ask for once only. */
export async function takeDone(_: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const { run: name, refused } = readDone(message.payload)
  const run = await ourRun(tx, message, name)
  const words = refused.map(([, why]) => redacted(`${run.partner}: ${why}`))
  await tx.run(sql.tellDifferences, [run.number, refused.map(([id]) => id), words])
}

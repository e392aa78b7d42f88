import type { Tx } from '@corridor/database'
import { queueSettings, sql as common, type Context } from '../context.ts'
import { writeJournal } from '../journal.ts'
import { beginNext } from './asking.ts'
import { dayOf, oldestDays, spanOf, whyNotDay } from './day.ts'
import { endUnanswered, followNext, mendNext } from './mending.ts'
import {
  differencesOf,
  type DifferenceView,
  type ReconciliationView,
  type ReturnedView,
  returnedOf,
  runOf,
  runsOf,
  type RunsQuery,
} from './reports.ts'
import { sql } from './statements.ts'

const dayMs = 86_400_000
/** Comparisons are kept for so long. */
const keptMs = 90 * dayMs
/** A partner that does not take a statement is asked again by itself after so long. */
const refusedMs = 7 * dayMs
/** After a time off, days are compared with a partner one after the other: it answers so many within an hour, and repairs ask as well. */
const betweenDaysMs = 600_000
/** How often it is looked whether a day is to be compared, or something may be forgotten. */
const daysEveryMs = 60_000

/** When days are compared without anybody asking for it. */
export interface DailyReconciliation {
  /** Minutes after midnight, UTC, at which the day before is compared. */
  minute: number
  /** Whether what is missing is sent again without a person. */
  repair: boolean
}

/** Who wants something of reconciliation, and why; the journal has both. */
export interface OnBehalf {
  actor: string
  reason: string
}

/** Why a comparison is not begun, or not mended. */
export type NotReconciled =
  | { kind: 'unknown-partner' }
  | { kind: 'day'; why: string }
  /** It is none of ours, it is not compared yet, or its repair was ordered before. */
  | { kind: 'not-now' }

export interface Reconciliation {
  /** Wants a comparison; it begins at once, in whichever process of this node is free. */
  want(
    tx: Tx,
    wanted: OnBehalf & { partner: string; day: string; repair: boolean },
  ): Promise<{ kind: 'wanted'; number: number } | NotReconciled>
  /** Wants what a comparison has found to be mended: sent again, asked for, and brought back. */
  mend(tx: Tx, number: number, behalf: OnBehalf): Promise<{ kind: 'wanted'; number: number } | NotReconciled>
  /** See `runsOf`. */
  list(query: RunsQuery): Promise<ReconciliationView[]>
  one(number: number): Promise<ReconciliationView | undefined>
  /** See `differencesOf`. */
  differences(
    number: number,
    page: { after?: { direction: string; messageId: string } | undefined; limit: number },
  ): Promise<DifferenceView[]>
  /** See `returnedOf`. */
  returned(partner: string, messageId: string): Promise<ReturnedView | undefined>
  /** One piece of work; false when there was none. */
  step(): Promise<boolean>
}

/** @param daily absent where days are compared only when somebody asks */
export function reconciliationOf(context: Context, daily: DailyReconciliation | undefined): Reconciliation {
  const { db, clock, vault, partners, carried } = context
  let lookedAt = -Infinity
  const parts = { isPartner: (party: string) => partners.has(party) || carried.has(party), clock, newId: context.newId }
  return {
    want: (tx, wanted) => wantComparison(parts, tx, wanted),
    mend: (tx, number, behalf) => wantMending(parts, tx, number, behalf),
    list: (query) => runsOf(db, query),
    one: (number) => runOf(db, number),
    differences: (number, page) => differencesOf(db, number, page),
    returned: (partner, messageId) => returnedOf(db, vault, partner, messageId),
    async step() {
      const now = clock().getTime()
      // A clock that went back is no reason to wait for it.
      if (!(now - lookedAt < daysEveryMs && now >= lookedAt)) {
        if (daily !== undefined) await wantDays(context, daily)
        await db.run(sql.forgetRuns, [new Date(now - keptMs)])
        lookedAt = now
      }
      const [any] = await db.run<{ open: boolean }>(sql.anyOpen)
      if (any?.open !== true) return false
      for (const work of [beginNext, mendNext, endUnanswered, followNext])
        if (await db.transaction((tx) => work(context, tx), { settings: queueSettings })) return true
      return false
    },
  }
}

const workChannel = 'exchange'
/** What wakes the reconcilers of all processes. */
export const reconciling = 'reconciliation'

/** What wanting something needs: also who is no process of the node, as a command on its machine, wants it so. */
export interface WantingParts {
  isPartner: (party: string) => boolean
  clock: () => Date
  newId: () => string
}

/** See `Reconciliation.want`. */
export async function wantComparison(
  { isPartner, clock, newId }: WantingParts,
  tx: Tx,
  { partner, day, repair, actor, reason }: OnBehalf & { partner: string; day: string; repair: boolean },
): Promise<{ kind: 'wanted'; number: number } | NotReconciled> {
  if (!isPartner(partner)) return { kind: 'unknown-partner' }
  const now = clock()
  const why = whyNotDay(day, now)
  if (why !== undefined) return { kind: 'day', why }
  const values = [newId(), partner, day, repair ? 'wanted' : null, false, null, actor, reason, now]
  const [row] = await tx.run<{ number: number }>(sql.want, values)
  // Only one that nobody asked for may be there before.
  if (row === undefined) throw new Error(`no comparison of ${day} with ${partner} could be written down`)
  const detail = { number: row.number, partner, day, reason, repair }
  await writeJournal(tx, now, [{ kind: 'reconciliation.wanted', actor, detail }])
  await tx.run(common.notify, [workChannel, reconciling])
  return { kind: 'wanted', number: row.number }
}

/** See `Reconciliation.mend`. */
export async function wantMending(
  { clock }: Pick<WantingParts, 'clock'>,
  tx: Tx,
  number: number,
  { actor, reason }: OnBehalf,
): Promise<{ kind: 'wanted'; number: number } | NotReconciled> {
  const wanted = await tx.run(sql.wantRepair, [number, actor, reason])
  if (wanted.length === 0) return { kind: 'not-now' }
  await writeJournal(tx, clock(), [{ kind: 'reconciliation.mending', actor, detail: { number, reason } }])
  await tx.run(common.notify, [workChannel, reconciling])
  return { kind: 'wanted', number }
}

/**
 * Each day before today is compared with each partner with whom something was exchanged on it, once, however many processes this node has;
 * also the days of a time at which none of them ran.
 */
async function wantDays(context: Context, { minute, repair }: DailyReconciliation): Promise<void> {
  const { db, clock, newId, partners, carried, party } = context
  const now = clock()
  const today = spanOf(dayOf(now)).from.getTime()
  if (now.getTime() < today + minute * 60_000) return
  const days = Array.from({ length: oldestDays }, (_, n) => dayOf(new Date(today - (n + 1) * dayMs)))
  const known = [...partners.keys(), ...carried.keys()]
  const due = await db.run<{ party: string; day: string }>(sql.daysToCompare, [
    known,
    days,
    days[0],
    new Date(now.getTime() - betweenDaysMs),
    new Date(now.getTime() - refusedMs),
    now,
  ])
  for (const { party: partner, day } of due)
    await db.run(sql.want, [newId(), partner, day, repair ? 'wanted' : null, true, null, party, 'every day', now])
}

/** What a node remembers beside movements: whose system is unavailable and when, what partners answered, the statistics that were sent. */
import { dateTimeOf, momentOf } from '@corridor/customs'
import { statements, type Tx } from '@corridor/database'
import type { Count, Unavailability } from '@corridor/procedures'

const sql = statements<
  | 'unavailabilities'
  | 'lockUnavailability'
  | 'keepUnavailability'
  | 'dropUnavailability'
  | 'askAvailability'
  | 'answerAvailability'
  | 'availabilities'
  | 'countMonth'
  | 'firstMonth'
  | 'addReport'
  | 'lockReports'
  | 'reports'
  | 'isReported'
  | 'lastCounts'
  | 'warnReport'
>(new URL('../../sql/services/', import.meta.url))

/** An unavailability, and whether it is our own system. */
export interface KnownUnavailability extends Unavailability {
  isOwn: boolean
  /** When it was said last. */
  toldAt: Date
}

interface UnavailabilityRow {
  country: string
  functionality: string
  type: string
  starts_at: Date
  ends_at: Date | null
  explanation: string
  note: string | null
  fallback: boolean | null
  fallback_note: string | null
  is_own: boolean
  told_at: Date
}

/** All that is known, by their beginning; also what is over. */
export async function unavailabilities(db: Tx): Promise<KnownUnavailability[]> {
  return (await db.run<UnavailabilityRow>(sql.unavailabilities)).map((row) => ({
    country: row.country,
    functionality: row.functionality,
    type: row.type,
    startsAt: dateTimeOf(row.starts_at),
    endsAt: row.ends_at === null ? null : dateTimeOf(row.ends_at),
    explanation: row.explanation,
    text: row.note,
    fallback: row.fallback,
    fallbackText: row.fallback_note,
    isOwn: row.is_own,
    toldAt: row.told_at,
  }))
}

/** Nobody else changes what is known until the transaction ends. */
export async function lockUnavailabilities(tx: Tx): Promise<void> {
  await tx.run(sql.lockUnavailability)
}

/** @param said by which message, and when; `isOwn`: it is our own system */
export async function keepUnavailability(
  tx: Tx,
  each: Unavailability,
  said: { isOwn: boolean; at: Date; messageId: string },
): Promise<void> {
  await tx.run(sql.keepUnavailability, [
    ...keyOf(each),
    each.endsAt === null ? null : momentOf(each.endsAt),
    each.explanation,
    each.text,
    each.fallback,
    each.fallbackText,
    said.isOwn,
    said.at,
    said.messageId,
  ])
}

export async function dropUnavailability(tx: Tx, each: Unavailability): Promise<void> {
  await tx.run(sql.dropUnavailability, keyOf(each))
}

const keyOf = ({ country, functionality, type, startsAt }: Unavailability): unknown[] => [
  country,
  functionality,
  type,
  momentOf(startsAt),
]

/** What a partner was asked last, and what it answered. */
export interface Availability {
  party: string
  askedAt: Date
  askedBy: string
  mrn: string
  answeredAt: Date | null
  /** List availability; null while it has not answered. */
  status: string | null
}

export async function askAvailability(
  tx: Tx,
  { party, mrn, at, by }: { party: string; mrn: string; at: Date; by: string },
): Promise<void> {
  await tx.run(sql.askAvailability, [party, at, by, mrn])
}

/** @returns false when nothing was asked about this movement, or it was answered */
export async function answerAvailability(
  tx: Tx,
  { party, mrn, at, status }: { party: string; mrn: string; at: Date; status: string },
): Promise<boolean> {
  return (await tx.run(sql.answerAvailability, [party, mrn, at, status])).length > 0
}

export async function availabilities(db: Tx): Promise<Availability[]> {
  const rows = await db.run<{
    party: string
    asked_at: Date
    asked_by: string
    mrn: string
    answered_at: Date | null
    status: string | null
  }>(sql.availabilities)
  return rows.map(({ asked_at: askedAt, asked_by: askedBy, answered_at: answeredAt, ...row }) => ({
    ...row,
    askedAt,
    askedBy,
    answeredAt,
  }))
}

/** How often each type of statistics.tsv happened in a month, by country. @param month yyyy-mm, where the offices are */
export async function countMonth(db: Tx, month: string, timeZone: string): Promise<Count[]> {
  return db.run<Count>(sql.countMonth, [month, timeZone])
}

/** The month of the oldest record; undefined without any. */
export async function firstMonth(db: Tx, timeZone: string): Promise<string | undefined> {
  return (await db.run<{ month: string | null }>(sql.firstMonth, [timeZone]))[0]?.month ?? undefined
}

/** Something in a report that is not consistent, as the central services said it. */
export interface ReportWarning {
  at: string
  pointer: string
  code: string
  value: string | null
}

/** Statistics that were sent. */
export interface Report {
  month: string
  counts: Count[]
  sentAt: Date
  sentBy: string
  messageId: string
  warnings: ReportWarning[]
}

/** Nobody else sends statistics until the transaction ends. */
export async function lockReports(tx: Tx): Promise<void> {
  await tx.run(sql.lockReports)
}

export async function isReported(db: Tx, month: string): Promise<boolean> {
  return (await db.run<{ reported: boolean }>(sql.isReported, [month]))[0]?.reported === true
}

export async function addReport(tx: Tx, report: Omit<Report, 'warnings'>): Promise<void> {
  const { month, counts, sentAt, sentBy, messageId } = report
  await tx.run(sql.addReport, [month, JSON.stringify(counts), sentAt, sentBy, messageId])
}

/** What the last report of each of the months said: none for a month that was not sent. */
export async function lastCounts(db: Tx, months: readonly string[]): Promise<Map<string, Count[]>> {
  const rows = await db.run<{ month: string; counts: Count[] }>(sql.lastCounts, [months])
  return new Map(rows.map(({ month, counts }) => [month, counts]))
}

/** The newest months first. */
export async function reports(db: Tx, limit: number): Promise<Report[]> {
  const rows = await db.run<{
    month: string
    counts: Count[]
    sent_at: Date
    sent_by: string
    message_id: string
    warnings: ReportWarning[]
  }>(sql.reports, [limit])
  return rows.map(({ sent_at: sentAt, sent_by: sentBy, message_id: messageId, ...row }) => ({
    ...row,
    sentAt,
    sentBy,
    messageId,
  }))
}

/** @param about id of the message that is warned of, or '' and its month. @returns false when no such report was sent */
export async function warnReport(
  tx: Tx,
  about: { messageId: string; month: string },
  warnings: readonly ReportWarning[],
): Promise<boolean> {
  return (await tx.run(sql.warnReport, [about.messageId, about.month, JSON.stringify(warnings)])).length > 0
}

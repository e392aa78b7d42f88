/** The monthly statistics for the central services (CD411D). */
import type { Tx } from '@corridor/database'
import { type Count, statisticsDocument } from '@corridor/procedures'
import { type Account, type IdempotentRequest, services } from '@corridor/registry'
import { onceFor } from '../acts.ts'
import { localDay } from '../facts.ts'
import { sendAll } from '../outgoing.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { ActRefusal, Done } from '../view.ts'
import { servicesConversation } from './handle.ts'
import type { ReportView, StatisticsView } from './view.ts'

export type StatisticsOutcome = Done<{ statistics: StatisticsView }> | ActRefusal

/** The operations desk sends a month; one that was sent before is sent as an update. */
export async function sendStatistics(
  ports: CaseworkPorts,
  account: Account,
  { month, idempotency }: { month: string; idempotency: IdempotentRequest },
): Promise<StatisticsOutcome> {
  if (account.role !== 'operations') return { kind: 'forbidden', detail: 'Only the operations desk sends statistics.' }
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month) || month >= localDay(ports).slice(0, 7))
    return { kind: 'invalid', errors: [{ field: 'month', value: month.slice(0, 20), remedy: monthRemedy }] }
  if (!ports.directory.hasSystem('central'))
    return { kind: 'conflict', detail: 'This node has no account of the central services to send to.' }
  return onceFor(ports, idempotency, async (tx): Promise<StatisticsOutcome> => {
    await services.lockReports(tx)
    await send(ports, tx, month, account.id)
    return { kind: 'done', statistics: await statisticsView(ports, tx) }
  })
}

const monthRemedy = 'Give a month that is over, as yyyy-mm.'

/** Months that are over and are looked at: what is on record of them late, or was not sent while a node was away, is still told. */
const monthsBack = 3

/**
 * Sends by itself each of the last months that was not sent yet, and as an update each whose counts are others than in its last report:
 * where there is somebody to send to, and the node had records by then.
 * @returns the months that were sent, the oldest first
 */
export async function sendDueStatistics(ports: CaseworkPorts): Promise<string[]> {
  if (!ports.directory.hasSystem('central')) return []
  if ((await dueMonths(ports, ports.db)).length === 0) return []
  return ports.db.transaction(async (tx) => {
    await services.lockReports(tx)
    const due = await dueMonths(ports, tx)
    for (const month of due) await send(ports, tx, month, ports.directory.party)
    return due
  })
}

async function dueMonths(ports: CaseworkPorts, tx: Tx): Promise<string[]> {
  const first = await services.firstMonth(tx, ports.timeZone ?? 'UTC')
  if (first === undefined) return []
  const months = monthsBefore(localDay(ports).slice(0, 7), monthsBack).filter((month) => month >= first)
  const told = await services.lastCounts(tx, months)
  const due: string[] = []
  for (const month of months) {
    const counts = told.get(month)
    if (counts === undefined || keyOf(counts) !== keyOf(await countsOf(ports, tx, month))) due.push(month)
  }
  return due
}

/** The same for the same counts. */
const keyOf = (counts: readonly Count[]): string =>
  counts
    .map(({ type, country, count }) => `${type} ${country} ${count}`)
    .toSorted()
    .join()

async function countsOf({ law, timeZone }: CaseworkPorts, tx: Tx, month: string): Promise<Count[]> {
  const known = new Set(law.statistics.map(({ type }) => type))
  return (await services.countMonth(tx, month, timeZone ?? 'UTC')).filter(({ type }) => known.has(type))
}

async function send(ports: CaseworkPorts, tx: Tx, month: string, by: string): Promise<void> {
  const { law, directory } = ports
  const isFirst = !(await services.isReported(tx, month))
  const counts = await countsOf(ports, tx, month)
  const doc = statisticsDocument(law.statistics, { country: directory.country, month, counts, isFirst })
  const [messageId = ''] = await sendAll(
    ports,
    tx,
    servicesConversation,
    [{ type: 'CD411D', to: { system: 'central' }, doc, answers: false }],
    { conversation: servicesConversation },
  )
  await services.addReport(tx, { month, counts, sentAt: ports.clock(), sentBy: by, messageId })
  await ports.exchange.journal(tx, [
    {
      kind: 'service',
      conversation: servicesConversation,
      messageId,
      actor: by,
      detail: { code: 'statistics-sent', month, isFirst },
    },
  ])
}

function monthBefore(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

/** So many months before one, the oldest first. */
function monthsBefore(month: string, count: number): string[] {
  const months: string[] = []
  for (let before = monthBefore(month); months.length < count; before = monthBefore(before)) months.unshift(before)
  return months
}

const mostReports = 60

/** What was sent, the newest months first, and what can be sent now. */
export async function statisticsView(ports: CaseworkPorts, db: Tx): Promise<StatisticsView> {
  const { law, directory } = ports
  const reports = (await services.reports(db, mostReports)).map((report): ReportView => {
    const { month, counts, sentAt, sentBy, messageId, warnings } = report
    return {
      month,
      counts,
      sentAt: sentAt.toISOString(),
      sentBy: { id: sentBy, name: directory.nameOf(sentBy) },
      messageId,
      warnings,
    }
  })
  return {
    types: law.statistics,
    reports,
    nextMonth: monthBefore(localDay(ports).slice(0, 7)),
    isTold: directory.hasSystem('central'),
  }
}

/** The monthly statistics for the central services (CD411D). */
import type { Tx } from '@corridor/database'
import { statisticsDocument } from '@corridor/procedures'
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

/**
 * Sends the month before this one, once, by itself: where there is somebody to send to, and the node had records by then.
 * @returns the month that was sent
 */
export async function sendDueStatistics(ports: CaseworkPorts): Promise<string | undefined> {
  if (!ports.directory.hasSystem('central')) return undefined
  const month = monthBefore(localDay(ports).slice(0, 7))
  if (await services.isReported(ports.db, month)) return undefined
  return ports.db.transaction(async (tx) => {
    await services.lockReports(tx)
    const first = await services.firstMonth(tx, ports.timeZone ?? 'UTC')
    if (first === undefined || first > month || (await services.isReported(tx, month))) return undefined
    await send(ports, tx, month, ports.directory.party)
    return month
  })
}

async function send(ports: CaseworkPorts, tx: Tx, month: string, by: string): Promise<void> {
  const { law, directory } = ports
  const isFirst = !(await services.isReported(tx, month))
  const known = new Set(law.statistics.map(({ type }) => type))
  const counts = (await services.countMonth(tx, month, ports.timeZone ?? 'UTC')).filter(({ type }) => known.has(type))
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

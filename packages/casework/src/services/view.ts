import type { Count, StatisticsType, Unavailability } from '@corridor/procedures'
import type { services } from '@corridor/registry'
import type { Named } from '../view.ts'

/** What the screens and the HTTP contract see of systems and statistics: plain JSON, as in ../view.ts. Moments of notices are UTC without a zone. */

/** An unavailability with the country's name. */
export interface UnavailabilityView extends Unavailability {
  name: string
  isOwn: boolean
  isNow: boolean
  toldAt: string
}

/** What a partner was asked last, and what it answered. */
export interface AskedView {
  party: string
  name: string
  mrn: string
  askedAt: string
  askedBy: Named
  answeredAt: string | null
  status: string | null
}

export interface AvailabilityView {
  unavailabilities: UnavailabilityView[]
  asked: AskedView[]
  /** The countries that can be asked. */
  partners: { country: string; name: string }[]
  /** Whether the central services are told of what is announced here. */
  isTold: boolean
}

export interface ReportView {
  month: string
  counts: Count[]
  sentAt: string
  sentBy: Named
  messageId: string
  warnings: services.ReportWarning[]
}

export interface StatisticsView {
  types: StatisticsType[]
  reports: ReportView[]
  /** The last month that is over. */
  nextMonth: string
  isTold: boolean
}

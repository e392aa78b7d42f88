/** The shapes of `/availability` and `/statistics`, as the HTTP contract has them. */
import type { Named } from './types.ts'

export interface Unavailability {
  country: string
  name: string
  type: string
  functionality: string
  /** UTC without a zone, as in documents. */
  startsAt: string
  endsAt: string | null
  explanation: string
  text: string | null
  fallback: boolean | null
  fallbackText: string | null
  isOwn: boolean
  isNow: boolean
  toldAt: string
}

export interface Availability {
  unavailabilities: Unavailability[]
  asked: {
    party: string
    name: string
    mrn: string
    askedAt: string
    askedBy: Named
    answeredAt: string | null
    status: string | null
  }[]
  partners: { country: string; name: string }[]
  /** Whether the central services are told of what is announced here. */
  isTold: boolean
}

export interface Statistics {
  types: { type: string; other: 'departure' | 'destination'; meaning: string }[]
  reports: {
    month: string
    counts: { type: string; country: string; count: number }[]
    sentAt: string
    sentBy: Named
    messageId: string
    warnings: { at: string; pointer: string; code: string; value: string | null }[]
  }[]
  /** The last month that is over. */
  nextMonth: string
  isTold: boolean
}

/** The shapes of `/shares`, as the HTTP contract has them. Moments are ISO 8601 in UTC. */
import type { Named } from './types.ts'

export interface Share {
  number: number
  owner: string
  ownerName: string
  reader: string
  readerName: string
  id: string
  version: number
  purpose: string
  legalBasis: string
  edition: string
  elements: string[]
  from: string
  to: string
  retentionDays: number
  digest: string
  state: 'offered' | 'accepted' | 'declined' | 'replaced' | 'withdrawn' | 'ended'
  offeredAt: string
  answeredAt: string | null
  answeredBy: string | null
  endedAt: string | null
  endedBy: string | null
  reason: string | null
  items: number
  readings: number
}

export interface ShareItem {
  number: number
  item: string
  version: number
  subject: string
  digest: string
  sharedAt: string
  until: string
  endedAt: string | null
  endReason: string | null
  readings: number
}

export interface ShareReading {
  number: number
  id: string
  item: string
  version: number
  subject: string
  who: string
  readAt: string
  notedAt: string
  messageId: string
}

/** A page of something; `next` is the cursor of the one after it. */
interface Paged {
  next: string | null
}

export type ShareList = Paged & { shares: Share[] }
export type ShareDetail = Paged & { versions: Share[]; items: ShareItem[] }
export type ShareItems = Paged & { items: ShareItem[] }
export type ShareReadings = Paged & { readings: ShareReading[] }

export interface ShareTerms {
  party: string
  partners: Named[]
  purposes: string[]
  editions: { edition: string; elements: { path: string; meaning: string }[]; always: string[] }[]
}

export interface SharedBlock {
  subject: string
  sharedAt: string
  until: string
  block: { UtilityBlock: Record<string, unknown> }
}

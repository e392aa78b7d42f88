/** The shapes of `/fallback`, as the HTTP contract has them. */
import type { Act, Named, Office, Status } from './types.ts'

export interface FallbackRow {
  id: string
  number: string
  role: 'departure' | 'destination'
  office: Office
  status: Status
  reason: string
  beganAt: string | null
  endedAt: string | null
  papers: Record<string, number>
}

export interface FallbackPage {
  items: FallbackRow[]
  total: number
  page: number
  pageSize: number
  acts: Act[]
}

export interface PaperFlag {
  flag: string
  turn: { code: 'office' | 'trader'; party: string }
  explainable: boolean
  explained: { text: string; by: string; at: string } | null
}

export interface Paper {
  mrn: string
  state: string
  result: Status
  declarant: Named | null
  lrn: string
  at: string | null
  packages: number | null
  grossMass: string
  movement: Status | null
  double: string | null
  seen: { office: Office; document: string; at: string }[]
  flags: PaperFlag[]
  acts: string[]
}

export interface FallbackView extends FallbackRow {
  version: number
  note: string
  next: string | null
  flagged: number
  papersNow: string[]
  acts: Act[]
  entries: Paper[]
  audit: { at: string; who: string; code: string; detail: string | null }[]
}

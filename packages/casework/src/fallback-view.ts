/** What screens and the HTTP contract see of fallback modes. */
import type { IdempotentRequest } from '@corridor/registry'
import type { Act, ActFields, ActRefusal, Done, OfficeView, Status } from './view.ts'

/** An act on a fallback mode, or one that makes one. */
export type FallbackAct = Omit<Act, 'act'> & { act: string }

/** One line of the list. `papers`: how many are in which state. */
export interface FallbackRow {
  /** In addresses: `AL000101-2026-3`. */
  id: string
  /** `AL000101/2026/3` */
  number: string
  role: 'departure' | 'destination'
  office: OfficeView
  status: Status
  /** Code of the list fallback-reason; '' before it begins. */
  reason: string
  beganAt: string | null
  endedAt: string | null
  papers: Record<string, number>
}

/** A page of the modes of an office, and what the officer may do to have a new one. */
export interface FallbackPage {
  items: FallbackRow[]
  total: number
  acts: FallbackAct[]
}

/** What reconciliation found about a paper: who must act (`turn`), and why an officer left it. */
export interface FlagView {
  flag: string
  turn: { code: 'office' | 'trader'; party: string }
  explainable: boolean
  explained: { text: string; by: string; at: string } | null
}

/** A paper: a form with a reserved MRN, or an arrival on paper. */
export interface PaperView {
  mrn: string
  state: string
  result: Status
  declarant: { id: string; name: string } | null
  lrn: string
  /** When the goods left, or arrived. */
  at: string | null
  packages: number | null
  grossMass: string
  /** The movement that it became, with the state that this office has it in. */
  movement: Status | null
  /** MRN of the movement that was declared electronically as well. */
  double: string | null
  /** Offices that asked for the record before it was there. */
  seen: { office: OfficeView; document: string; at: string }[]
  flags: FlagView[]
  /** The acts on this paper that the mode and the paper allow now. */
  acts: string[]
}

/** Everything about one fallback mode. */
export interface FallbackView extends FallbackRow {
  version: number
  note: string
  /** The next form that nobody has used; null when there is none. */
  next: string | null
  /** How many papers are flagged. */
  flagged: number
  /** What can be printed of it now: `forms`, `register`. */
  papersNow: string[]
  acts: FallbackAct[]
  entries: PaperView[]
  audit: { at: string; who: string; code: string; detail: string | null }[]
}

/** An act as an officer asks for it; `version` is the one the officer saw, 0 for a new mode. */
export interface FallbackActRequest {
  act: string
  version: number
  fields: ActFields
  idempotency: IdempotentRequest
}

export type FallbackActOutcome = Done<{ fallback: FallbackView }> | ActRefusal

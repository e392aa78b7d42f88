import type { Event, Law, Send } from '../types.ts'

/** The roles in which an office works on paper: goods leave on forms with reserved MRNs, or arrive on paper. */
export type FallbackRole = 'departure' | 'destination'

/** A fallback mode of an office. Moments are UTC, seconds: 2026-11-24T14:00:00. */
export interface FallbackMode {
  /** `AL000101/2026/3`: office, year and count; '' as long as it is none. */
  number: string
  role: FallbackRole
  office: string
  state: string
  beganAt: string | null
  endedAt: string | null
}

/** What the officer copied from a paper into the register. */
export interface PaperRegistration {
  /** Identification number of who declared, and the LRN on the form; '' for an arrival. */
  declarant: string
  lrn: string
  /** When the goods were released, or arrived. UTC, seconds. */
  at: string
  /** The day of that at the office: yyyy-mm-dd. */
  day: string
  packages: number
  /** Kilograms, exact decimal; '' when the paper says none. */
  grossMass: string
}

/** An office that asked for the record of a movement whose declaration was not entered yet. */
export interface PaperRequest {
  /** CD002C, CD114C or CD164C, with its messageIdentification. */
  document: string
  identification: string
  office: string
  at: string
}

/** One paper as decisions see it. */
export interface Paper {
  mrn: string
  state: string
  registered: PaperRegistration | null
  seen: PaperRequest[]
}

/** What a decision about a movement knows of the paper behind it ({@link Facts.paper}). */
export interface PaperFacts extends Paper {
  mode: Pick<FallbackMode, 'number' | 'state' | 'office'>
}

/** What a decision about a movement changes in its paper. */
export type PaperNote = { do: 'enter'; mrn: string } | { do: 'see'; mrn: string; request: PaperRequest }

/** What an act on a fallback mode changes, beside its state. */
export type FallbackChange =
  | { do: 'begin'; at: string; reason: string; text: string }
  | { do: 'end'; at: string }
  | { do: 'reserve'; count: number }
  | { do: 'return-unused' }
  | { do: 'paper'; mrn: string; state: string; registered?: PaperRegistration }
  | { do: 'send'; mrn: string; send: Send[] }
  | { do: 'explain'; mrn: string; flag: string; text: string }

/** What a decision about a fallback mode may know of the world. */
export interface FallbackFacts {
  now: string
  /** The moment that a date and a time of this office are, and the other way round: the day. UTC, seconds. */
  momentOf(date: string, time: string): string
  /** Other modes of the office in the same role that are prepared or open, by number. */
  prepared: string | undefined
  open: string | undefined
  /** MRN of another form on which the declarant and LRN of the act are registered. */
  sameLrn: string | undefined
  /** The papers of the mode, and what reconciliation finds about each. */
  papers: readonly Paper[]
  results: PaperResult[]
  /** How many numbers are reserved at a begin without forms, and how many one mode may have. */
  block: number
  most: number
}

export interface FallbackContext {
  law: Law
  mode: FallbackMode
  /** The paper that the act is about, in the state `-` when the mode has none with its MRN. */
  paper: Paper | undefined
  event: Extract<Event, { kind: 'act' }>
  facts: FallbackFacts
}

/** What was decided. `refused`: why, as an id of fallback/refusals.tsv with what is filled in. */
export type FallbackDecision =
  | { outcome: 'moved'; state: string; changes: FallbackChange[]; event: string; detail: string }
  | { outcome: 'refused'; id: string; values: Record<string, string> }
  | { outcome: 'conflict'; state: string }

/** One row of fallback/flags.tsv. */
export interface FlagMeaning {
  turn: 'office' | 'trader'
  explainable: boolean
}

/** The movement that a paper became, as its office has it. */
export interface PaperMovement {
  state: string
  packages: number
  grossMass: string
  /** An office of guarantee refused a guarantee. */
  refused: boolean
  /** At departure: result of the control at destination (CL197); '' before it. */
  result: string
  /** At destination: its arrival is notified. */
  arrived: boolean
}

/** A paper with all that reconciliation compares. */
export interface PaperToReconcile extends Paper {
  movement: PaperMovement | null
  /** A movement that was declared electronically by the same declarant under the same LRN. */
  double: { mrn: string; state: string } | null
  /** Reasons that officers gave, by flag. */
  explained: Record<string, { text: string; by: string; at: string }>
}

/**
 * What reconciliation finds about one paper. `open`: the mode goes on and the paper is not due yet; `matched`: entered, and all agrees;
 * `settled`: every flag has a reason.
 */
export interface PaperResult {
  mrn: string
  result: 'open' | 'unused' | 'returned' | 'matched' | 'settled' | 'flagged'
  flags: { flag: string; turn: FlagMeaning['turn']; explained: { text: string; by: string; at: string } | null }[]
}

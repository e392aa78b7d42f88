import type { CodeLists, Doc, Finding, Messages } from '@corridor/customs'
import type { FallbackLaw } from './fallback/law.ts'
import type { PaperFacts, PaperNote, PaperRequest } from './fallback/types.ts'
import type { Machine } from './machine.ts'
import type { GuaranteeType } from './account/types.ts'
import type { Service, StatisticsType } from './services/services.ts'
import type { System } from './systems.ts'

/** The roles in which an office keeps a record of a movement. */
export type Role = 'departure' | 'transit' | 'exit' | 'destination' | 'guarantee'

/** One guarantee reference as this movement uses it. Amounts are exact decimals as text, currency ISO 4217. */
export interface GuaranteeUse {
  grn: string
  type: string
  amount: string
  currency: string
  state: 'declared' | 'checked' | 'refused' | 'held' | 'claimed' | 'credited' | 'cancelled'
  /** At the office of guarantee: the amount in the currency of the guarantee, and the rate if that is another one. */
  covered?: { amount: string; currency: string; rate?: string }
  /** Codes of CL252 when the office of guarantee refused it. */
  reasons?: string[]
  /** At departure: what was asked about it and is not answered. An answer to anything else changes nothing. */
  asked?: 'check' | 'use'
  /** At departure: its office holds it since before an amendment that changed nothing about it. */
  kept?: true
}

/** What a record remembers beside its state. Access codes are never in it: see {@link Movement.secrets}. */
export interface MovementData {
  /** Who declared (departure), who notified (destination): the trader's identification number. */
  trader?: string
  /** messageIdentification of the document that opened the record. */
  openedBy?: string
  /** The document that the record is about: CC015C at departure, CD001C at destination, CD050C at transit. */
  record?: Doc
  acceptanceDate?: string
  submittedAt?: string
  releaseDate?: string
  writtenOffDate?: string
  /** Last day on which the goods may be presented at destination. */
  limitDate?: string
  guarantees?: GuaranteeUse[]
  control?: { code: string; date: string; text?: string }
  /** Why the office asked for an amendment; '' when it does not. */
  amendmentAsked?: string
  /** The declarant asks to invalidate the declaration, and why. */
  invalidation?: { requestedAt: string; why: string } | undefined
  invalidatedAt?: string
  /** Whether the declarant wants the release in spite of what the control found (CC054C). */
  releaseRequested?: boolean
  /** Since when something that had to come is overdue, by the timer that says so. */
  overdue?: { timer: string; since: string }
  results?: { code: string; date: string; stateOfSeals?: string; text?: string; office: string }
  crossings?: { office: string; date: string }[]
  /** Where and when the goods left the security area. */
  exits?: { office: string; date: string }[]
  /** Departure: what the export system was asked about the exports that the transit follows, and what it said. */
  exports?: ExportCheck | undefined
  /** Departure: offices that were given the record without being declared. */
  diverted?: { role: Role; office: string }[]
  /** Transit, destination, exit: why departure gave no record (list record-rejection); '' when it was not refused. */
  rejection?: string
  /** Destination: the arrival notification (CC007C), as long as the record is not there. */
  notification?: Doc
  /** The last question about the movement (CD027C), and its answer: the state at departure, or why there is none. */
  query?: { askedAt: string; answeredAt?: string; status?: string; rejection?: string }
  /** Departure: in which state offices on the way said that they have the movement, in common codes. */
  statuses?: { office: string; status: string; at: string }[]
  /** What happened on the way, with the office that registered it; the group is that of CD180C. */
  incidents?: { office: string; at: string; incident: Doc }[]
  /** `incident`: the notification says that there was one. */
  arrival?: { at: string; office: string; simplified: boolean; incident?: true }
  remarks?: Doc
  /** How often unloading was permitted to go on. */
  unloadings?: number
  /** The enquiry about a movement that did not arrive. */
  enquiry?: Enquiry
  /** What other offices asked this one and it has not answered. */
  asked?: Asked[]
  /** The debt that is recovered: at departure with the amount, elsewhere as departure told it. */
  recovery?: Recovery | undefined
  /** It left on paper in a fallback mode: when, and which offices asked for it before its declaration was entered. */
  paper?: { mode: string; releasedAt: string; asked: PaperRequest[] }
  /** How discrepancies were resolved, or which alternative proof ended the movement. */
  resolution?: string
  refusal?: string
}

/** Exports that a transit follows: their MRNs, and whether the export system of the administration lets the goods go under transit. */
export interface ExportCheck {
  mrns: string[]
  askedAt: string
  /** It was asked before: answers from before `askedAt` are about another question. */
  isAskedAgain?: true
  answeredAt?: string
  isGood?: boolean
  /** By export declaration: code of CL100. */
  results?: { mrn: string; result: string }[]
  /** Why the office went on without the answer. */
  confirmed?: string
}

/** An enquiry at the competent authority: who was asked, and what they said. */
export interface Enquiry {
  /** Offices that were asked (CD142C), and their answers (CD143C: code of CL029). */
  offices: string[]
  answers: { office: string; code: string; text?: string }[]
  /** The holder was asked (CC140C), and what came of it (CC141C). */
  holder?: { askedAt?: string; limit?: string; answeredAt?: string; office?: string; text?: string }
}

/** A question of another office: about the goods, for information, to take over a recovery. `what` are the codes of what is wanted. */
export interface Asked {
  for: 'enquiry' | 'information' | 'recovery'
  by: string
  at: string
  what?: string[]
  text?: string
}

/** A debt. Amount and currency are known where it is claimed. */
export interface Recovery {
  since: string
  amount?: string
  currency?: string
  /** The authority that was asked to take it over, or did. */
  authority?: string
  collectedOn?: string
}

/** One record of a movement, as the decision sees it. */
export interface Movement {
  role: Role
  office: string
  mrn: string
  lrn: string
  state: string
  data: MovementData
  /** GRN → access code, from the declaration; kept apart because they must never be shown. */
  secrets: Record<string, string>
}

/** What came. */
export type Event =
  | {
      kind: 'document'
      type: string
      doc: Doc
      findings: Finding[]
      /** Party id of an administration, a trader's identification number, or an outside system: proven by the transport. */
      sender: string
      /** Which of them the sender is: it decides by which document a refusal is told. */
      from: 'trader' | 'administration' | 'system'
      /** No later try will come: what would wait must be refused now. */
      lastTry: boolean
    }
  | { kind: 'act'; act: string; fields: Record<string, string>; office: string }
  | { kind: 'timer'; timer: string }

/** What a guarantee is good for beside its amount. Everything is optional: what is not there limits nothing. */
export interface GuaranteeTerms {
  /** Identification number of the guarantor. */
  guarantor?: string
  /** Of the reference amount, what the guarantor promised: 100, 50, 30, or 0 for a waiver. */
  percentage?: number
  /** Not for goods for which the use of comprehensive guarantees is suspended (CTC App. I art. 77). */
  restrictedUseForSuspendedGoods?: boolean
  /** Beginnings of commodity codes for which it was given. */
  commodities?: string[]
  /** An individual guarantee may be given for one journey (CL252 G11). */
  officeOfDeparture?: string
  officeOfDestination?: string
  /** Of a voucher. */
  issueDate?: string
  tirCarnet?: boolean
  copyGiven?: boolean
  /** How many certificates of a comprehensive guarantee were issued. */
  certificates?: number
  /** Code of CL212 and words, when it was cancelled; from when its guarantor answers for nothing more. */
  invalidityReason?: { code?: string; text?: string }
  liabilityLiberationDate?: string
}

/** What the office of guarantee knows of one guarantee at this moment. */
export interface GuaranteeFacts {
  holder: string
  type: string
  accessCodeMatches: boolean
  valid: boolean
  currency: string
  available: string
  notValidIn: string[]
  terms: GuaranteeTerms
  /** MRN of another movement that has used it, or does. */
  usedBy: string | null
}

/** What a decision may know of the world; everything else is in the movement and the event. */
export interface Facts {
  /** UTC, seconds: 2026-11-24T14:00:00 */
  now: string
  /** The day where this administration's offices are: from midnight to an hour or two later another one than that of `now`. */
  today: string
  /** This administration's party id and country. */
  party: string
  country: string
  /** Twelve characters for a new MRN, unique in this administration and year. */
  mrnBody: string
  /** Where an office is; undefined when no list has it. */
  office(reference: string): { country: string; party: string } | undefined
  /** The party id of the administration of a country; undefined when it takes no part. */
  administration(country: string): string | undefined
  /** Whether this administration has an outside system that answers. */
  hasSystem(system: System): boolean
  /** The office that keeps the guarantees of a country. */
  guaranteeOffice(country: string): string | undefined
  /** Name and address of a trader by identification number, in the form of a document's groups; undefined when no register has it. */
  operator(identificationNumber: string): Doc | undefined
  /** Authorisations held by a trader, as codes of CL235 and CL236 (C521, C522 …). */
  authorisations(trader: string): string[]
  /** Whether guarantees that are kept here may be used for movements that start in a country. */
  serves(country: string): boolean
  /** Units of a currency for one euro on a day (yyyy-mm-dd), as an exact decimal; undefined when no rate is known. */
  rate(currency: string, day: string): string | undefined
  /** Beginnings of commodity codes of the goods for which comprehensive guarantees are suspended today. */
  suspendedGoods: string[]
  /**
   * Guarantees by GRN, as far as this administration keeps them: those of a request to an office of guarantee, or of the record. Where nobody
   * gives an access code, none matches.
   */
  guarantees: Record<string, GuaranteeFacts>
  /**
   * The paper of a fallback mode behind a movement that is not known: for a declaration that which is registered with its declarant and
   * LRN, or whose MRN is its LRN; for another document that with its MRN.
   */
  paper?: PaperFacts | undefined
}

/** A document to send, without its header: the sender stamps that. */
export interface Send {
  type: string
  to: { office: string } | { trader: string } | { party: string } | { system: System }
  doc: Doc
  /** True when it answers the event's message (correlationIdentifier). */
  answers: boolean
  /** messageIdentification of an earlier document that it answers instead. */
  correlation?: string
}

/**
 * An entry of the guarantee ledger. `lock` and `reduce` are guarded: they fail as a whole when the balance is short. What closes a lock
 * (`credit`, `cancel`), claims it (`liability`) and ends the claim (`liberation`) takes its amount from the lock.
 */
export interface LedgerEntry {
  op: 'lock' | 'credit' | 'cancel' | 'liability' | 'liberation' | 'raise' | 'reduce'
  grn: string
  /** In the currency of the guarantee. */
  amount: string
  currency: string
  /** What the document asked for, when that is in another currency, and the rate that was used. */
  asked?: { amount: string; currency: string; rate: string }
  /** The guarantee covers one movement: no other may have used it. */
  alone?: boolean
  reason?: string
}

/** A timer of this record is started (again), due at a moment (UTC, seconds), or ended. */
export type TimerChange = { timer: string; due: string } | { timer: string; due: null }

/**
 * What a decision decided. `moved` also covers a stay in the same state with something new in the record; with `kept` the record stays as it
 * is: the document was refused, or said nothing new.
 */
export type Decision =
  | {
      outcome: 'moved'
      movement: Movement
      send: Send[]
      ledger: LedgerEntry[]
      timers: TimerChange[]
      paper?: PaperNote
      event?: string
      detail?: string
    }
  | { outcome: 'kept'; send: Send[]; paper?: PaperNote; event?: string; detail?: string }
  | { outcome: 'waits'; reason: string }
  | { outcome: 'conflict'; state: string }

/** Everything that the law says, compiled. */
export interface Law {
  messages: Messages
  codeLists: CodeLists
  machines: Record<Role, Machine>
  /** What traders see: transit/trader.machine.tsv. */
  trader: Machine
  /** The machine of guarantees themselves: guarantee/account.machine.tsv. */
  account: Machine
  accountActs: Act[]
  /** Working on paper: fallback/. */
  fallback: FallbackLaw
  routes: Map<string, Route>
  acts: Act[]
  choices: Map<string, { code: string; text: string }[]>
  refusals: Map<string, Refusal>
  /** By `role state`. */
  states: Map<string, StateMeaning>
  /** By `role timer`. */
  timers: Map<string, Timer>
  /** By code of CL251. */
  guaranteeTypes: Map<string, GuaranteeType>
  /** What a trader can do about a refused guarantee, by code of CL252. */
  guaranteeReasons: Map<string, string>
  /** Codes of documents to the export system, by `list use`: transit/export.tsv. */
  exportCodes: Map<string, string>
  /** Type of the document that an open amount waits for, by state at the office of departure. */
  missing: Map<string, string>
  /** Documents that are about no one movement, by type. */
  services: Map<string, Service>
  /** What is counted for the central services. */
  statistics: StatisticsType[]
}

/** One row of timers.tsv. */
export interface Timer {
  role: Role
  timer: string
  /** ISO 8601: `P7D`. */
  after: string
  from: TimerStart
  /** It waits for documents of the partners on the route. */
  waitsForPartner: boolean
  cites: string
}

/** From when the duration of a timer counts. */
export type TimerStart = 'now' | 'limit-date'

/** One row of states.tsv: `turn` is the role whose turn it is, `trader`, an outside system, or `-`. */
export interface StateMeaning {
  tone: 'info' | 'ok' | 'warn' | 'bad' | 'neutral'
  turn: Role | 'trader' | System | '-'
  /** The state in documents between administrations (CL153, CL258). */
  common: string
  /** At destination: the goods were presented. */
  ended: boolean
}

/** The rows of routes.tsv for a document: to which records it goes, and from whom it comes. */
export interface Route {
  document: string
  /**
   * A document may be for several records of one administration: an arrival is told to offices of transit and of destination. The office
   * `MRN` is whichever office of ours holds the movement in that role: who asks knows no more than the MRN.
   */
  targets: { role: Role; office: string }[]
  /** `mrn`: the administration that allocated the MRN; a negative answer names no office of departure. */
  sender: 'trader' | 'system' | 'office' | 'guarantee' | 'mrn'
  /** Where the document names the office that it is from; for an outside system, which one. */
  senderOffice: string
  /** How it names the movement; `either`: by MRN, or by LRN as long as there is no MRN. */
  key: 'mrn' | 'lrn' | 'either' | 'grn'
  /** The document by which it is refused to the sender that the route has. */
  negative: string
}

/** One act of acts.tsv with its fields. */
export interface Act {
  role: Role
  act: string
  undoable: boolean
  effect: string
  /** Whether the movement waits for it; others may be done, and are no reason to look at the movement. */
  awaited: boolean
  fields: ActField[]
}

/**
 * One field that an officer fills in. `default` may be `today`, `limit` or `block`; the format of a date is `date` or `date-ahead`, that
 * of a number its least and its most: `1..500`.
 */
export interface ActField {
  name: string
  kind: 'code' | 'text' | 'date' | 'time' | 'amount' | 'number'
  required: boolean
  list: string
  default: string
  format: string
}

/** One row of refusals.tsv: why a movement as a whole refuses a document. `value` is a path in the document. */
export interface Refusal {
  code: string
  path: string
  value: string
  remedy: string
}

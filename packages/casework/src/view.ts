import type { IdempotentRequest, Role } from '@corridor/registry'
import type { MovementFiles } from './files/view.ts'
import type { MovementPaper } from './papers.ts'

/**
 * What the screens and the HTTP contract see of a movement. Everything here is plain JSON: times are ISO 8601 in UTC, amounts
 * are decimal texts, codes are words whose texts the console's catalogues hold.
 */

/** How loud a state or an event is. */
export type Tone = 'info' | 'ok' | 'warn' | 'bad' | 'neutral'

/** A state of a machine (`under-control`); the words are `status.<code>`. */
export interface Status {
  code: string
  tone: Tone
}

/** A customs office: reference (`AL000101`), name, ISO 3166 country. */
export interface OfficeView {
  ref: string
  name: string
  country: string
}

/** A person, economic operator or party with its id (EORI, party id). */
export interface Named {
  id: string
  name: string
}

/** Means of transport: registration plate and the country it is registered in. */
export interface VehicleView {
  plate: string
  country: string
}

/** One line of the list of movements. */
export interface MovementRow {
  mrn: string
  lrn: string
  status: Status
  departure: OfficeView
  destination: OfficeView
  holder: Named
  vehicle: VehicleView | null
  packages: number
  updatedAt: string
  dueAt: string | null
  /** True when an act of this officer is what the movement waits for. */
  needsAct: boolean
}

/** Role of an office on the way of a movement. */
export type LaneRole = 'departure' | 'transit' | 'exit' | 'destination'

/** One office on the route; a lane of the journey. `own` when it is the reader's own. */
export interface Lane {
  role: LaneRole
  office: OfficeView
  own: boolean
}

/** What an officer may do to a movement. */
export const actNames = [
  'control',
  'release',
  'refuse',
  'ask-for-amendment',
  'ask-export',
  'confirm-export',
  'invalidate',
  'cross',
  'leave',
  'request-record',
  'register-incident',
  'register-seals',
  'register-transhipment',
  'record-control',
  'query',
  'ask-status',
  'permit-unloading',
  'record-results',
  'refuse-invalidation',
  'resolve-discrepancies',
  'ask-holder',
  'enquire',
  'give-information',
  'accept-proof',
  'start-recovery',
  'request-recovery',
  'record-payment',
  'release-goods',
  'answer-enquiry',
  'ask-information',
  'accept-recovery',
  'refuse-recovery',
  'claim',
  'settle',
] as const

/** Name of an act. */
export type ActName = (typeof actNames)[number]

/** What is filled in for an act: a value by field name. */
export type ActFields = Record<string, string | number | null>

/** One thing to fill in. A `code` field lists what may be chosen, with its words. */
export interface ActField {
  name: string
  kind: 'code' | 'text' | 'date' | 'time' | 'number' | 'amount'
  required: boolean
  codes?: { code: string; text: string }[]
  value?: string
  maxLength?: number
}

/** An act that this user's role and office may do now. `effect.<code>` with `values` says what will be sent to whom. */
export interface Act {
  act: ActName
  primary: boolean
  undoable: boolean
  fields: ActField[]
  effect: { code: string; values: Record<string, string | number> }
}

/** Something that happened, in one lane of the journey (`lane` is an index into the route). */
export interface JourneyEvent {
  id: string
  lane: number
  at: string
  code: string
  tone: Tone
}

/** State of a message: an inbox word, or an outbox word (see `docs/exchange.md`). */
export type MessageState = 'received' | 'done' | 'waiting' | 'parked' | 'queued' | 'sent' | 'receipted' | 'discarded'

/** A message between two lanes of the journey. `receiptedAt` only when the receipt is verified and stored here. */
export interface JourneyMessage {
  id: string
  type: string
  fromLane: number
  toLane: number
  sentAt: string
  receiptedAt: string | null
  state: MessageState
}

/** A line of the table of messages. `receiptMs` from first sending to the stored receipt. */
export interface MessageRow {
  id: string
  messageId: string
  at: string
  type: string
  from: Named
  to: Named
  direction: 'in' | 'out'
  receiptMs: number | null
  tries: number
  state: MessageState
  refTo: string | null
}

/** One goods item. Gross mass in kilograms. */
export interface GoodsRow {
  item: number
  hs: string
  description: string
  packages: number
  packageType: string
  grossMassKg: number | null
}

/** A guarantee of the movement and, when this node keeps its ledger, how much of its reference amount is in use. */
export interface GuaranteeRow {
  grn: string
  type: string
  typeName: string
  amount: string
  currency: string
  state: 'checked' | 'held' | 'released' | 'none'
  reference: { limit: string; used: string; currency: string } | null
}

/** Everything that one user may see of one movement, from the place of the user's office. */
export interface MovementView {
  mrn: string
  lrn: string
  role: LaneRole | Extract<Role, 'guarantee'>
  office: OfficeView
  status: Status
  /** Counts the changes of the movement; an act names the version it was decided on. */
  version: number
  holder: Named
  vehicle: VehicleView | null
  route: Lane[]
  /** The first is the one next act. */
  acts: Act[]
  /** Whose turn it is when it is not ours; the words are `waiting.<code>`. */
  waitingFor: { party: string; code: string } | null
  trouble: { code: string; since: string; detail: string }[]
  journey: { from: string; to: string; events: JourneyEvent[]; messages: JourneyMessage[] }
  messages: MessageRow[]
  /** Documents on paper that can be printed now. */
  papers: MovementPaper[]
  goods: GoodsRow[]
  documents: { type: string; name: string; reference: string }[]
  /** As they are now, after incidents. */
  seals: string[]
  /** What happened on the way (CL019), as offices registered it; seals and vehicle when it changed them. */
  incidents: {
    code: string
    text: string
    at: string
    office: string
    place: string
    seals: string[]
    vehicle: VehicleView | null
  }[]
  guarantees: GuaranteeRow[]
  controls: { code: string; text: string; at: string; office: string }[]
  /** Files of supporting documents, and the requests for them. */
  files: MovementFiles
  /** What falls due by itself, the next first. */
  timers: TimerView[]
  audit: { at: string; who: string; office: string | null; code: string; detail: string | null }[]
}

/** A timer of a movement (`timer.<timer>`): when it falls due, or since when it stands still, and why. */
export interface TimerView {
  timer: string
  due: string
  pausedAt: string | null
  pausedBy: string | null
  note: string
}

/** What an officer does with a timer: stop its clock, let it go on, or give it another moment. */
export interface TimerRequest {
  timer: string
  /** `due`: of `reschedule` */
  change: { do: 'pause' } | { do: 'resume' } | { do: 'reschedule'; due: Date }
  reason: string
  idempotency: IdempotentRequest
}

/** What is wrong with one field of an act: which, what was given, what to do about it. */
export interface FieldError {
  field: string
  value?: string
  remedy: string
}

/** A partner of this node, and whether it keeps up. */
export interface PartnerStatus {
  party: string
  name: string
  lastReceiptAt: string | null
  queued: number
  oldestUnsentAt: string | null
  parked: number
  certificateDaysLeft: number | null
}

/** One page of the list of movements, and how many there are in all: 1,000 at the most, with `more` when there are others. */
export interface MovementPage {
  items: MovementRow[]
  total: number
  more: boolean
}

/** An act as an officer asks for it. `version` is the one the officer saw. */
export interface ActRequest {
  act: ActName
  version: number
  fields: ActFields
  /** For `rememberAnswer` in the transaction of the act, with `{ status: 200, response: { movement } }`. */
  idempotency: IdempotentRequest
}

/** What came of an act. Only `done` changed anything; a repeat of the same request gives the first `done` again. */
export type ActOutcome = Done<{ movement: MovementView }> | ActRefusal

/** The act was done, and what it was done to is now so. */
export type Done<Answer extends object> = { kind: 'done' } & Answer

/** Why an act was not done. */
export type ActRefusal =
  /** The movement is visible to this officer, the act is not this role's or office's. */
  | { kind: 'forbidden'; detail?: string }
  /** Unknown, or not visible to this officer. */
  | { kind: 'not-found' }
  /** The movement is not in the state or version that the act was decided on; `detail` says what it is now. */
  | { kind: 'conflict'; detail: string; version?: number }
  | { kind: 'invalid'; errors: FieldError[] }
  /** The Idempotency-Key belongs to another request. */
  | { kind: 'key-reused' }

/** A document that is committed to the inbox. `position` is the end of the trader's mailbox at that moment. */
export interface Submission {
  id: string
  messageId?: string
  receivedAt: string
  position: string
}

/** What came of posting a document. What is wrong inside it is never said here: that answer is a document in the mailbox. */
export type SubmitOutcome = ({ kind: 'accepted' } & Submission) | { kind: 'key-reused' }

/** A document in a trader's mailbox. `position` is its place in the order of the mailbox, opaque to everybody else. */
export interface MailboxItem {
  id: string
  position: string
  at: string
  type: string
  mrn: string | null
  lrn: string | null
  refTo: string | null
}

/** A change of a movement, for the screens of the offices that may see it. */
export interface MovementEvent {
  mrn: string
  version: number
  /** References of this node's offices that have this movement in their lists. */
  offices: string[]
}

export type * from './fallback-view.ts'
export type * from './guarantee-view.ts'

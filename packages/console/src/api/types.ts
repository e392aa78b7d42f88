/**
 * The shapes that the node answers with, as the HTTP contract of the `api` room has them. Times are ISO 8601 with an
 * offset; amounts are decimal texts, never numbers; codes are machine words whose texts live in the catalogues.
 */

export type Role =
  | 'departure'
  | 'transit'
  | 'exit'
  | 'destination'
  | 'guarantee'
  | 'reference'
  | 'operations'
  | 'regional'
  | 'trader'
  | 'system'
export type Tone = 'info' | 'ok' | 'warn' | 'bad' | 'neutral'

/** A machine state and how loud it is. The words are `status.<code>`. */
export interface Status {
  code: string
  tone: Tone
}

export interface Office {
  ref: string
  name: string
  country: string
}

export interface Named {
  id: string
  name: string
}

export interface Vehicle {
  plate: string
  country: string
}

/** Who is signed in, at which node. `timeZone` is the office's (IANA name); without it the machine's own zone serves. */
export interface Session {
  user: { id: string; name: string; role: Role; office: string | null; officeName: string | null }
  node: { party: string; country: string; name: string; timeZone?: string; declarations?: boolean; shares?: boolean }
  locale: string
  locales: string[]
}

export interface MovementRow {
  mrn: string
  lrn: string
  status: Status
  departure: Office
  destination: Office
  holder: Named
  vehicle: Vehicle | null
  packages: number
  updatedAt: string
  dueAt: string | null
  needsAct: boolean
}

export interface MovementPage {
  items: MovementRow[]
  total: number
  /** There are more than `total`. */
  more: boolean
  page: number
  pageSize: number
}

export interface Lane {
  role: Role
  office: Office
  own: boolean
}

/** One thing to fill in for an act. A `code` field lists what may be chosen, with its words. */
export interface Field {
  name: string
  kind: 'code' | 'text' | 'date' | 'time' | 'number' | 'amount'
  required: boolean
  codes?: { code: string; text: string }[]
  value?: string
  maxLength?: number
}

/** What an officer may do now. `effect` says what will be sent to whom: `effect.<code>` with its values. */
export interface Act {
  act: string
  primary: boolean
  undoable: boolean
  fields: Field[]
  effect: { code: string; values: Record<string, string | number> }
}

export interface JourneyEvent {
  id: string
  lane: number
  at: string
  code: string
  tone: Tone
}

export interface JourneyMessage {
  id: string
  type: string
  fromLane: number
  toLane: number
  sentAt: string
  receiptedAt: string | null
  state: MessageState
}

export type MessageState = 'received' | 'done' | 'waiting' | 'parked' | 'queued' | 'sent' | 'receipted' | 'discarded'

export interface Message {
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

export interface Goods {
  item: number
  hs: string
  description: string
  packages: number
  packageType: string
  grossMassKg: number | null
}

export interface Guarantee {
  grn: string
  type: string
  typeName: string
  amount: string
  currency: string
  state: string
  reference: { limit: string; used: string; currency: string } | null
}

/** A file of a supporting document. `file` is the same at all who have it, `id` its address here. */
export interface MovementFile {
  id: string
  file: string
  document: { type: string; name: string; reference: string; item: number | null }
  version: number
  replaces: string | null
  superseded: boolean
  name: string
  mediaType: string
  size: number
  digest: string
  origin: Named
  addedBy: string
  addedAt: string
  receivedAt: string | null
}

/** A request for files: `out` from here, `in` from another administration. Words: `fileState`, `fileCode`, `fileOutcome`. */
export interface FileRequest {
  id: string
  direction: 'in' | 'out'
  party: Named
  office: Office
  officer: string
  askedAt: string
  document: { type: string; reference: string } | null
  reason: string
  state: 'asked' | 'waiting' | 'given' | 'refused'
  code: string
  note: string
  settledAt: string | null
  files: { name: string; size: number; outcome: string }[]
  mayDecide: boolean
}

export interface MovementFiles {
  files: MovementFile[]
  requests: FileRequest[]
  mayAttach: boolean
  mayAsk: Named | null
  documents: { type: string; reference: string; items: number[] }[]
  limits: { fileBytes: number; movementBytes: number; movementFiles: number }
}

export interface MovementView {
  mrn: string
  lrn: string
  role: Role
  office: Office
  status: Status
  version: number
  holder: Named
  vehicle: Vehicle | null
  route: Lane[]
  acts: Act[]
  waitingFor: { party: string; code: string } | null
  trouble: { code: string; since: string; detail: string }[]
  journey: { from: string; to: string; events: JourneyEvent[]; messages: JourneyMessage[] }
  messages: Message[]
  papers: string[]
  goods: Goods[]
  documents: { type: string; name: string; reference: string }[]
  seals: string[]
  incidents: {
    code: string
    text: string
    at: string
    office: string
    place: string
    seals: string[]
    vehicle: Vehicle | null
  }[]
  guarantees: Guarantee[]
  controls: { code: string; text: string; at: string; office: string }[]
  files: MovementFiles
  timers: { timer: string; due: string; pausedAt: string | null; pausedBy: string | null; note: string }[]
  audit: { at: string; who: string; office: string | null; code: string; detail: string | null }[]
}

export interface Partner {
  party: string
  name: string
  lastReceiptAt: string | null
  queued: number
  oldestUnsentAt: string | null
  parked: number
  certificateDaysLeft: number | null
}

/** What is wrong with one field of an act: in which field, what was given, what to do about it. */
export interface FieldError {
  field: string
  value?: string
  remedy: string
}

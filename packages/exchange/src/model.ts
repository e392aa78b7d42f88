import type { Identity, PMode, Wire } from '@corridor/as4'
import type { Database, Tx } from '@corridor/database'
import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Carrier } from './carried/carrier.ts'
import type { Meter } from './meter.ts'
import type { MessageKey } from './repair/keys.ts'
import type { DailyReconciliation } from './reconciliation/reconciler.ts'
import type { Sealing } from './sealing.ts'
import type { Tunnel } from './tunnel/tunnel.ts'

/**
 * How a message travels: to or from a partner over AS4 or as a sealed object by a third place (`carried`), between offices of this node, to
 * a trader's mailbox, in over the API.
 */
export type LinkKind = 'as4' | 'carried' | 'local' | 'mailbox' | 'api'

/** A message that this node takes on. */
export interface Incoming {
  /** Party, office or EORI; for a partner the party that its signature proves. */
  sender: string
  /** Unique per sender. */
  messageId: string
  link: 'as4' | 'carried' | 'local' | 'api'
  recipient: string
  /** What keeps messages in order: the MRN, or the LRN until there is one. */
  conversation: string
  /** Name of the document: CC015C, CD001C … */
  documentType: string
  /** Message id that this one answers. */
  refTo?: string | null
  /** When a partner says that it made the message, under its signature. */
  madeAt?: Date
  /** The document as it came, decrypted and unzipped. */
  payload: Uint8Array
}

/**
 * A message that this node owes to somebody. `recipient` is a party (partner), an office (local) or an EORI (mailbox). How a partner is
 * reached is the exchange's to know.
 */
export interface Outgoing {
  messageId: string
  link: 'partner' | 'local' | 'mailbox'
  sender: string
  recipient: string
  conversation: string
  documentType: string
  refTo?: string | null
  payload: Uint8Array
  /** What it can be found by. */
  keys?: readonly MessageKey[]
  /** When it is its turn, where that is not now: one of the past comes before what is owed to the same recipient since then. */
  dueAt?: Date
}

/** A taken-on message as its handler gets it. */
export interface InboxMessage extends Omit<Incoming, 'link' | 'madeAt'> {
  id: string
  /** Who brought it: a partner, whichever way it came, an office of ours, or somebody over the API. */
  link: 'partner' | 'local' | 'api'
  /** How often the handler has thrown for this message. */
  tries: number
  /** How often the handler has said `wait`. */
  waits: number
  /** No further `wait` is granted: decide now (for instance with the procedure's refusal), else the message is parked. */
  lastTry: boolean
  receivedAt: Date
  /** SHA-256. */
  payloadDigest: Uint8Array
  /** What it can be found by: the handler adds what it reads, and that is kept whatever becomes of the message. */
  keys?: MessageKey[]
}

/**
 * What became of a message: decided (and of which conversation it has turned out to be), or too early, to be shown again later. With
 * `wait` the transaction is committed too, so a handler that waits should have written nothing. `patient`: it waits for something outside
 * of all conversations (a clock, a certificate), with pauses up to ten minutes and for as long as the handler says so.
 */
export type Handled = { done: true; conversation?: string } | { wait: { reason: string; patient?: true } }

/** One line of the journal. `detail` becomes JSON. */
export interface JournalEntry {
  /** What happened, as `noun.verb`: `message.received`, `movement.released`. */
  kind: string
  conversation?: string
  messageId?: string
  /** Party, user or program that did it. */
  actor?: string
  office?: string
  detail?: unknown
}

/** When a message goes again to a partner that gave no receipt for it. */
export type RetrySchedule = Pick<Patience, 'backOffMs' | 'backOffMostMs' | 'triesBeforeParked'>

/** Another node, with what proves that it is itself. */
export interface Partner {
  /** Party id, as in the P-Modes. */
  party: string
  /** Where its AS4 endpoint is: https://host:port/as4. Not used of one that fetches. */
  url: string
  /** Leaf certificates of its TLS client and server; more than one while it changes over. */
  tlsCertificates: readonly X509Certificate[]
  /** Certificate authorities that its TLS certificates come from, as PEM. */
  ca: readonly string[]
  /** For what we send: initiator is this node. */
  sending: PMode
  /** For what it sends: initiator is the partner. */
  receiving: PMode
  /**
   * Who fetches, where one side accepts no connections (ebMS 3.0 Core 2.2.4, pull): `they` fetch what is for them, and push what is for us;
   * `we` do. The channel is the `mpc` of `sending` or of `receiving`. Neither: each side pushes.
   */
  pulls?: 'they' | 'we'
  /** Where it is reached inside of a tunnel only: connections of any other way are refused, ours and its. */
  tunnel?: Tunnel
  /** What of the schedule is another than for the other partners. */
  retry?: Partial<RetrySchedule>
}

/** Another node that this one reaches by a third place only: no connection between the two is ever made. */
export interface CarriedPartner {
  party: string
  /** What both sides agreed on; it is the purpose under the signature of each object. */
  agreement: string
  /** With which it signs, more than one while it changes over; what is for it is encrypted for the first. */
  certificates: readonly X509Certificate[]
  /** Name of the place, see `places` of the options. */
  place: string
  retry?: Partial<RetrySchedule>
}

/** A third place: something with a carrier of its own, or a node that is a partner and forwards sealed objects. */
export type Place = { carrier: Carrier } | { hub: string }

/** Answer of a partner's endpoint to one POST. */
export interface TransportAnswer {
  status: number
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>
  wire: Wire
}

/** Sends one body to a partner; rejects when no whole answer came. */
export type Transport = (url: string, wire: Wire, partner: Partner) => Promise<TransportAnswer>

/** The two timers that this room uses. */
export interface Timers {
  setTimeout(work: () => void, delayMs: number): unknown
  clearTimeout(timer: unknown): void
}

/** What may be told about the exchange's own work; fields carry ids and reasons, never payloads or secrets. */
export type Log = (level: 'info' | 'warn' | 'error', text: string, fields?: Record<string, unknown>) => void

/** How patient the exchange is. */
export interface Patience {
  /** First pause before a message goes again to a partner; doubles from try to try. Default 1,000. */
  backOffMs: number
  /** Longest pause before it. Default 600,000. */
  backOffMostMs: number
  /** After so many tries without a receipt a message is parked. Default 750: five days at the longest pause. */
  triesBeforeParked: number
  /** A sender that stops renewing for so long has died. Default 10,000. */
  leaseMs: number
  /** Pauses before a handler that threw gets the message again; after the last one it is parked. Default 1 s, 10 s: three tries. */
  failurePausesMs: readonly number[]
  /** Pauses before a message that came early is shown again; the next showing is the last. Default from 1 s to 2 minutes, 5 minutes in all. */
  waitPausesMs: readonly number[]
  /** The slow poll beside the notices. Default 1,000. */
  pollMs: number
  /** Pause between two seals over new journal lines. Default 1,000. */
  sealMs: number
  /** How long a sealed object may lie at a third place. After it another is made. Default 2,592,000,000: thirty days. */
  objectLifeMs: number
  /** Pause between two requests for what a partner has for us, where we fetch. Default 2,000. */
  pullMs: number
  /** After so long without the addressee's receipt it is seen to that the object still lies at its place, which may have lost it; up to three times as long when it waits for hours. Default 600,000. */
  putAgainMs: number
}

/** Everything that an exchange needs from outside. */
export interface ExchangeOptions {
  db: Database
  /** Party id of this node. */
  party: string
  /** Signs and decrypts for this node. */
  identity: Identity
  partners: readonly Partner[]
  /** Partners without a direct link, and the places by their names; fault `exchange.unknown-place`. */
  carried?: readonly CarriedPartner[]
  places?: Readonly<Record<string, Place>>
  /** How messages become bytes; AS4's own functions unless told. */
  sealing?: Sealing
  /** Media types of documents that are no XML, by the name of the document. */
  mediaTypes?: Readonly<Record<string, string>>
  /** Seals documents, messages and receipts at rest; 32 bytes. */
  dataKey: KeyObject
  /** Hears, in the transaction that puts them there, of documents for mailboxes; for who tells their owners. */
  onMailbox?: (tx: Tx, documents: readonly { recipient: string; messageId: string }[]) => Promise<void>
  /**
   * Asked of each message of a partner before it is taken on: why it is to come later, in words for its sender, who has it still and tries
   * again by itself; undefined when it may come in. Without it, everything does.
   */
  admit?: (arriving: Pick<Incoming, 'sender' | 'documentType' | 'payload'>) => Promise<string | undefined>
  transport: Transport
  clock: () => Date
  /** A new ebMS message id, `<unique>@<node>`, for receipts and errors. */
  newId: () => string
  /** A number from 0 to 1, for jitter. */
  random: () => number
  timers?: Timers
  log?: Log
  meter?: Meter
  patience?: Partial<Patience>
  /** Messages decided at the same time. Default 4. */
  deciding?: number
  /** When each day is compared with the partners; absent where that is done on demand only. */
  reconciliation?: DailyReconciliation
  /** Messages sent to one partner at the same time, as long as it answers promptly. Default {@link mostSending}. */
  sending?: number
}

import type { X509Certificate } from 'node:crypto'
import type { As4Error, EbmsErrorCode } from '../ebms-errors.ts'
import type { As4Limits } from '../limits.ts'
import type { Identity, PMode, Reference, UserMessage, UserMessageHeader, Wire } from '../model.ts'
import type { OpenOptions } from '../open.ts'
import type { PullQueue } from '../pull/queue.ts'
import type { Response } from '../response.ts'
import type { ErrorSignal, ReceiptSignal } from '../signal-read.ts'
import type { SpooledPart } from '../stream/open-stream.ts'
import type { Duplicates } from './duplicates.ts'

/** Where a request came from, as far as the server knows. */
export interface Peer {
  address?: string
  /** Leaf certificate of the TLS client. */
  certificate?: X509Certificate
}

/** What there is beside a verified message, with the receipt that is already made for it. */
export interface Arrival {
  pmode: PMode
  /** What the signature covered. */
  references: Reference[]
  /** SHA-256 over the payloads, in hex. */
  digest: string
  /** The certificate that the signature was verified with. */
  signer: X509Certificate
  /** What an operator should know about the certificate. */
  remarks: readonly string[]
  /** To be stored with the message; leaves when the hook is done. */
  receipt: Wire
  peer: Peer
}

/** A verified message in memory. */
export interface ReceivedMessage extends Arrival {
  message: UserMessage
  /** The bytes as they came. */
  wire: Wire
}

/** A verified message whose payloads are in the spool as long as the hook takes. */
export interface SpooledMessage extends Arrival {
  message: UserMessageHeader & { parts: SpooledPart[] }
}

/** How messages are taken on that are too large for memory. */
export interface SpoolOptions {
  /**
   * Where payloads lie until the hook is done: encrypted with a key that is never written, each in a file of its own that
   * nobody else may read. Made when it is not there; what processes that have ended left in it is removed.
   */
  directory: string
  /** Bodies of more bytes go there; default 1,048,576, and never less than `limits.envelopeBytes`. */
  above?: number
  /** `onMessage` for them, with the same promises. The payloads are removed when this is done or throws. */
  onMessage: (received: SpooledMessage) => Promise<Taken> | Taken
}

/**
 * What `onMessage` says: nothing when the message is taken on; an earlier `receipt` when the store has it already (so
 * that one statement can decide between processes); or that the application refuses it, and why (`detail` stays here).
 */
export type Taken = void | { receipt: Wire } | { refuse: EbmsErrorCode; detail: string }

/** A message or a pull request that was answered with an error, or an error about a message of ours. */
export type ErrorEvent =
  | {
      kind: 'refused'
      /** The id of the error signal: the partner has it too, to ask about. */
      errorMessageId: string
      error: As4Error
      /** The reason, for the log only. */
      detail: string
      refToMessageId: string | undefined
      /** What the message says of itself, unverified. */
      header: UserMessageHeader | undefined
      /** What `onMessage` threw, or the fault of the spool. */
      cause?: unknown
      /** The bytes as they came; undefined when they were not held in memory. */
      wire: Wire | undefined
      peer: Peer
    }
  | { kind: 'reported'; signal: ErrorSignal; verdict: Verdict; wire: Wire; peer: Peer }

/** A receipt that came by itself, not as an answer: for a message that was pulled. */
export interface ReceiptEvent {
  receipt: ReceiptSignal
  verdict: Verdict
  wire: Wire
  peer: Peer
}

/** What a signal is worth; `unknown` when it is about no message that is on offer. */
export type Verdict = Response | { kind: 'unknown' }

/** The sides of an endpoint that are the application's. */
export interface ReceiverOptions {
  /** Ours; asked for by P-Mode where profiles have keys of different kinds, and without one for what fits none. */
  identity: Identity | ((pmode?: PMode) => Identity)
  findPMode: OpenOptions['findPMode']
  /** The request that a message answers, where the P-Mode is the second leg of a two-way exchange. */
  findRequest?: OpenOptions['findRequest']
  now: () => Date
  /** Ids for our receipts and errors, `local@domain`. */
  newMessageId: () => string
  limits?: Partial<As4Limits>
  /**
   * Stores the message and its receipt. The receipt leaves only after this is done; when it throws, the partner hears
   * EBMS:0202 and may try again. Not called for the test service, nor for a repetition that `duplicates` finds.
   */
  onMessage: (received: ReceivedMessage) => Promise<Taken> | Taken
  /** A message to the test service: it gets its receipt, whatever this does short of throwing. */
  onTest?: (received: ReceivedMessage | SpooledMessage) => Promise<void> | void
  /**
   * Messages whose payloads are not held in memory; `limits.bodyBytes` and `limits.unzippedBytes` say how large they may
   * be. Left out, every message is read into memory.
   */
  spool?: SpoolOptions
  duplicates?: Duplicates
  onError?: (event: ErrorEvent) => Promise<void> | void
  onReceipt?: (event: ReceiptEvent) => Promise<void> | void
  /** Offers messages for pulling. */
  pull?: { queue: PullQueue; findPMode: (mpc: string) => PMode | undefined }
}

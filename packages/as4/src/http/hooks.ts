import type { X509Certificate } from 'node:crypto'
import type { As4Error, EbmsErrorCode } from '../ebms-errors.ts'
import type { As4Limits } from '../limits.ts'
import type { Identity, PMode, Reference, UserMessage, UserMessageHeader, Wire } from '../model.ts'
import type { OpenOptions } from '../open.ts'
import type { PullQueue } from '../pull/queue.ts'
import type { Response } from '../response.ts'
import type { ErrorSignal, ReceiptSignal } from '../signal-read.ts'
import type { Duplicates } from './duplicates.ts'

/** Where a request came from, as far as the server knows. */
export interface Peer {
  address?: string
  /** Leaf certificate of the TLS client. */
  certificate?: X509Certificate
}

/** A verified message with the receipt that is already made for it. */
export interface ReceivedMessage {
  message: UserMessage
  pmode: PMode
  /** What the signature covered. */
  references: Reference[]
  /** SHA-256 over the payloads, in hex. */
  digest: string
  /** The bytes as they came. */
  wire: Wire
  /** The certificate that the signature was verified with. */
  signer: X509Certificate
  /** What an operator should know about the certificate. */
  remarks: readonly string[]
  /** To be stored with the message; leaves when the hook is done. */
  receipt: Wire
  peer: Peer
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
      /** What `onMessage` threw. */
      cause?: unknown
      wire: Wire
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
  onTest?: (received: ReceivedMessage) => Promise<void> | void
  duplicates?: Duplicates
  onError?: (event: ErrorEvent) => Promise<void> | void
  onReceipt?: (event: ReceiptEvent) => Promise<void> | void
  /** Offers messages for pulling. */
  pull?: { queue: PullQueue; findPMode: (mpc: string) => PMode | undefined }
}

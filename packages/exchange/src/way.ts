import type { Reference, Wire } from '@corridor/as4'
import type { LeasedRow } from './sender.ts'

/** The one sealed object of a message. */
export interface ObjectReference {
  objectId: string
  /** SHA-256 of the object, in hexadecimal. */
  digest: string
  /** ISO 8601. */
  expiresAt: string
}

/** What a receipt must repeat: the signed parts of an AS4 message, or the object that lies at a third place. */
export type References = readonly Reference[] | readonly [ObjectReference]

/** Bytes that leave, or have left. */
export interface SealedBytes extends Wire {
  references: References
}

/**
 * `retry` says when, and whether the partner as a whole is to be left alone until then, and whether the bytes are made anew; `park` that a
 * person must act.
 */
export type Unsent = { retry: string; pauseMs?: number; wholePartner: boolean; anew?: boolean } | { park: string }

/**
 * What came of sending: a verified receipt, made at that time · it lies at a third place, from which the addressee will give a receipt ·
 * nothing.
 */
export type Sent = { receipt: Wire; madeAt: Date } | { left: string } | Unsent

/** How messages to one partner become bytes, and leave. */
export interface Way {
  /** Certificates of both sides: with others, bytes of before can be verified or opened no more. */
  sealedBy: string
  seal(row: LeasedRow, document: Uint8Array): Promise<SealedBytes>
  /** Whether bytes that were stored before may still leave. */
  isUsable(references: References): boolean
  send(row: LeasedRow, sealed: SealedBytes): Promise<Sent>
}

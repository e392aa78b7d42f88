/** Why a file is not taken, as a code that other programs can read. */
export type RefusalCode =
  /** No bytes at all. */
  | 'empty'
  /** None of the kinds that are taken. */
  | 'unknown-kind'
  /** Said to be another kind than its content is. */
  | 'other-media-type'
  /** Named as another kind than its content is. */
  | 'other-extension'
  /** Cut off or damaged: not built as its kind is. */
  | 'broken'
  /** Something stands behind its end. */
  | 'trailing-data'
  /** Two kinds of file in one: each reader would see another. */
  | 'two-kinds'
  /** Does something when it is opened, or carries other files. */
  | 'active-content'
  | 'encrypted'
  /** A part of it cannot be looked into. */
  | 'hidden-content'

/** A file that is not taken: why, and what to do about it, in words for whoever sent it. */
export interface Refusal {
  readonly code: RefusalCode
  readonly text: string
}

/** A refusal with its words. */
export const refusal = (code: RefusalCode, text: string): Refusal => ({ code, text })

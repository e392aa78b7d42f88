/** Why what was asked for is not taken on, in words and with what to do, by its code. */
export const batchRefusals = {
  'reason-missing': 'Say why, in ten characters to five hundred on one line: the journal keeps it.',
  'nothing-found': 'No message is like this. Look at the list with the same filter.',
  'too-many': 'More than fifty thousand messages at once: narrow the filter.',
  everything: 'The filter leaves all messages. If that is meant, confirm it with their number.',
  'set-changed': 'The messages are not those of the dry run any more. Make another, and look at it.',
  'batch-open': 'The same has been asked for already, and is not done yet.',
  'same-person': 'A second person approves: somebody else than who asked for it.',
  decided: 'It was decided on already.',
  'unknown-batch': 'There is no such batch.',
  'unknown-message': 'There is no such message.',
  'not-parked': 'A correction is for a message that is parked.',
  'not-incoming': 'A correction is for a message that came; what is owed is written by a decision.',
  'document-missing': 'Give the corrected document, of twenty megabytes at most.',
  'document-same': 'The corrected document is the one that came.',
  'no-bytes': 'The document is kept no longer, or the disk has changed it.',
} as const

export type BatchRefusalCode = keyof typeof batchRefusals

/** What was asked for is not taken on. */
export interface BatchRefused {
  kind: 'refused'
  code: BatchRefusalCode
  /** How many messages there are, with `everything`, `set-changed`, `too-many`. */
  count?: number
  /** The batch, with `batch-open`, `decided`. */
  batch?: string
}

export const refuse = (code: BatchRefusalCode, more: Partial<BatchRefused> = {}): BatchRefused => ({
  kind: 'refused',
  code,
  ...more,
})

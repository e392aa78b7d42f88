import type { SealedContent } from './content.ts'

/** First line of every head: what it is, and in which version. */
export const FIRST_LINE = 'Corridor-Object: 1'

/** How a value is written. */
export type Form = 'word' | 'text' | 'time' | 'digest' | 'kind' | 'outcome'

/** One line of the head. */
export interface HeadField {
  /** As the line begins. */
  name: string
  key: string
  form: Form
  /** The only kind of object that has it; both where none is given. */
  kind?: SealedContent['kind']
  optional?: true
}

/** The lines of a head in the order in which they are written; they may be read in any. */
export const HEAD_FIELDS: readonly HeadField[] = [
  { name: 'Id', key: 'id', form: 'word' },
  { name: 'Kind', key: 'kind', form: 'kind' },
  { name: 'Sender', key: 'sender', form: 'text' },
  { name: 'Addressee', key: 'addressee', form: 'text' },
  { name: 'Purpose', key: 'purpose', form: 'text' },
  { name: 'Issued', key: 'issuedAt', form: 'time' },
  { name: 'Expires', key: 'expiresAt', form: 'time' },
  { name: 'Message-Id', key: 'messageId', form: 'word', kind: 'message' },
  { name: 'Conversation', key: 'conversation', form: 'text', kind: 'message' },
  { name: 'Document-Type', key: 'documentType', form: 'text', kind: 'message' },
  { name: 'Ref-To', key: 'refTo', form: 'word', kind: 'message', optional: true },
  { name: 'Media-Type', key: 'mediaType', form: 'text', kind: 'message' },
  { name: 'Object-Id', key: 'objectId', form: 'word', kind: 'receipt' },
  { name: 'Object-Digest', key: 'objectDigest', form: 'digest', kind: 'receipt' },
  { name: 'Outcome', key: 'outcome', form: 'outcome', kind: 'receipt' },
  { name: 'Reason', key: 'reason', form: 'text', kind: 'receipt', optional: true },
]

/** Controls, line separators, marks that turn the direction of a line, and halves of surrogate pairs: what a value never holds. */
const unwritable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u
const isText = (value: string): boolean => value.length <= 1_000 && value.trim() === value && !unwritable.test(value)

/** Whether a value, not empty, has its form. */
export const FORMS: Readonly<Record<Form, (value: string) => boolean>> = {
  word: (value) => /^[\x21-\x7e]{1,255}$/.test(value),
  text: isText,
  time: (value) => readTime(value) !== undefined,
  digest: (value) => /^[0-9a-f]{64}$/.test(value),
  kind: (value) => value === 'message' || value === 'receipt',
  outcome: (value) => value === 'accepted' || value === 'refused',
}

/** A moment in UTC, to the second or with milliseconds; undefined for anything else, such as a 30 February. */
export function readTime(value: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(value)) return undefined
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return undefined
  return at.toISOString().slice(0, 19) === value.slice(0, 19) ? at : undefined
}

/** The fields that an object of a kind may have. */
export function fieldsOf(kind: SealedContent['kind']): HeadField[] {
  return HEAD_FIELDS.filter((field) => field.kind === undefined || field.kind === kind)
}

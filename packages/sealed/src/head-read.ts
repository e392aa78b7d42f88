import type { Head, MessageObject, ReceiptObject, SealedContent } from './content.ts'
import { fieldsOf, FIRST_LINE, FORMS, HEAD_FIELDS, readTime } from './head-fields.ts'
import { LIMITS } from './limits.ts'
import { demand, Refusal } from './refusal.ts'

/**
 * Reads what was signed. Nothing is forgiven: an unknown line, one too often, a value of another form.
 * The document is a copy, so that nothing keeps the whole object in memory.
 * @throws Refusal malformed-head
 */
export function readContent(bytes: Uint8Array): SealedContent {
  const { lines, end } = linesOf(bytes)
  const [first, ...rest] = lines
  malformedUnless(first === FIRST_LINE, `the first line is not “${FIRST_LINE}”`)
  const values = new Map<string, string>()
  for (const line of rest) {
    const colon = line.indexOf(': ')
    const field = HEAD_FIELDS.find(({ name }) => name === line.slice(0, Math.max(colon, 0)))
    malformedUnless(field, 'a line is not “Name: value” with a name of this version')
    const value = line.slice(colon + 2)
    malformedUnless(!values.has(field.key), `${field.name} is there twice`)
    malformedUnless(value !== '' && FORMS[field.form](value), `${field.name} has not its form`)
    values.set(field.key, value)
  }
  return compose(values, new Uint8Array(bytes.subarray(end)))
}

/** The lines before the first empty one, and where what follows it begins. */
function linesOf(bytes: Uint8Array): { lines: string[]; end: number } {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LIMITS.headBytes))
  const empty = start.indexOf('\n\n')
  malformedUnless(empty >= 0, `no empty line in the first ${LIMITS.headBytes} bytes`)
  const text = utf8(start.subarray(0, empty))
  const lines = text.split('\n')
  malformedUnless(
    lines.every((line) => Buffer.byteLength(line) <= LIMITS.lineBytes),
    `a line of more than ${LIMITS.lineBytes} bytes`,
  )
  return { lines, end: empty + 2 }
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Refusal('malformed-head', 'the head is not UTF-8')
  }
}

function compose(values: ReadonlyMap<string, string>, rest: Uint8Array): SealedContent {
  const kind = values.get('kind') as Head['kind'] | undefined
  malformedUnless(kind, 'Kind is missing')
  const fields = fieldsOf(kind)
  for (const { name, key, optional } of fields) malformedUnless(optional || values.has(key), `${name} is missing`)
  const allowed = new Set(fields.map(({ key }) => key))
  for (const key of values.keys()) malformedUnless(allowed.has(key), `${key} does not belong to a ${kind}`)

  const word = (key: string): string => values.get(key)!
  const time = (key: string): Date => readTime(word(key))!
  const [issuedAt, expiresAt] = [time('issuedAt'), time('expiresAt')]
  malformedUnless(issuedAt < expiresAt, 'Expires is not after Issued')
  const head = {
    id: word('id'),
    sender: word('sender'),
    addressee: word('addressee'),
    purpose: word('purpose'),
    issuedAt,
    expiresAt,
  }
  if (kind === 'receipt') {
    malformedUnless(rest.byteLength === 0, 'something follows the head of a receipt')
    const reason = values.get('reason')
    const outcome = word('outcome') as ReceiptObject['outcome']
    const [objectId, objectDigest] = [word('objectId'), word('objectDigest')]
    return { ...head, kind, objectId, objectDigest, outcome, ...(reason !== undefined && { reason }) }
  }
  const refTo = values.get('refTo')
  const message: MessageObject = {
    ...head,
    kind,
    messageId: word('messageId'),
    conversation: word('conversation'),
    documentType: word('documentType'),
    mediaType: word('mediaType'),
    document: rest,
  }
  return refTo === undefined ? message : { ...message, refTo }
}

function malformedUnless(condition: unknown, detail: string): asserts condition {
  demand(condition, 'malformed-head', detail)
}

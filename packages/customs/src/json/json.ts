/**
 * The JSON form of a document, `{"CC015C": {…}}`: XML names, repeatable elements always as arrays, every value a string as it stands in
 * the XML, so that trailing zeros, sixteen digits and leading zeros survive.
 */
import type { Doc } from '../document.ts'
import { xmlErrorCode, type Finding } from '../finding.ts'
import type { Messages, MessageTable } from '../messages/messages.ts'
import { FormReader } from './form.ts'
import { lineFinder, parseJson } from './parse.ts'

/** What reading a JSON text gave. */
export interface JsonReading {
  /** the message that the text says it is; undefined when it is none that is known */
  readonly table: MessageTable | undefined
  /** what could be read; undefined when nothing could. Do not act on it while there are findings. */
  readonly document: Doc | undefined
  readonly findings: readonly Finding[]
}

/** The JSON text of a document, indented, with a line break at its end. */
export function toJson(table: MessageTable, document: Doc): string {
  const { PhaseID, ...rest } = document
  return `${JSON.stringify({ [table.type]: { PhaseID, ...rest } }, undefined, 2)}\n`
}

/**
 * Reads a document in its JSON form (UTF-8) and names every problem of structure and format at once, each with path, line and column.
 * Names may come in any order; the document has that of the table.
 */
export function readJson(messages: Messages, bytes: Uint8Array): JsonReading {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return nothing({ ...notJson('The text is not UTF-8.'), line: 1, column: 1 })
  }
  const place = lineFinder(text)
  const root = parseJson(text)
  if (root.kind === 'problem') return nothing({ ...notJson(root.text), ...place(root.at) })
  const [message, ...others] = root.kind === 'object' ? root.members : []
  const table = message === undefined ? undefined : messages.get(message.name)
  if (message === undefined || table === undefined || others.length > 0)
    return nothing({ ...noMessage(message?.name), ...place(message?.at ?? root.at) })
  const reader = new FormReader(place)
  const document = reader.message(table, message)
  return { table, document, findings: reader.findings }
}

const notJson = (text: string): Finding => ({
  kind: 'xml',
  rule: 'not-json',
  code: xmlErrorCode.notWellFormed,
  path: '/',
  remedy: 'Send a JSON text in UTF-8 (RFC 8259).',
  text,
})

const noMessage = (name: string | undefined): Finding => ({
  kind: 'xml',
  rule: 'root',
  code: xmlErrorCode.position,
  path: '/',
  ...(name !== undefined && { value: name }),
  allowed: '{"CC015C": {…}}',
  remedy: 'Give one object whose only name is the message type.',
  text: 'The text does not say which message it is.',
})

function nothing(finding: Finding): JsonReading {
  return { table: undefined, document: undefined, findings: [finding] }
}

import { type Doc, type Finding, type MessageTable, readJson } from '@corridor/customs'
import type { Messages } from '@corridor/customs'

/** What is wrong with a file before it is a document: it cannot be read, or is no message that is known. */
export interface FileFinding extends Omit<Finding, 'kind' | 'code'> {
  readonly kind: 'file'
}

/** A document as it was read from XML or from its JSON form. */
export interface ReadDocument {
  readonly form: 'xml' | 'json'
  readonly table: MessageTable | undefined
  readonly document: Doc | undefined
  readonly findings: readonly (Finding | FileFinding)[]
}

/** Reads a document in whichever form it is: a text that begins with a brace or a bracket is JSON. */
export function readDocument(messages: Messages, bytes: Uint8Array): ReadDocument {
  if (bytes.length === 0) return none('xml', 'empty', 'The file is empty.', 'Give a file that holds a document.')
  if (beginsAsJson(bytes)) return { form: 'json', ...readJson(messages, bytes) }
  const { type, root } = messages.identify(bytes)
  if (root === undefined)
    return none('xml', 'no-document', 'The file does not begin as an XML or JSON document.', 'Give an XML document.')
  const table = type === undefined ? undefined : messages.get(type)
  if (table === undefined) {
    const remedy = 'Name the document element after a message; corridor schema lists them.'
    return none('xml', 'unknown-message', `There is no message ${root}.`, remedy)
  }
  return { form: 'xml', table, ...table.read(bytes) }
}

/** A finding about a file. */
export function fileFinding(rule: string, text: string, remedy: string): FileFinding {
  return { kind: 'file', rule, path: '', remedy, text }
}

function none(form: 'xml' | 'json', rule: string, text: string, remedy: string): ReadDocument {
  return { form, table: undefined, document: undefined, findings: [fileFinding(rule, text, remedy)] }
}

function beginsAsJson(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 4096)).trimStart()
  return start.startsWith('{') || start.startsWith('[')
}

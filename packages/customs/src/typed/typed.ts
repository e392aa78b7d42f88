/** Reading and writing with the types of documents.generated.ts: a misspelt element is an error of the compiler. */
import type { Doc } from '../document.ts'
import type { MessageDocuments } from '../documents.generated.ts'
import { CustomsFault } from '../faults.ts'
import type { Finding } from '../finding.ts'
import type { Messages, MessageTable } from '../messages/messages.ts'

/** The messages whose documents have a type. */
export type MessageType = keyof MessageDocuments

/** What reading gave: a document that has the structure of its type, or what is wrong with it. */
export type Reading<Document> =
  | { readonly valid: true; readonly document: Document; readonly findings: readonly [] }
  | {
      readonly valid: false
      /** what could be read, for showing; undefined when nothing could */
      readonly document: Doc | undefined
      readonly findings: readonly Finding[]
    }

/**
 * Reads a document of the message type (structure and formats). `valid` tells its type: only then every required element is there.
 * Throws `table-reference` when the tables do not have the message.
 */
export function readTyped<T extends MessageType>(
  messages: Messages,
  type: T,
  bytes: Uint8Array,
): Reading<MessageDocuments[T]> {
  const { document, findings } = tableOf(messages, type).read(bytes)
  return document !== undefined && findings.length === 0
    ? { valid: true, document: document as MessageDocuments[T], findings: [] }
    : { valid: false, document, findings }
}

/**
 * Writes a document of the message type. The compiler has looked at names and shapes; formats are looked at by reading the result.
 * Throws `table-reference` when the tables do not have the message, and what `MessageTable.write` throws.
 */
export function writeTyped<T extends MessageType>(
  messages: Messages,
  type: T,
  document: MessageDocuments[T],
): Uint8Array {
  return tableOf(messages, type).write(document)
}

function tableOf(messages: Messages, type: string): MessageTable {
  const table = messages.get(type)
  if (!table) throw new CustomsFault('table-reference', `there is no message ${type}`)
  return table
}

import {
  type MessageDocuments,
  type MessageType,
  type Messages,
  type Reading,
  readTyped,
  writeTyped,
} from '@corridor/customs'
import { loadMessages } from './documents.ts'

let loaded: Messages | undefined

/** The message tables, read and compiled when a document is first read or written, once a process. */
function messages(): Messages {
  return (loaded ??= loadMessages())
}

/**
 * Reads a document with the tables of this package: `read('CC015C', bytes)` gives a typed document, or everything that is wrong with
 * its structure and formats.
 * @throws CustomsFault for a table that does not hold together
 */
export function read<T extends MessageType>(type: T, bytes: Uint8Array): Reading<MessageDocuments[T]> {
  return readTyped(messages(), type, bytes)
}

/** Writes a typed document as XML. @throws CustomsFault for what the compiler cannot see: too many occurrences, forbidden characters */
export function write<T extends MessageType>(type: T, document: MessageDocuments[T]): Uint8Array {
  return writeTyped(messages(), type, document)
}

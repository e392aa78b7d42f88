/** Documents about files of movements, each handled in the exchange's transaction. */
import type { Tx } from '@corridor/database'
import type { Handled, InboxMessage } from '@corridor/exchange'
import type { CaseworkPorts } from '../ports.ts'
import { type FileDocument, fileDocuments } from './documents.ts'
import { takeReceipt, takeRequest } from './give.ts'
import { takeAnswer, takeFile } from './receive.ts'

/** Whether a message of a partner is about files of a movement. */
export function isAboutFiles({ link, documentType }: InboxMessage): boolean {
  return link === 'partner' && (fileDocuments as readonly string[]).includes(documentType)
}

const takes: Readonly<Record<FileDocument, (ports: CaseworkPorts, tx: Tx, message: InboxMessage) => Promise<void>>> = {
  SupportingDocumentsRequest: takeRequest,
  SupportingDocumentsAnswer: takeAnswer,
  SupportingDocument: takeFile,
  SupportingDocumentReceipt: takeReceipt,
}

/** Handles one message about files. */
export async function handleFiles(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<Handled> {
  await takes[message.documentType as FileDocument](ports, tx, message)
  return { done: true }
}

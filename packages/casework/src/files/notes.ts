/** What is said of files: to a partner, in the journal, to screens; always in the transaction of the effect. */
import type { Tx } from '@corridor/database'
import type { InboxMessage, Outgoing } from '@corridor/exchange'
import { files } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { shortNote } from '../short-note.ts'
import type { FileDocument } from './documents.ts'
import { type FileSettings, usualFileSettings } from './settings.ts'

/** What holds at this node. */
export const settingsOf = (ports: CaseworkPorts): FileSettings => ports.files ?? usualFileSettings

/** A line of the journal about files of a movement. `event.<code>` are its words on screens. */
export interface FileNote {
  code:
    | 'file-attached'
    | 'files-asked'
    | 'files-asked-of-us'
    | 'files-given'
    | 'files-refused'
    | 'files-answered'
    | 'files-not-given'
    | 'file-received'
    | 'file-not-taken'
    | 'file-delivered'
    | 'file-not-taken-there'
    | 'file-damaged'
    | 'file-document-refused'
  conversation: string
  /** Who did it: an account, or the administration of a message. */
  actor: string
  /** Record that it is drawn in: role and office. */
  role?: string
  office?: string
  messageId?: string
  /** For people. */
  note: string
  /** Facts for programs: request, file, digest … */
  facts: Record<string, string | number | null>
}

/** Writes a line of the journal. */
export async function noteFile(ports: CaseworkPorts, tx: Tx, entry: FileNote): Promise<void> {
  const { conversation, actor, role, office, messageId, code, note, facts } = entry
  await ports.exchange.journal(tx, [
    {
      kind: 'movement',
      conversation,
      actor,
      ...(messageId !== undefined && { messageId }),
      ...(office !== undefined && { office }),
      detail: { ...(role !== undefined && { role, at: office }), code, note: shortNote(note), ...facts },
    },
  ])
}

/** Owes a party a document about files of a movement. */
export async function sendTo(
  ports: CaseworkPorts,
  tx: Tx,
  party: string,
  document: { type: FileDocument; mrn: string; payload: Uint8Array; answers?: InboxMessage },
): Promise<void> {
  const message: Outgoing = {
    messageId: `${ports.newId()}@${ports.domain}`,
    link: 'partner',
    sender: ports.directory.party,
    recipient: party,
    conversation: document.mrn,
    documentType: document.type,
    ...(document.answers !== undefined && { refTo: document.answers.messageId }),
    payload: document.payload,
  }
  await ports.exchange.enqueue(tx, [message])
}

/** Tells the screens of every office of ours that has the movement. */
export async function announceFiles(ports: CaseworkPorts, tx: Tx, mrn: string): Promise<void> {
  for (const { office, version } of await files.officesOf(tx, mrn))
    await ports.exchange.announce(tx, 'movement', JSON.stringify({ mrn, version, offices: [office] }))
}

/** SHA-256 as people and journals write it. */
export const hex = (digest: Uint8Array): string => Buffer.from(digest).toString('hex')

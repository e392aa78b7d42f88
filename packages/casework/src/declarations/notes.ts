/** What is said of declarations: to a partner, to mailboxes, in the journal, to screens; always in the transaction of the effect. */
import type { Tx } from '@corridor/database'
import type { InboxMessage, Outgoing } from '@corridor/exchange'
import type { declared } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { shortNote } from '../short-note.ts'
import type { DeclarationDocument, declarationNotices } from './documents.ts'

/** The conversation of a consignment: messages of one conversation keep their order. */
export const declarationConversation = (ucr: string): string => `declaration ${ucr}`

/** Screens hear of it when a declaration changed. */
export const declarationTopic = 'declaration'

/** Owes a partner a document. @returns its message id */
export async function sendDeclaration(
  ports: CaseworkPorts,
  tx: Tx,
  party: string,
  document: { type: DeclarationDocument; conversation: string; payload: Uint8Array; answers?: InboxMessage },
): Promise<string> {
  const { type: documentType, conversation, payload, answers } = document
  const message: Outgoing = {
    messageId: `${ports.newId()}@${ports.domain}`,
    link: 'partner',
    sender: ports.directory.party,
    recipient: party,
    conversation,
    documentType,
    ...(answers !== undefined && { refTo: answers.messageId }),
    payload,
  }
  await ports.exchange.enqueue(tx, [message])
  return message.messageId
}

/** Puts a document into a mailbox here. @returns its message id */
export async function deliver(
  ports: CaseworkPorts,
  tx: Tx,
  recipient: string,
  document: { type: (typeof declarationNotices)[number]; ucr: string; content: object },
): Promise<string> {
  const messageId = `${ports.newId()}@${ports.domain}`
  await ports.exchange.enqueue(tx, [
    {
      messageId,
      link: 'mailbox',
      sender: ports.directory.party,
      recipient,
      conversation: declarationConversation(document.ucr),
      documentType: document.type,
      payload: Buffer.from(JSON.stringify(document.content)),
    },
  ])
  return messageId
}

/** A line of the journal about a declaration. `event.<code>` are its words on screens. */
export async function noteDeclaration(
  ports: CaseworkPorts,
  tx: Tx,
  entry: {
    code: string
    ucr: string
    actor: string
    messageId?: string | undefined
    note?: string
    facts?: Record<string, string | number | null>
  },
): Promise<void> {
  const { code, ucr, actor, messageId, note = '', facts = {} } = entry
  const line = {
    kind: 'declaration',
    conversation: declarationConversation(ucr),
    actor,
    ...(messageId !== undefined && { messageId }),
    detail: { code, note: shortNote(note), ...facts },
  }
  await ports.exchange.journal(tx, [line])
  await ports.exchange.announce(tx, declarationTopic, '')
}

/** Findings as the journal keeps them. */
export const wordsOfFindings = (findings: readonly declared.DeclarationFinding[]): string =>
  findings.map(({ rule, path, value }) => `${rule} ${path} ${value}`.trim()).join('; ')

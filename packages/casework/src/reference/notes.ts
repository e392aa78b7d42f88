/** What is said of reference data: to a partner, and in the journal; always in the transaction of the effect. */
import type { Tx } from '@corridor/database'
import type { InboxMessage, Outgoing } from '@corridor/exchange'
import type { reference } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { shortNote } from '../short-note.ts'
import {
  type ReferenceDataAcknowledgement,
  type ReferenceDataRequest,
  referenceConversation,
  type ReferenceDocument,
  writeReferenceNote,
} from './documents.ts'

export const nothing: reference.Holding = { version: 0, digest: '' }

/** A message about a list to a party. */
export function messageTo(
  ports: CaseworkPorts,
  party: string,
  list: string,
  documentType: ReferenceDocument,
  payload: Uint8Array,
  refTo?: string,
): Outgoing {
  return {
    messageId: `${ports.newId()}@${ports.domain}`,
    link: 'partner',
    sender: ports.directory.party,
    recipient: party,
    conversation: referenceConversation(list),
    documentType,
    ...(refTo !== undefined && { refTo }),
    payload,
  }
}

/** Acknowledges a message of its sender's. */
export async function acknowledge(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  acknowledgement: ReferenceDataAcknowledgement,
): Promise<void> {
  const payload = writeReferenceNote(acknowledgement)
  const type = 'ReferenceDataAcknowledgement'
  await ports.exchange.enqueue(tx, [
    messageTo(ports, message.sender, acknowledgement.list, type, payload, message.messageId),
  ])
}

/** Asks the owner of a list. */
export async function ask(ports: CaseworkPorts, tx: Tx, owner: string, request: ReferenceDataRequest): Promise<void> {
  const payload = writeReferenceNote(request)
  await ports.exchange.enqueue(tx, [messageTo(ports, owner, request.list, 'ReferenceDataRequest', payload)])
  await ports.exchange.journal(tx, [
    {
      kind: `reference.${request.request}`,
      conversation: referenceConversation(request.list),
      actor: ports.directory.party,
      detail: { list: request.list, owner, holds: request.holds.version },
    },
  ])
}

/** What happened to a list, or to a message about one. */
export interface Note {
  /** as `reference.verb` */
  readonly kind: `reference.${string}`
  readonly list: string
  readonly version?: number
  readonly note?: string
}

/** One line of the journal about a message of a partner's. */
export async function note(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  { kind, list, version, note: text }: Note,
): Promise<void> {
  await ports.exchange.journal(tx, [
    {
      kind,
      conversation: referenceConversation(list),
      messageId: message.messageId,
      actor: message.sender,
      detail: {
        document: message.documentType,
        list,
        ...(version !== undefined && { version }),
        ...(text !== undefined && { note: shortNote(text) }),
      },
    },
  ])
}

/** Refuses a message: the journal says why, and so does an acknowledgement. Never for an acknowledgement. */
export async function refuse(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  {
    list,
    version,
    holds = nothing,
    reason,
  }: { list: string; version: number; holds?: reference.Holding; reason: string },
): Promise<void> {
  const said = shortNote(reason)
  await note(ports, tx, message, { kind: 'reference.refused', list, version, note: said })
  await acknowledge(ports, tx, message, { list, version, outcome: 'refused', reason: said, holds })
}

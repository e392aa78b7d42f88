import { dateTimeOf, type Doc, type Finding, type MessageTable } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import type { Outgoing } from '@corridor/exchange'
import { type Send, systemParticipant, text } from '@corridor/procedures'
import { CaseworkFault } from './faults.ts'
import { localDay } from './facts.ts'
import { giveAnswers } from './national/give.ts'
import type { CaseworkPorts } from './ports.ts'
import { crossing } from './reference/crossing.ts'
import { copiesOf } from './regional.ts'
import { keysOf } from './search-keys.ts'
import { shortNote } from './short-note.ts'

/** What came before a document that answers it. */
export interface Answered {
  /** messageIdentification of the document that is answered. */
  identification?: string
  /** Message id on the wire. */
  messageId?: string
  /** What it belongs to as long as there is no MRN. */
  conversation: string
}

/**
 * Sends the documents of a decision in its transaction. A code for which a partner has no counterpart goes as it is: the decision is not
 * lost, the partner answers, and the journal says it (docs/decisions/0011).
 * @returns the ids of their messages
 * @throws CaseworkFault INVALID_OUTGOING, UNKNOWN_OFFICE
 */
export async function sendAll(
  ports: CaseworkPorts,
  tx: Tx,
  conversation: string,
  sends: Send[],
  answered: Answered,
): Promise<string[]> {
  const made = sends.map((send) => messageOf(ports, conversation, send, answered))
  await ports.exchange.enqueue(tx, [...made.map(({ message }) => message), ...copiesOf(ports, made)])
  await giveAnswers(ports, tx, made)
  const ids = made.map(({ message }) => message.messageId)
  const without = made.filter(({ missing }) => missing.length > 0)
  if (without.length === 0) return ids
  await ports.exchange.journal(
    tx,
    without.map(({ message, missing }) => ({
      kind: 'movement',
      conversation,
      messageId: message.messageId,
      detail: {
        code: 'no-counterpart',
        document: message.documentType,
        note: shortNote(missing.map(({ path, value = '' }) => `${value} ${path}`).join('; ')),
      },
    })),
  )
  return ids
}

/** Id on the wire of a document of ours that has a messageIdentification: that is a UUID without its hyphens. '' for one that is none of ours. */
export function messageIdOf({ domain }: Pick<CaseworkPorts, 'domain'>, identification: string): string {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(identification)
  return parts === null ? '' : `${parts.slice(1).join('-')}@${domain}`
}

/** Stamps the header, translates what crosses, writes the document, reads it back as others will, and addresses it. */
function messageOf(
  ports: CaseworkPorts,
  conversation: string,
  send: Send,
  answered: Answered,
): { message: Outgoing; document: Doc; missing: readonly Finding[] } {
  const address = addressOf(ports, send)
  const id = ports.newId()
  const correlation = send.correlation ?? (send.answers ? answered.identification : undefined)
  const header: Doc = {
    PhaseID: 'NCTS5.1',
    messageSender: ports.directory.party,
    messageRecipient: address.named ?? address.recipient,
    preparationDateAndTime: dateTimeOf(ports.clock()),
    messageIdentification: id.replaceAll('-', ''),
    messageType: send.type,
    ...(correlation === undefined ? {} : { correlationIdentifier: correlation }),
  }
  const table = ports.law.messages.get(send.type)
  if (table === undefined) throw new CaseworkFault('INVALID_OUTGOING', `${send.type} has no table`)
  const own = { ...header, ...send.doc }
  const day = text(own, 'TransitOperation.declarationAcceptanceDate') ?? localDay(ports)
  const { document, missing } =
    address.link === 'partner' ? crossing(ports, table, own, 'forward', day) : { document: own, missing: [] }
  const message: Outgoing = {
    messageId: `${id}@${ports.domain}`,
    link: address.link,
    sender: ports.directory.party,
    recipient: address.recipient,
    conversation,
    documentType: send.type,
    ...(send.answers && answered.messageId !== undefined ? { refTo: answered.messageId } : {}),
    payload: writeChecked(table, document),
    keys: keysOf(document),
  }
  return { message, document, missing }
}

function writeChecked(table: MessageTable, doc: Doc): Uint8Array {
  const bytes = table.write(doc)
  const { findings } = table.read(bytes)
  if (findings.length > 0) {
    const list = findings.map((finding) => `${finding.path} ${finding.rule} ${finding.text}`).join('; ')
    throw new CaseworkFault('INVALID_OUTGOING', `${table.type}: ${list}`)
  }
  return bytes
}

/** Where a document goes, and the receiver as its header names it, where that is another name. */
function addressOf(ports: CaseworkPorts, send: Send): { link: Outgoing['link']; recipient: string; named?: string } {
  if ('system' in send.to)
    return {
      link: 'mailbox',
      recipient: systemParticipant(send.to.system),
      named: `${send.to.system.toUpperCase()}.${ports.directory.country}`,
    }
  if ('trader' in send.to) return { link: 'mailbox', recipient: send.to.trader }
  const office = 'office' in send.to ? ports.directory.office(send.to.office) : undefined
  if ('office' in send.to && office === undefined)
    throw new CaseworkFault('UNKNOWN_OFFICE', `${send.type} to ${send.to.office}`)
  const party = 'party' in send.to ? send.to.party : (office?.party ?? '')
  if (party === ports.directory.party) return { link: 'local', recipient: office?.reference ?? party, named: party }
  return { link: 'partner', recipient: party }
}

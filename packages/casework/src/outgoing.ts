import type { Doc } from '@corridor/customs'
import { dateTimeOf } from '@corridor/customs'
import type { Outgoing } from '@corridor/exchange'
import type { Send } from '@corridor/procedures'
import { CaseworkFault } from './faults.ts'
import type { CaseworkPorts } from './ports.ts'

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
 * Makes the messages of a decision: stamps the header, writes the document, reads it back with the same tables that judge what others
 * send, and addresses it.
 * @throws CaseworkFault INVALID_OUTGOING, UNKNOWN_OFFICE
 */
export function messagesOf(ports: CaseworkPorts, conversation: string, sends: Send[], answered: Answered): Outgoing[] {
  return sends.map((send) => {
    const address = addressOf(ports, send)
    const id = ports.newId()
    const header: Doc = {
      PhaseID: 'NCTS5.1',
      messageSender: ports.directory.party,
      messageRecipient: address.administration ?? address.recipient,
      preparationDateAndTime: dateTimeOf(ports.clock()),
      messageIdentification: id.replaceAll('-', ''),
      messageType: send.type,
      ...(send.answers && answered.identification !== undefined
        ? { correlationIdentifier: answered.identification }
        : {}),
    }
    return {
      messageId: `${id}@${ports.domain}`,
      link: address.link,
      sender: ports.directory.party,
      recipient: address.recipient,
      conversation,
      documentType: send.type,
      ...(send.answers && answered.messageId !== undefined ? { refTo: answered.messageId } : {}),
      payload: writeChecked(ports, send.type, { ...header, ...send.doc }),
    }
  })
}

function writeChecked(ports: CaseworkPorts, type: string, doc: Doc): Uint8Array {
  const table = ports.law.messages.get(type)
  if (table === undefined) throw new CaseworkFault('INVALID_OUTGOING', `${type} has no table`)
  const bytes = table.write(doc)
  const { findings } = table.read(bytes)
  if (findings.length > 0) {
    const list = findings.map((finding) => `${finding.path} ${finding.rule} ${finding.text}`).join('; ')
    throw new CaseworkFault('INVALID_OUTGOING', `${type}: ${list}`)
  }
  return bytes
}

function addressOf(
  ports: CaseworkPorts,
  send: Send,
): { link: Outgoing['link']; recipient: string; administration?: string } {
  if ('trader' in send.to) return { link: 'mailbox', recipient: send.to.trader }
  const office = 'office' in send.to ? ports.directory.office(send.to.office) : undefined
  if ('office' in send.to && office === undefined)
    throw new CaseworkFault('UNKNOWN_OFFICE', `${send.type} to ${send.to.office}`)
  const party = 'party' in send.to ? send.to.party : (office?.party ?? '')
  if (party === ports.directory.party)
    return { link: 'local', recipient: office?.reference ?? party, administration: party }
  return { link: 'as4', recipient: party }
}

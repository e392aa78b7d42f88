import { type Doc, isMrn } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import type { Outgoing } from '@corridor/exchange'
import { type Movement, type Role, text } from '@corridor/procedures'
import { localDay } from './facts.ts'
import type { CaseworkPorts, RegionalHub } from './ports.ts'
import { crossing } from './reference/crossing.ts'

/** Of which document the record of a movement has the shape, by the role of the office that holds it. */
export const recordTypes: Partial<Record<Role, string>> = {
  departure: 'CC015C',
  transit: 'CD050C',
  exit: 'CD160C',
  destination: 'CD001C',
}

/**
 * What the hubs get of messages that this node sends: with what was agreed and nothing else, made here and in the same transaction, so that a
 * hub that is away holds up nobody and misses nothing. Of a trader it is not even said who he is.
 */
export function copiesOf(
  ports: Pick<CaseworkPorts, 'directory' | 'clock' | 'regional'>,
  sent: readonly { message: Outgoing; document: Doc }[],
): Outgoing[] {
  return (ports.regional ?? []).flatMap((hub) =>
    sent.flatMap(({ message, document }) => {
      const { documentType: messageType, messageId, link, recipient, conversation } = message
      const mrn = text(document, 'TransitOperation.MRN') ?? conversation
      if (!hub.covers(messageType) || !isMrn(mrn)) return []
      const receiver = link === 'mailbox' ? null : recipient
      return [copyFor(ports, hub, { messageType, messageId, recipient: receiver, mrn }, document)]
    }),
  )
}

/** What the hubs get of an event at one of our offices (`departure.released`): of the record of the movement as it is then. */
export async function copyEvent(ports: CaseworkPorts, tx: Tx, movement: Movement, event: string): Promise<void> {
  const { role, office, state, mrn, data } = movement
  const messageType = `${role}.${event}`
  const hubs = (ports.regional ?? []).filter((hub) => hub.covers(messageType))
  if (hubs.length === 0 || !isMrn(mrn)) return
  const { limitDate, releaseDate } = data
  const document: Doc = {
    ...commonRecord(ports, movement),
    state,
    office,
    ...(limitDate === undefined ? {} : { limitDate }),
    ...(releaseDate === undefined ? {} : { releaseDate }),
  }
  const messageId = `${ports.newId()}@${ports.domain}`
  await ports.exchange.enqueue(
    tx,
    hubs.map((hub) => copyFor(ports, hub, { messageType, messageId, recipient: null, mrn }, document)),
  )
}

/** The record with common codes, as documents have them when they cross. */
function commonRecord(ports: CaseworkPorts, { role, data }: Movement): Doc {
  const { record = {} } = data
  const table = ports.law.messages.get(recordTypes[role] ?? '')
  if (table === undefined) return record
  const day = text(record, 'TransitOperation.declarationAcceptanceDate') ?? data.acceptanceDate ?? localDay(ports)
  return crossing(ports, table, record, 'forward', day).document
}

function copyFor(
  { directory, clock }: Pick<CaseworkPorts, 'directory' | 'clock'>,
  hub: RegionalHub,
  about: { messageType: string; messageId: string; recipient: string | null; mrn: string },
  document: Doc,
): Outgoing {
  return {
    // Its own id, and the same however often the transaction is tried.
    messageId: about.messageId.replace('@', '.copy@'),
    link: 'partner',
    sender: directory.party,
    recipient: hub.party,
    conversation: about.mrn,
    documentType: hub.documentType,
    payload: hub.copy({ ...about, sender: directory.party, time: clock().toISOString() }, document),
  }
}

import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import type { Handled, InboxMessage } from '@corridor/exchange'
import { type GuaranteeUse, type KeptCopy, movementOf, type RegionalMovement } from '../board/movement.ts'
import type { HubPorts } from '../ports.ts'
import { sql } from '../statements.ts'
import { readCopy, type RegionalCopy, regionalCopyRefusedType } from './copy.ts'

/** Told to every process of the hub when its board has changed. */
export const regionalTopic = 'regional'

/** Copies of one movement by one member: many times what any procedure has. */
const mostCopies = 500

/** A copy as it is stored. */
export interface CopyRow {
  id: string
  sender: string
  message_id: string
  message_type: string
  recipient: string | null
  mrn: string
  said_at: Date
  received_at: Date
  elements: RegionalCopy['elements']
}

/**
 * Takes one copy: stores it once, and says anew what all copies of its movement say together. What is not of the member that sent it, or says
 * more than was agreed, is not stored, and the member is told.
 */
export async function takeCopy(ports: HubPorts, tx: Tx, message: InboxMessage): Promise<Handled> {
  const { copies } = ports
  const copy = copies === null ? { refused: 'this hub keeps no copies' } : readCopy(copies, message.payload)
  const refused =
    'refused' in copy
      ? copy.refused
      : copy.sender === message.sender
        ? undefined
        : `it says that ${copy.sender} sent the message; a member copies its own`
  if (refused !== undefined || 'refused' in copy) return refuse(ports, tx, message, refused ?? '')
  await tx.run(sql.lockMovement, [copy.mrn])
  const { sender, messageId, messageType, recipient, mrn, time, elements } = copy
  const said = JSON.stringify([messageType, recipient, mrn, time, elements])
  const digest = createHash('sha256').update(said).digest()
  const [told] = await tx.run<{ copies: number; known: boolean }>(sql.copiesTold, [mrn, sender, messageId, digest])
  // All of them are read with each one that comes.
  if (told !== undefined && told.copies >= mostCopies && !told.known)
    return refuse(ports, tx, message, `${mostCopies} copies of one movement came from ${sender}`)
  const now = ports.clock()
  const values = [
    sender,
    messageId,
    messageType,
    recipient,
    mrn,
    time,
    now,
    JSON.stringify(elements),
    digest,
    message.messageId,
  ]
  const added = await tx.run(sql.addCopy, values)
  if (added.length === 0) {
    await tx.run(sql.noteRepeat, [sender, dayOf(now)])
    // Nothing would delete this document with the copy.
    await ports.exchange.passing.forget(tx, 'inbox', [message.messageId], sender)
    return { done: true, conversation: mrn }
  }
  await tx.run(sql.noteCopy, [sender, now, time, dayOf(now)])
  const rows = await tx.run<CopyRow>(sql.copiesOf, [mrn])
  await save(
    tx,
    movementOf(
      rows.map((row) => keptCopy(ports, row)),
      ports.meanings,
    ),
    now,
  )
  await ports.exchange.announce(tx, regionalTopic, mrn)
  return { done: true, conversation: mrn }
}

/** In UTC. */
const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** A stored copy, with the country of its member; '' for one that has left. */
export function keptCopy({ countries }: Pick<HubPorts, 'countries'>, row: CopyRow): KeptCopy {
  return {
    id: row.id,
    messageType: row.message_type,
    messageId: row.message_id,
    sender: row.sender,
    recipient: row.recipient,
    mrn: row.mrn,
    time: row.said_at.toISOString(),
    elements: row.elements,
    country: countries.get(row.sender) ?? '',
  }
}

async function save(tx: Tx, movement: RegionalMovement, now: Date): Promise<void> {
  const column = <Name extends keyof GuaranteeUse>(name: Name) => movement.guarantees.map((use) => use[name])
  await tx.run(sql.saveMovement, [
    movement.mrn,
    movement.departure,
    movement.destination,
    movement.transit,
    movement.officeOfDeparture,
    movement.officeOfDestination,
    movement.arrivedIn,
    movement.state,
    movement.releasedAt,
    movement.limitDate,
    movement.arrivedAt,
    movement.endedAt,
    movement.lastToldAt,
    JSON.stringify(movement.contradictions),
    column('grn'),
    column('country'),
    column('currency'),
    column('amount'),
    column('inUse'),
    now,
  ])
}

/** Nothing of a copy that is refused stays here. */
async function refuse(ports: HubPorts, tx: Tx, message: InboxMessage, reason: string): Promise<Handled> {
  const { sender, messageId, conversation } = message
  const now = ports.clock()
  await tx.run(sql.noteRefusal, [sender, now, reason, dayOf(now)])
  await ports.exchange.journal(tx, [
    { kind: 'copy.refused', conversation, messageId, actor: sender, detail: { reason } },
  ])
  await ports.exchange.passing.forget(tx, 'inbox', [messageId], sender)
  if (ports.members.has(sender))
    await ports.exchange.enqueue(tx, [
      {
        messageId: ports.newId(),
        link: 'partner',
        sender: ports.party,
        recipient: sender,
        conversation,
        documentType: regionalCopyRefusedType,
        refTo: messageId,
        payload: new TextEncoder().encode(JSON.stringify({ version: 1, id: messageId, reason })),
      },
    ])
  await ports.exchange.announce(tx, regionalTopic, '')
  return { done: true }
}

import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import {
  type CarriedObject,
  type Handled,
  type InboxMessage,
  readFramed,
  type SealedObjectRefusal,
  sealedObjectRefusedType,
  sealedObjectType,
  writeRefusal,
} from '@corridor/exchange'
import type { HubPorts } from '../ports.ts'
import { sql } from '../statements.ts'
import { type Refusal, refusalOf } from './judge.ts'

interface ForwardedRow {
  digest: Buffer
  state: string
}

/**
 * Forwards one sealed object to its addressee, in the transaction in which it was taken: as a message of the hub's own, whose id follows
 * from sender and object, so that a repeat is the same message. A refusal goes back to who gave it. Nothing is kept with what came.
 */
export async function forward(ports: HubPorts, tx: Tx, message: InboxMessage): Promise<Handled> {
  const object = readFramed(message.payload)
  const refused: Refusal | undefined =
    'refused' in object
      ? { reason: object.refused }
      : (refusalOf(object, { from: message.sender, members: ports.members, now: ports.clock() }) ??
        (await enqueueOnce(ports, tx, message, object)))
  if (refused !== undefined)
    await refuse(ports, tx, message, {
      id: 'refused' in object ? message.messageId : object.id,
      ...refused,
    })
  await ports.exchange.passing.forget(tx, 'inbox', [message.messageId], message.sender)
  return { done: true }
}

/** What the sender is told of an object that does not go on. A sender that has left is told nothing. */
export async function refuse(
  ports: HubPorts,
  tx: Tx,
  to: Pick<InboxMessage, 'sender' | 'messageId' | 'conversation'>,
  refusal: SealedObjectRefusal,
): Promise<void> {
  const { sender, messageId, conversation } = to
  await ports.exchange.journal(tx, [
    { kind: 'object.refused', conversation, messageId, actor: sender, detail: refusal },
  ])
  if (!ports.members.has(sender)) return
  await ports.exchange.enqueue(tx, [
    {
      messageId: ports.newId(),
      link: 'partner',
      sender: ports.party,
      recipient: sender,
      conversation,
      documentType: sealedObjectRefusedType,
      refTo: messageId,
      payload: writeRefusal(refusal),
    },
  ])
}

/** @returns why not, when the id stands for another object */
async function enqueueOnce(
  ports: HubPorts,
  tx: Tx,
  message: InboxMessage,
  object: CarriedObject,
): Promise<Refusal | undefined> {
  const digest = createHash('sha256').update(message.payload).digest()
  const forwardedAs = forwardedId(ports, object)
  const { sender, id, addressee, kind, expiresAt } = object
  const { messageId, conversation, payload } = message
  const now = ports.clock()
  const [next] = await tx.run<{ turn: Date }>(sql.turnOfPair, [sender, addressee, now])
  const dueAt = next?.turn ?? now
  const known = [sender, id, addressee, kind, digest, expiresAt, messageId, conversation, forwardedAs, now]
  const values = [...known, payload.length, dueAt]
  const added = await tx.run(sql.addForwarded, values)
  if (added.length === 0) return noteRepeat(ports, tx, message, object, digest)
  await ports.exchange.enqueue(tx, [
    {
      messageId: forwardedAs,
      link: 'partner',
      sender: ports.party,
      recipient: addressee,
      conversation,
      documentType: sealedObjectType,
      payload,
      dueAt,
    },
  ])
  const detail = { id, kind, addressee, as: forwardedAs, expiresAt: expiresAt.toISOString() }
  await ports.exchange.journal(tx, [{ kind: 'object.forwarded', conversation, messageId, actor: sender, detail }])
  return undefined
}

async function noteRepeat(
  ports: HubPorts,
  tx: Tx,
  { messageId, conversation }: InboxMessage,
  { sender, id }: CarriedObject,
  digest: Buffer,
): Promise<Refusal | undefined> {
  const [known] = await tx.run<ForwardedRow>(sql.forwarded, [sender, id])
  if (known === undefined || !known.digest.equals(digest))
    return { reason: 'another object was forwarded under this id' }
  if (known.state === 'refused') return { reason: 'it was refused before', again: true }
  await ports.exchange.journal(tx, [
    { kind: 'object.repeated', conversation, messageId, actor: sender, detail: { id } },
  ])
  return undefined
}

/** The same for every repeat of an object, and of no other. */
function forwardedId({ domain }: HubPorts, { sender, id }: CarriedObject): string {
  const name = createHash('sha256').update(`${sender}\n${id}`).digest('hex').slice(0, 40)
  return `${name}.forwarded@${domain}`
}

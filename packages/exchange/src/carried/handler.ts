import { isUniqueViolation } from '@corridor/database'
import { sql } from '../context.ts'
import type { InboxMessage } from '../model.ts'
import type { ReceiveContext } from '../receive.ts'
import { redacted } from '../telling.ts'
import type { Handler } from '../worker.ts'
import { readFramed, readRefusal, sealedObjectRefusedType, sealedObjectType } from './framing.ts'
import { giveAgain, giveToHub } from './hub.ts'
import { takeObject } from './take.ts'
import { hubLifeMs, messageIdOf } from './way.ts'

/**
 * Takes on what a hub has forwarded to this node, and gives the receipt back to it; everything else goes to the node's own handler. A
 * node that is a hub itself has objects for others: those are its handler's too.
 */
export function withForwarded(
  context: ReceiveContext,
  handler: Handler,
  wake: (box: 'inbox' | 'outbox') => void,
): Handler {
  const placeOf = new Map([...context.places].flatMap(([place, known]) => ('hub' in known ? [[known.hub, place]] : [])))
  if (placeOf.size === 0) return handler
  return async (tx, message) => {
    const place = message.link === 'partner' ? placeOf.get(message.sender) : undefined
    if (place === undefined) return handler(tx, message)
    if (message.documentType === sealedObjectRefusedType) return settleRefused(context, tx, message)
    if (message.documentType !== sealedObjectType) return handler(tx, message)
    const object = readFramed(message.payload)
    if ('refused' in object) throw new Error(`what the hub forwarded cannot be read: ${object.refused}`)
    // The hub gives on nothing that is over by its clock. How long that is ago only our own clock tells, be it right or wrong.
    const lasts = context.clock().getTime() - message.receivedAt.getTime() < hubLifeMs
    const { as, answer, wakes } = await takeObject(context, place, object, { again: message.waits > 0, lasts })
    if (as === 'later')
      return {
        wait: {
          reason: 'a clock or a certificate does not fit: not valid yet, over by our clock, or of an unknown signer',
          patient: true,
        },
      }
    if (answer !== undefined) {
      await tx.query('savepoint answer')
      await giveToHub(context, tx, message.sender, answer).catch(async (error: unknown) => {
        if (!isUniqueViolation(error)) throw error
        await tx.query('rollback to savepoint answer')
        await giveAgain(context, tx, answer)
      })
    }
    if (wakes !== undefined) wake(wakes)
    return { done: true }
  }
}

/** The hub does not forward an object of ours: a person must act, but where another object may do. */
async function settleRefused(
  context: ReceiveContext,
  tx: Parameters<Handler>[0],
  message: InboxMessage,
): Promise<{ done: true }> {
  const refusal = readRefusal(message.payload)
  if (refusal === undefined) throw new Error('what the hub refuses cannot be read')
  const reason = redacted(`not forwarded by ${message.sender}: ${refusal.reason}`)
  const now = context.clock()
  const again = refusal.again ? new Date(now.getTime() + context.patience.putAgainMs) : null
  await tx.run(sql.parkCarried, [messageIdOf(refusal.id), refusal.id, reason, now, again])
  return { done: true }
}

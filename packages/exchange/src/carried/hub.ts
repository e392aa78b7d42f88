import { isUniqueViolation, type Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { ExchangeFault } from '../faults.ts'
import { enqueue } from '../outgoing.ts'
import type { CarriedObject, Carrier } from './carrier.ts'
import { sealedObjectType, writeFramed } from './framing.ts'

/** What carries objects to and from a place. Fault `exchange.unknown-place`. */
export function carrierAt(context: Context, place: string): Pick<Carrier, 'put'> {
  const known = context.places.get(place)
  if (known === undefined) throw new ExchangeFault('exchange.unknown-place', place)
  return 'carrier' in known ? known.carrier : hubCarrier(context, known.hub)
}

/**
 * A hub is a partner like others, which forwards: what is put is owed to it, in a message of its own. It brings by itself, so there is
 * nothing to look for (see `handler.ts`).
 */
function hubCarrier(context: Context, hub: string): Pick<Carrier, 'put'> {
  return {
    async put(object) {
      try {
        await giveToHub(context, context.db, hub, object)
        return 'put'
      } catch (error) {
        // It is in the outbox, or has been with the hub: its message keeps to its tries and receipts by itself.
        if (isUniqueViolation(error)) return 'there'
        throw error
      }
    },
  }
}

/** Owes an object to a hub, in the given transaction. PostgreSQL's unique violation when it was given before. */
export async function giveToHub(context: Context, tx: Tx, hub: string, object: CarriedObject): Promise<void> {
  await enqueue(context, tx, [
    {
      messageId: hubMessageId(object),
      link: 'partner',
      sender: context.party,
      recipient: hub,
      // Nothing is to wait for anything else: what is in order is in order between the two ends.
      conversation: hubMessageId(object),
      documentType: sealedObjectType,
      payload: writeFramed(object),
    },
  ])
}

/** Of the message to the hub: the same for the same object, and none that a message of ours has. */
const hubMessageId = ({ id, kind }: CarriedObject): string => `${kind}~${id}`

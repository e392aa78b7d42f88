import { createHash } from 'node:crypto'
import { isUniqueViolation, type Tx } from '@corridor/database'
import { sql, type Context } from '../context.ts'
import { ExchangeFault } from '../faults.ts'
import { enqueue } from '../outgoing.ts'
import type { CarriedObject, Carrier } from './carrier.ts'
import { mostForwardedBytes, sealedObjectType, writeFramed } from './framing.ts'

/** What carries objects to and from a place. Fault `exchange.unknown-place`. */
export function carrierAt(context: Context, place: string): Pick<Carrier, 'put' | 'lies'> {
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
        if (!isUniqueViolation(error)) throw error
        await giveAgain(context, context.db, object)
        return 'there'
      }
    },
  }
}

/**
 * Owes an object to a hub, in the given transaction. PostgreSQL's unique violation when it was given before; a final error when no hub
 * forwards it.
 */
export async function giveToHub(context: Context, tx: Tx, hub: string, object: CarriedObject): Promise<void> {
  const size = object.bytes.length
  if (size > mostForwardedBytes) throw new TooLargeForHub(size)
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

/**
 * An object that was given to the hub before, and for which no receipt of the addressee is here. Its message keeps to its tries by itself;
 * only one that was given up, or that a hub took which may have been set back since then, goes once more after a day: a hub that knows
 * it takes it for the repeat that it is.
 */
export async function giveAgain(context: Context, tx: Tx, object: CarriedObject): Promise<void> {
  const now = context.clock()
  await tx.run(sql.giveAgain, [hubMessageId(object), now, new Date(now.getTime() - giveAgainMs)])
}

const giveAgainMs = 86_400_000

class TooLargeForHub extends Error {
  readonly isFinal = true

  constructor(size: number) {
    super(`the sealed object has ${size} bytes, and a hub forwards ${mostForwardedBytes} at most`)
  }
}

/** Of the message to the hub: the same for the same bytes, and none that a message of ours has. */
function hubMessageId({ id, kind, bytes }: CarriedObject): string {
  return `${kind}~${id}~${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`
}

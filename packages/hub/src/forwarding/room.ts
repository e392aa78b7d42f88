import { type CarriedObject, type InboxMessage, readFramed, sealedObjectType } from '@corridor/exchange'
import { regionalCopyType } from '../copies/copy.ts'
import type { HubPorts } from '../ports.ts'
import { sql } from '../statements.ts'

/** A receipt takes a few kilobytes: what is longer has the room of messages. */
const longestReceipt = 65_536

type Arriving = Pick<InboxMessage, 'sender' | 'documentType' | 'payload'>

/**
 * Whether a hub takes on what a member gives it now: asked before it is stored, while the member still has it. One pair whose addressee takes
 * nothing, or one member that floods, is told to come later, and takes neither disk nor place of anybody else. What is only to be refused
 * goes on to where that is done.
 */
export interface Doorkeeper {
  /** @returns why it is to come later, in words for the sender; undefined when it may come in */
  admit(arriving: Arriving): Promise<string | undefined>
  /** An object that was let in has been decided on. */
  decided(arriving: Arriving): void
}

/** The journal says it so often at most of a pair, or of a member. */
const saidAgainMs = 600_000

export function doorkeeperOf(ports: HubPorts): Doorkeeper {
  /** When the journal last said of a pair or a member that there is no more room. */
  const said = new Map<string, number>()
  const between = new Between(() => ports.clock().getTime())
  return {
    async admit(arriving) {
      const found = await fullnessOf(ports, between, arriving)
      if (found?.reason === undefined) return undefined
      const { of, reason } = found
      const now = ports.clock().getTime()
      if (Math.abs(now - (said.get(of) ?? -Infinity)) > saidAgainMs) {
        said.set(of, now)
        await ports.exchange.journal(ports.db, [{ kind: 'room.full', actor: arriving.sender, detail: { reason } }])
      }
      return reason
    },
    decided({ sender, payload }) {
      const object = readFramed(payload)
      if (!('refused' in object)) between.decided(roomOf({ ...object, sender }), object.id)
    },
  }
}

/** For so long an object that was let in is remembered; by then it is among those that are under way, or another process has it. */
const mostBetweenMs = 10_000
/** And for so long when it has been decided on: its transaction is not over yet. */
const afterDecidedMs = 1_000

/** What this process has let in and cannot see yet among what is under way, by room: a flood does not get in before it is counted. */
class Between {
  readonly #now: () => number
  readonly #rooms = new Map<string, Map<string, { bytes: number; from: number; until: number }>>()

  constructor(now: () => number) {
    this.#now = now
  }

  enter(room: string, id: string, bytes: number): void {
    const now = this.#now()
    const objects = this.#rooms.get(room) ?? new Map<string, { bytes: number; from: number; until: number }>()
    this.#rooms.set(room, objects.set(id, { bytes, from: now, until: now + mostBetweenMs }))
  }

  decided(room: string, id: string): void {
    const object = this.#rooms.get(room)?.get(id)
    if (object !== undefined) object.until = Math.min(object.until, this.#now() + afterDecidedMs)
  }

  leave(room: string, id: string): void {
    const objects = this.#rooms.get(room)
    objects?.delete(id)
    if (objects?.size === 0) this.#rooms.delete(room)
  }

  in(room: string): { ids: string[]; bytes: number[] } {
    const now = this.#now()
    const found = { ids: [] as string[], bytes: [] as number[] }
    for (const [id, { bytes, from, until }] of this.#rooms.get(room) ?? [])
      // One of a clock that was ahead is over too.
      if (now < from || now >= until) this.leave(room, id)
      else {
        found.ids.push(id)
        found.bytes.push(bytes)
      }
    return found
  }
}

/** Receipts have room of their own: who has too much waiting can still say what he has taken. */
const kindOf = ({ kind, bytes }: Pick<CarriedObject, 'kind' | 'bytes'>): CarriedObject['kind'] =>
  kind === 'receipt' && bytes.length <= longestReceipt ? 'receipt' : 'message'

const roomOf = (object: CarriedObject): string => `${object.sender} ${object.addressee} ${kindOf(object)}`

interface Fullness {
  /** What is counted. */
  of: string
  reason: string | undefined
}

function fullnessOf(
  ports: HubPorts,
  between: Between,
  { sender, documentType, payload }: Arriving,
): Promise<Fullness | undefined> {
  if (documentType === regionalCopyType) return copiesOf(ports, sender)
  if (documentType !== sealedObjectType) return Promise.resolve(undefined)
  return pairOf(ports, between, sender, payload)
}

async function pairOf(
  ports: HubPorts,
  between: Between,
  from: string,
  payload: Uint8Array,
): Promise<Fullness | undefined> {
  const object = readFramed(payload)
  if ('refused' in object || object.sender !== from || !ports.members.has(object.addressee)) return undefined
  const { sender, id, addressee, bytes } = object
  const [of, kind] = [roomOf(object), kindOf(object)]
  const { waitingObjects, waitingBytes } = ports.limits
  const entered = between.in(of)
  // Before the look: whoever asks meanwhile counts this one.
  between.enter(of, id, bytes.length)
  const values = [sender, addressee, kind, id, waitingObjects, entered.ids, entered.bytes]
  const [lies] = await ports.db.run<{ objects: number; bytes: number; known: boolean }>(sql.roomOfPair, values)
  // A repeat takes no more room, and its sender has to get its receipt.
  if (lies === undefined || lies.known) return undefined
  if (lies.objects < waitingObjects && lies.bytes + bytes.length <= waitingBytes) return { of, reason: undefined }
  between.leave(of, id)
  const reason = `too much of ${sender} for ${addressee} is at the hub, which has room for ${waitingObjects} ${kind}s of this pair and ${waitingBytes} bytes; it may come later`
  return { of, reason }
}

async function copiesOf({ db, clock, limits }: HubPorts, sender: string): Promise<Fullness> {
  const today = clock().toISOString().slice(0, 10)
  const [told] = await db.run<{ copies: number }>(sql.copiesOfDay, [sender, today])
  const isFull = (told?.copies ?? 0) >= limits.copiesADay
  const reason = `${sender} has sent ${limits.copiesADay} copies today, and no more are taken; it may come tomorrow`
  return { of: sender, reason: isFull ? reason : undefined }
}

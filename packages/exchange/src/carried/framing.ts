import type { CarriedObject } from './carrier.ts'

/** Document type of an AS4 message that holds a sealed object on its way over a hub. */
export const sealedObjectType = 'SealedObject'
/** What a hub answers when it does not forward one. */
export const sealedObjectRefusedType = 'SealedObjectRefused'
/** Media type of a framed object, and of a refusal. */
export const framedMediaTypes: Readonly<Record<string, string>> = {
  [sealedObjectType]: 'application/octet-stream',
  [sealedObjectRefusedType]: 'application/json',
}

/** The head is read before anything is known of who wrote it. */
const longestHead = 1_024
const lineEnd = 0x0a
const version = 1

/** Largest object that a hub forwards: what came in must be able to go out, in a body of 10 MB with its envelope. */
export const mostForwardedBytes = 9_000_000

const isParty = /^[A-Za-z0-9._-]{1,35}$/
/** Visible ASCII: an id stands in logs, journals and message ids. */
const isId = /^[!-~]{1,255}$/

/** Why an object was not forwarded, and which one. */
export interface SealedObjectRefusal {
  /** Of the object. */
  id: string
  reason: string
  /** It was this object's time that was over, not the message's: another one may go. */
  again?: boolean
}

/** A sealed object with its clear head, one line of JSON, before it. @throws Error when its head is none that can be read back */
export function writeFramed(object: CarriedObject): Uint8Array {
  const head = headLine(object)
  const wrong = refusalOf(object, head.length)
  if (wrong !== undefined) throw new Error(`object ${object.id} cannot be framed: ${wrong}`)
  return Buffer.concat([Buffer.from(`${head}\n`, 'utf8'), object.bytes])
}

/**
 * Reads what `writeFramed` wrote. A head has one spelling only: members in their order, once each, no spaces, no escapes; anything else
 * is refused, with the reason. The object's bytes are not looked at, and are not copied.
 */
export function readFramed(bytes: Uint8Array): CarriedObject | { refused: string } {
  const end = bytes.subarray(0, longestHead + 1).indexOf(lineEnd)
  if (end < 0) return { refused: `no line of at most ${longestHead} bytes before the object` }
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1')
  const object = objectFrom(line, bytes.subarray(end + 1))
  if (object === undefined) return { refused: 'the head is no object of id, sender, addressee, kind and expiresAt' }
  const wrong = refusalOf(object, end)
  if (wrong !== undefined) return { refused: wrong }
  if (headLine(object) !== line) return { refused: 'the head is spelt otherwise than it is written' }
  return object
}

/** What a hub sends back, bounded. */
export function writeRefusal({ id, reason, again }: SealedObjectRefusal): Uint8Array {
  return Buffer.from(
    JSON.stringify({ version, id, reason: reason.slice(0, 500), ...(again === true && { again }) }),
    'utf8',
  )
}

/** Undefined when it is none. */
export function readRefusal(bytes: Uint8Array): SealedObjectRefusal | undefined {
  if (bytes.length > 2 * longestHead) return undefined
  const { id, reason, again } = membersOf(Buffer.from(bytes).toString('utf8'))
  return typeof id === 'string' && isId.test(id) && typeof reason === 'string'
    ? { id, reason, ...(again === true && { again }) }
    : undefined
}

function headLine({ id, sender, addressee, kind, expiresAt }: CarriedObject): string {
  const until = Number.isNaN(expiresAt.getTime()) ? '' : expiresAt.toISOString()
  return JSON.stringify({ version, id, sender, addressee, kind, expiresAt: until })
}

function objectFrom(line: string, bytes: Uint8Array): CarriedObject | undefined {
  const { id, sender, addressee, kind, expiresAt } = membersOf(line)
  if (typeof id !== 'string' || typeof sender !== 'string' || typeof addressee !== 'string') return undefined
  if ((kind !== 'message' && kind !== 'receipt') || typeof expiresAt !== 'string') return undefined
  return { id, sender, addressee, kind, expiresAt: new Date(expiresAt), bytes }
}

function membersOf(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

function refusalOf({ id, sender, addressee, expiresAt, bytes }: CarriedObject, head: number): string | undefined {
  if (head > longestHead) return `the head has ${head} bytes; ${longestHead} at most`
  if (!isId.test(id)) return 'the id is not of 1 to 255 visible ASCII characters'
  if (!isParty.test(sender)) return 'the sender is no party id'
  if (!isParty.test(addressee)) return 'the addressee is no party id'
  if (sender === addressee) return 'the sender is its own addressee'
  if (Number.isNaN(expiresAt.getTime())) return 'expiresAt is no time'
  if (bytes.length === 0) return 'there is no object after the head'
  return undefined
}

import { createHash } from 'node:crypto'
import type { CarriedObject } from '@corridor/exchange'
import { StoreFault } from './faults.ts'

/**
 * What lies where in the bucket: `to/<addressee>/<sender>/<SHA-256 of the id>`. So one prefix is what waits for a member, and one below
 * each addressee is what a member may write. The id itself may have characters that a store or its disk makes something else of.
 */
export interface Placed {
  sender: string
  /** SHA-256 of the id in hexadecimal. */
  name: string
}

const isParty = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const isName = /^[0-9a-f]{64}$/
const isId = /^[!-~]{1,255}$/

/** @throws StoreFault `store.bad-party` */
export function requireParty(party: string): string {
  if (!isParty.test(party)) throw new StoreFault('store.bad-party', 'this is no party id that can stand in a key')
  return party
}

/** What waits for a party, of all senders or of one. */
export const inboxOf = (addressee: string, sender?: string): string =>
  `to/${requireParty(addressee)}/${sender === undefined ? '' : `${requireParty(sender)}/`}`

export const keyOf = ({ addressee, sender, id }: Pick<CarriedObject, 'addressee' | 'sender' | 'id'>): string =>
  inboxOf(addressee, sender) + nameOf(id)

export const nameOf = (id: string): string => createHash('sha256').update(id).digest('hex')

/** Who left what lies under a key of `inboxOf(addressee)`; undefined when it is no key of an object. */
export function placedAt(key: string, addressee: string): Placed | undefined {
  const inbox = inboxOf(addressee)
  if (!key.startsWith(inbox)) return undefined
  const [sender = '', name = '', ...more] = key.slice(inbox.length).split('/')
  return more.length === 0 && isParty.test(sender) && isName.test(name) ? { sender, name } : undefined
}

/** What stands beside the bytes, as user-defined metadata: a claim, until the object is opened. */
export function metadataOf({ id, kind, expiresAt, bytes }: CarriedObject): Record<string, string> {
  return {
    'x-amz-meta-id': id,
    'x-amz-meta-kind': kind,
    'x-amz-meta-expires': expiresAt.toISOString(),
    'x-amz-meta-digest': digestOf(bytes),
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Whether what stands beside something that lies there says that it is this object; of a program that wrote no digest, no. */
export function isSaidToBe(
  headers: Readonly<Record<string, string | undefined>>,
  { id, bytes }: Pick<CarriedObject, 'id' | 'bytes'>,
): boolean {
  return (
    headers['x-amz-meta-id'] === id &&
    headers['x-amz-meta-digest'] === digestOf(bytes) &&
    headers['content-length'] === String(bytes.length)
  )
}

/** Reads what `metadataOf` wrote; undefined when it is none, or not of the object of this name. */
export function readMetadata(
  headers: Readonly<Record<string, string | undefined>>,
  name: string,
): Pick<CarriedObject, 'id' | 'kind' | 'expiresAt'> | undefined {
  const id = headers['x-amz-meta-id'] ?? ''
  const kind = headers['x-amz-meta-kind']
  const expiresAt = new Date(headers['x-amz-meta-expires'] ?? '')
  if (!isId.test(id) || nameOf(id) !== name || (kind !== 'message' && kind !== 'receipt')) return undefined
  return Number.isNaN(expiresAt.getTime()) ? undefined : { id, kind, expiresAt }
}

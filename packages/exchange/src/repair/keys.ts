import { createHmac, type KeyObject } from 'node:crypto'

/** Kinds of values that messages are found by. Which values of a document are of which kind is for who knows documents to say. */
export const keyKinds = ['mrn', 'lrn', 'plate', 'seal', 'container'] as const
export type KeyKind = (typeof keyKinds)[number]

/** One value that a message can be found by. */
export interface MessageKey {
  kind: KeyKind
  value: string
}

/** What people type in many ways and mean the same by: letters of either case, spaces, dashes, dots and slashes in between. */
export function normalised(value: string): string {
  return value
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}._/\\]/gu, '')
}

/** Makes of a value what stands in the database of it: a keyed digest in the form of a UUID. */
export type KeyDigest = (key: MessageKey) => string

/**
 * A plate or a seal is soon guessed, so a plain digest would hide nothing: it is made with a key that is not in the database. Equal values
 * have equal digests, which is what they are for. 128 bits of HMAC-SHA256.
 * @param dataKey of the node; with another one nothing is found of what was stored before
 */
export function makeKeyDigest(dataKey: KeyObject): KeyDigest {
  return ({ kind, value }) =>
    createHmac('sha256', dataKey)
      .update(`exchange search\0${kind}\0${normalised(value)}`)
      .digest('hex')
      .slice(0, 32)
}

/** Keys as columns for a statement, each once. A value of which nothing is left finds nothing, and is not kept. */
export function keyColumns(digest: KeyDigest, keys: readonly MessageKey[]): { kinds: string[]; values: string[] } {
  const byValue = new Map<string, string>()
  for (const key of keys) if (normalised(key.value) !== '') byValue.set(digest(key), key.kind)
  return { kinds: [...byValue.values()], values: [...byValue.keys()] }
}

import { createHash } from 'node:crypto'

/** One batch of journal lines under one hash, and the link of a chain. */
export interface JournalSeal {
  /** From 1, without gaps. */
  number: number
  /** Transactions from this one … */
  firstTx: number
  /** … up to but without this one: where the next seal begins. */
  endTx: number
  /** How many lines they wrote into the journal. */
  entries: number
  /** Root of the Merkle tree over these lines (RFC 9162 section 2.1), 32 bytes. */
  root: Uint8Array
  /** Hash of the seal before; 32 zero bytes in the first. */
  previous: Uint8Array
  /** See `sealHash`. */
  hash: Uint8Array
  /** Microseconds since 1970-01-01T00:00:00Z, by the clock of the node that sealed. */
  sealedAtUs: number
}

/** What the first seal has in the place of a hash before it. */
export const noSeal: Uint8Array = new Uint8Array(32)

/** Begins what is hashed, so that these bytes can mean nothing else anywhere. */
const domain = 'corridor journal seal 1\n'

/**
 * The hash of a seal: SHA-256 over the ASCII text `corridor journal seal 1` and a line feed, then number, firstTx, endTx, entries and
 * sealedAtUs as 64-bit unsigned big-endian numbers, then root and previous.
 */
export function sealHash(seal: Omit<JournalSeal, 'hash'>): Buffer {
  const numbers = Buffer.alloc(40)
  for (const [at, value] of [seal.number, seal.firstTx, seal.endTx, seal.entries, seal.sealedAtUs].entries())
    numbers.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), at * 8)
  return createHash('sha256').update(domain).update(numbers).update(seal.root).update(seal.previous).digest()
}

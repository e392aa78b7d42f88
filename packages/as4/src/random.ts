import { randomBytes as freshBytes, randomFillSync } from 'node:crypto'

/** Octets from a good source; from a seeded one in a simulation. */
export type RandomBytes = (size: number) => Uint8Array

const pool = Buffer.alloc(4096)
let left = 0

/**
 * Octets of node:crypto's generator, fetched many at once: a message takes a dozen small pieces, and each call into
 * the generator costs more than what it returns. What was given out is wiped from the pool.
 */
export function randomBytes(size: number): Buffer {
  if (size > 256) return freshBytes(size)
  if (left < size) {
    randomFillSync(pool)
    left = pool.length
  }
  left -= size
  const octets = Buffer.from(pool.subarray(left, left + size))
  pool.fill(0, left, left + size)
  return octets
}

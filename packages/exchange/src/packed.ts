/** Many byte strings as one, since the driver writes an array of them as text, twice as long. */
export interface Packed {
  bytes: Buffer
  /** Where each begins, from 1 as SQL counts, and how long it is; null for what is null. */
  starts: number[]
  lengths: (number | null)[]
}

/** Packs byte strings for a statement that unpacks them with `substring(bytes from start for length)`. */
export function pack(parts: readonly (Uint8Array | null | undefined)[]): Packed {
  const starts: number[] = []
  let next = 1
  for (const part of parts) {
    starts.push(next)
    next += part?.length ?? 0
  }
  const given = parts.filter((part) => part !== null && part !== undefined)
  return { bytes: Buffer.concat(given), starts, lengths: parts.map((part) => part?.length ?? null) }
}

import { demand } from '../refusal.ts'

/** All octets of a source that has few. Refuses with EBMS:0007 what has more than allowed. */
export async function collect(source: AsyncIterable<Uint8Array>, most: number, what: string): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of source) {
    length += piece.length
    demand(length <= most, 'EBMS:0007', `${what} has more than ${most} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces, length)
}

/** Passes a payload on; refuses with EBMS:0303 what becomes larger than allowed. */
export async function* bounded(source: AsyncIterable<Uint8Array>, most: () => number): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const piece of source) {
    length += piece.length
    demand(length <= most(), 'EBMS:0303', 'a payload is too large')
    yield piece
  }
}

/** Passes octets on and lets them be seen, by a digest for one. */
export async function* seen<T extends Uint8Array>(
  source: AsyncIterable<T>,
  see: (piece: T) => void,
): AsyncGenerator<T> {
  for await (const piece of source) {
    see(piece)
    yield piece
  }
}

/**
 * Gives the memory of a piece back at once, which nobody else may have: the garbage collector would let tens of
 * megabytes of what was written gather first.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

/** Passes on pieces that are nobody else's, and releases each when the next is asked for. */
export async function* released(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    yield piece
    release(piece)
  }
}

/**
 * The octets of a source in one piece when there are no more than so many, else all of them as they come. Reads one piece
 * too many to know.
 */
export async function gather(
  source: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Buffer | AsyncIterable<Uint8Array>> {
  const rest = source[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  for (let length = 0; length <= most;) {
    const { done, value } = await rest.next()
    if (done) return Buffer.concat(pieces, length)
    length += value.length
    pieces.push(value)
  }
  return resumed(pieces, rest)
}

async function* resumed(pieces: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces
  for (;;) {
    const { done, value } = await rest.next()
    if (done) return
    yield value
  }
}

import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { As4Limits } from '../limits.ts'
import { demand, Refusal } from '../refusal.ts'
import { HARMLESS_BYTES } from '../unzip.ts'
import { chunkFor } from '../zip.ts'
import type { Spool, SpooledFile } from './spool.ts'

// By how much more than its ratio a payload may run ahead of itself: what begins with zeros may go on otherwise.
const AHEAD_BYTES = 1024 * 1024

/**
 * Decompresses one payload into the spool, within `remaining` octets and the allowed ratio, and reads its source to the
 * end whatever becomes of it: what decompression has against it counts only when it is known whose it is. Returns that
 * refusal (EBMS:0303) instead of throwing it; rejects with what the source or the file system rejects with.
 */
export async function inflate(
  source: AsyncGenerator<Uint8Array>,
  spool: Spool,
  limits: As4Limits,
  remaining: number,
): Promise<{ file: SpooledFile } | { refusal: Refusal }> {
  let compressed = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      // Not `for await`, which would end the source when decompression gives up.
      const { done, value } = await source.next()
      if (done) return
      compressed += value.length
      yield value
    }
  }
  const gunzip = createGunzip({ chunkSize: chunkFor(Infinity) })
  let file: SpooledFile | undefined
  let refusal: Refusal | undefined
  try {
    await pipeline(counted, gunzip, async (plain: AsyncIterable<Uint8Array>) => {
      file = await spool.write(bounded(plain, () => Math.min(remaining, compressed * limits.unzipRatio + AHEAD_BYTES)))
    })
  } catch (error) {
    refusal = refusalFor(error)
  }
  for (;;) {
    const { done, value } = await source.next()
    if (done) break
    compressed += value.length
  }
  if (refusal) return { refusal }
  try {
    demand(gunzip.bytesWritten === compressed, 'EBMS:0303', 'something follows the compressed payload')
    const ratio = Math.max(HARMLESS_BYTES, compressed * limits.unzipRatio)
    demand(file && file.length <= ratio, 'EBMS:0303', 'a payload was compressed more than is allowed')
    return { file }
  } catch (error) {
    return { refusal: refusalFor(error) }
  }
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

/** The refusal for what zlib or {@link bounded} says; throws every other error again. */
function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal && error.code === 'EBMS:0303') return error
  const { code = '' } = error as NodeJS.ErrnoException
  if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new Refusal('EBMS:0303', `a payload cannot be decompressed: ${code}`)
  }
  throw error
}

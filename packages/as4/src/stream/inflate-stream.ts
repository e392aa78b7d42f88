import { pipeline } from 'node:stream/promises'
import { createGunzip, type ZlibOptions } from 'node:zlib'
import type { As4Limits } from '../limits.ts'
import { demand, Refusal } from '../refusal.ts'
import { HARMLESS_BYTES } from '../unzip.ts'
import { chunkFor } from '../zip.ts'
import { bounded, release, released } from './pieces.ts'

// By how much more than its ratio a payload may run ahead of itself: what begins with zeros may go on otherwise.
const AHEAD_BYTES = 1024 * 1024

/**
 * Decompresses one payload for `keep`, within `remaining` octets and the allowed ratio, and reads its source to the
 * end whatever becomes of it: what decompression has against it counts only when it is known whose it is. Returns that
 * refusal (EBMS:0303) instead of throwing it; rejects with what the source or `keep` rejects with.
 */
export async function inflate<Kept extends { length: number }>(
  source: AsyncGenerator<Uint8Array>,
  keep: (plain: AsyncIterable<Uint8Array>) => Promise<Kept>,
  limits: As4Limits,
  remaining: number,
): Promise<{ kept: Kept } | { refusal: Refusal }> {
  let compressed = 0
  let broken: { error: unknown } | undefined
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      // Not `for await`, which would end the source when decompression gives up.
      const { done, value } = await source.next().catch((error: unknown) => {
        broken = { error }
        throw error
      })
      if (done) return
      compressed += value.length
      yield value
      release(value)
    }
  }
  // One piece at a time: when the next is asked for, the one before has been read.
  const gunzip = createGunzip({ chunkSize: chunkFor(Infinity), writableHighWaterMark: 1 } as ZlibOptions)
  let kept: Kept | undefined
  let refusal: Refusal | undefined
  try {
    await pipeline(counted, gunzip, async (plain: AsyncIterable<Uint8Array>) => {
      kept = await keep(
        bounded(released(plain), () => Math.min(remaining, compressed * limits.unzipRatio + AHEAD_BYTES)),
      )
    })
  } catch (error) {
    // A body that breaks off breaks the decompression off, which may be the one that is heard of.
    if (broken) throw broken.error
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
    demand(kept && kept.length <= ratio, 'EBMS:0303', 'a payload was compressed more than is allowed')
    return { kept }
  } catch (error) {
    return { refusal: refusalFor(error) }
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

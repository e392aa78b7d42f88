import { gunzipSync } from 'node:zlib'
import type { As4Limits } from './limits.ts'
import { demand, Refusal } from './refusal.ts'
import { chunkFor } from './zip.ts'

/** Below this, a payload that compressed far better than usual is no danger. */
export const HARMLESS_BYTES = 64 * 1024

/** Output that zlib is given room for at once on nothing but its own word. */
const MOST_AT_ONCE = 1024 * 1024

/**
 * Decompresses one payload (AS4 Profile 1.0, 3.1) within `remaining` octets and the allowed ratio; memory is never
 * taken for more. Refuses with EBMS:0303, also when anything follows the compressed data.
 */
export function unzip(bytes: Buffer, limits: As4Limits, remaining: number): Buffer {
  const byRatio = Math.max(HARMLESS_BYTES, bytes.length * limits.unzipRatio)
  // A limit of 0 would mean none to zlib.
  const maxOutputLength = Math.max(1, Math.min(byRatio, remaining))
  let result: { buffer: Buffer; engine: { bytesWritten: number } }
  try {
    result = gunzipSync(bytes, {
      maxOutputLength,
      chunkSize: Math.max(
        chunkFor(bytes.length * 8),
        Math.min(claimedLength(bytes) + 1, maxOutputLength, MOST_AT_ONCE),
      ),
      info: true,
    }) as unknown as typeof result
  } catch (error) {
    throw new Refusal('EBMS:0303', `a payload cannot be decompressed: ${(error as NodeJS.ErrnoException).code}`)
  }
  demand(result.engine.bytesWritten === bytes.length, 'EBMS:0303', 'something follows the compressed payload')
  return result.buffer
}

/**
 * How long the trailer says that the output is (RFC 1952, 2.3.1), so that it need not be put together from pieces.
 * Believed in nothing else.
 */
function claimedLength(bytes: Buffer): number {
  return bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4)
}

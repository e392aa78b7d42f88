import { gzipSync } from 'node:zlib'

/** From here on a message is so large that the time counts more than its last tenth of size. */
const LARGE_BYTES = 256 * 1024
/** Pieces in which zlib hands over its output: many small ones cost more than the work itself. */
const LARGE_CHUNK = 64 * 1024

/**
 * What zlib is asked for: all that it can do with small payloads, half the time for large ones (a tenth more of output),
 * where 128 kB more of memory for its tables save some time too.
 */
export function zipOptions(bytes: number): { level: number; memLevel: number; chunkSize: number } {
  const large = bytes >= LARGE_BYTES
  return { level: large ? 3 : 6, memLevel: large ? 9 : 8, chunkSize: chunkFor(bytes) }
}

/** A size of pieces for so many bytes of compressed or decompressed data. */
export function chunkFor(bytes: number): number {
  return bytes < LARGE_CHUNK ? 16 * 1024 : LARGE_CHUNK
}

/** One payload compressed as gzip (AS4 Profile 1.0, 3.1). */
export function zip(bytes: Uint8Array): Buffer {
  return gzipSync(bytes, zipOptions(bytes.length))
}

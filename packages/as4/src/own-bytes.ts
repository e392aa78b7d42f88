/**
 * Octets in memory of their own. Node cuts small buffers out of shared pages of 64 kB: a receipt that somebody keeps
 * would keep its page, a dozen times its size.
 */
export function ownBytes(chunks: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.allocUnsafeSlow(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

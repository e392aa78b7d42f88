const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The bytes as a string of the same length, one character a byte: what is ASCII can be cut out of it at the offsets of the bytes.
 * Other characters are not right in it; take them with {@link decodeUtf8}.
 */
export function onePerByte(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The text of some bytes; undefined when they are not valid UTF-8 (overlong forms and encoded surrogates are not). */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

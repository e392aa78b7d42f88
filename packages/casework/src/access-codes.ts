/**
 * A document as an officer or a national system may read it: the access code of a guarantee is for the holder and the office of guarantee only. The bytes
 * that were exchanged are kept as they are.
 */
export function withoutAccessCodes(payload: Uint8Array): Uint8Array {
  const text = Buffer.from(payload).toString('utf8')
  return text.includes('accessCode') ? Buffer.from(text.replace(accessCodeElement, '$1****$2')) : payload
}

/**
 * From the start tag to the end tag, or to the end of a text that has none: spaces in tags, CDATA, comments and references are one code to
 * the reader. Each character is looked at once, whatever the text.
 */
const accessCodeElement = /(<(?:[^\s<>/:]+:)?accessCode(?:\s[^<>]*)?>)[^]*?(<\/(?:[^\s<>/:]+:)?accessCode\s*>|$)/g

import { canonicalize, parse } from '@corridor/xml'

/**
 * The octets of an attachment that a signature covers: XML in canonical form, other text with CRLF line ends, the rest
 * as it is (SwA profile 1.1, 5.4.2; WSS4J does the same). Throws XmlFault for XML that is none.
 */
export function signedFormOf(bytes: Uint8Array, mimeType: string): Uint8Array {
  const type = mimeType.toLowerCase()
  if (/^(text|application)\/xml\b|^(application|image)\/[^;]+\+xml\b/.test(type)) return canonicalize(parse(bytes))
  if (!type.startsWith('text/')) return bytes
  return Buffer.from(
    Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/\r\n|\r|\n/g, '\r\n'),
    'latin1',
  )
}

import { canonicalize, parse } from '@corridor/xml'

const XML_TYPE = /^(text|application)\/xml\b|^(application|image)\/[^;]+\+xml\b/i

/** Whether the octets of an attachment of this type are signed just as they are. */
export function signedFormIsPlain(mimeType: string): boolean {
  return !XML_TYPE.test(mimeType) && !/^text\//i.test(mimeType)
}

/**
 * The octets of an attachment that a signature covers: XML in canonical form, other text with CRLF line ends, the rest
 * as it is (SwA profile 1.1, 5.4.2; WSS4J does the same). Throws XmlFault for XML that is none.
 */
export function signedFormOf(bytes: Uint8Array, mimeType: string): Uint8Array {
  if (signedFormIsPlain(mimeType)) return bytes
  if (XML_TYPE.test(mimeType)) return canonicalize(parse(bytes))
  return Buffer.from(
    Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/\r\n|\r|\n/g, '\r\n'),
    'latin1',
  )
}

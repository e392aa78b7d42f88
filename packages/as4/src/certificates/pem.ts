import { need } from './der.ts'

/** The DER octets of something that may be in PEM (RFC 7468), with a label such as `X509 CRL`. Throws {@link DerFault}. */
export function derOf(bytes: Uint8Array | string, label: string): Buffer {
  const buffer = Buffer.from(bytes)
  if (buffer[0] === 0x30) return buffer
  const found = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(
    buffer.toString('latin1'),
  )
  need(found, `there is no ${label}`)
  return Buffer.from(found[1]!, 'base64')
}

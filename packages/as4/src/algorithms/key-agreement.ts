import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { isP256 } from './signature.ts'

/** Two keys agree on a secret, from which a key is derived that wraps the content key (RFC 9231, 2.6 and 2.8; XML Encryption 1.1, 5.6). */
export interface KeyAgreement {
  agreement: AgreementName
  derivation: 'hkdf-sha256'
  wrap: WrapName
}

/** The agreements that a profile may ask for. */
export type AgreementName = 'x25519' | 'ecdh-es'
/** The key wraps that a profile may ask for. */
export type WrapName = 'kw-aes128' | 'kw-aes256'

/** Identifiers, and which keys take part. */
export const AGREEMENTS: Readonly<
  Record<AgreementName, { uri: string; keyText: string; fits: (key: KeyObject) => boolean }>
> = {
  x25519: {
    uri: 'http://www.w3.org/2021/04/xmldsig-more#x25519',
    keyText: 'an X25519 key',
    fits: (key) => key.asymmetricKeyType === 'x25519',
  },
  'ecdh-es': {
    uri: 'http://www.w3.org/2009/xmlenc11#ECDH-ES',
    keyText: 'an EC key on the curve P-256',
    fits: isP256,
  },
}

/** Identifiers (XML Encryption 1.1, 5.7.2), names in node:crypto, and octets of the wrapping key. */
export const WRAPS: Readonly<Record<WrapName, { uri: string; cipher: string; keyBytes: number }>> = {
  'kw-aes128': { uri: 'http://www.w3.org/2001/04/xmlenc#kw-aes128', cipher: 'id-aes128-wrap', keyBytes: 16 },
  'kw-aes256': { uri: 'http://www.w3.org/2001/04/xmlenc#kw-aes256', cipher: 'id-aes256-wrap', keyBytes: 32 },
}

/** What HKDF takes beside the secret (RFC 5869). */
export interface Derivation {
  salt: Uint8Array
  info: Uint8Array
}

// RFC 3394, 2.2.3.1.
const WRAP_IV = Buffer.alloc(8, 0xa6)
// PKCS #8 around the 32 octets of an X25519 private key (RFC 8410, 7).
const X25519_PRIVATE = Buffer.from('302e020100300506032b656e04220420', 'hex')
const P256_BYTES = 32

/**
 * Wraps a content key for the holder of `recipient` with a key used this once. Throws RangeError when the keys do not
 * fit the agreement. Returns our public half, which the recipient needs.
 */
export function agreeAndWrap(
  contentKey: Uint8Array,
  recipient: KeyObject,
  scheme: KeyAgreement,
  derivation: Derivation,
  randomBytes: (size: number) => Uint8Array,
): { originator: KeyObject; wrapped: Buffer } {
  const own = makeKey(scheme.agreement, randomBytes)
  const secret = diffieHellman({ privateKey: own, publicKey: recipient })
  const cipher = createCipheriv(WRAPS[scheme.wrap].cipher, derive(secret, scheme, derivation), WRAP_IV)
  const wrapped = Buffer.concat([cipher.update(contentKey), cipher.final()])
  return { originator: createPublicKey(own), wrapped }
}

/**
 * The content key back. Throws whatever node:crypto throws: for a public half that is not on the curve or of small
 * order, and for a wrapped key that was not wrapped with what these two keys agree on.
 */
export function agreeAndUnwrap(
  wrapped: Buffer,
  originator: KeyObject,
  privateKey: KeyObject,
  scheme: KeyAgreement,
  derivation: Derivation,
): Buffer {
  if (!AGREEMENTS[scheme.agreement].fits(originator)) throw new RangeError('the originator key is of another kind')
  const secret = diffieHellman({ privateKey, publicKey: originator })
  const decipher = createDecipheriv(WRAPS[scheme.wrap].cipher, derive(secret, scheme, derivation), WRAP_IV)
  return Buffer.concat([decipher.update(wrapped), decipher.final()])
}

/** The uncompressed point of a P-256 public key: 04, x, y. */
export function pointOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-1 - 2 * P256_BYTES)
}

/** A P-256 public key from its uncompressed point; throws when the point is not on the curve. */
export function keyOfPoint(point: Buffer): KeyObject {
  if (point.length !== 1 + 2 * P256_BYTES || point[0] !== 4) throw new RangeError('not an uncompressed P-256 point')
  const x = point.subarray(1, 1 + P256_BYTES).toString('base64url')
  const y = point.subarray(1 + P256_BYTES).toString('base64url')
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
}

function derive(secret: Buffer, scheme: KeyAgreement, { salt, info }: Derivation): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, WRAPS[scheme.wrap].keyBytes))
}

// From the caller's randomness, so that a simulation with a seed makes the same bytes each time.
function makeKey(agreement: AgreementName, randomBytes: (size: number) => Uint8Array): KeyObject {
  if (agreement === 'x25519') {
    const key = Buffer.concat([X25519_PRIVATE, randomBytes(32)])
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  }
  const ecdh = createECDH('prime256v1')
  for (;;) {
    const d = Buffer.from(randomBytes(P256_BYTES))
    // The order of the curve is a little below 2^256: once in 2^32 tries the number is too large.
    if (!isPrivateP256(d)) continue
    ecdh.setPrivateKey(d)
    const point = ecdh.getPublicKey()
    const x = point.subarray(1, 1 + P256_BYTES).toString('base64url')
    const y = point.subarray(1 + P256_BYTES).toString('base64url')
    return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d: d.toString('base64url'), x, y }, format: 'jwk' })
  }
}

const P256_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
function isPrivateP256(octets: Buffer): boolean {
  const number = BigInt(`0x${octets.toString('hex')}`)
  return number > 0n && number < P256_ORDER
}

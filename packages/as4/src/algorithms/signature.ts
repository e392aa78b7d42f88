import { type KeyObject, sign, verify } from 'node:crypto'

/** The signature algorithms that a profile may ask for. */
export type SignatureName = 'rsa-sha256' | 'ecdsa-sha256' | 'ed25519'

/** How one signature algorithm is named on the wire and carried out. */
export interface SignatureAlgorithm {
  /** The identifier in ds:SignatureMethod. */
  uri: string
  /** The key it needs, for messages to people. */
  keyText: string
  fits: (key: KeyObject) => boolean
  sign: (bytes: Uint8Array, privateKey: KeyObject) => Buffer
  verify: (bytes: Uint8Array, publicKey: KeyObject, value: Buffer) => boolean
}

/** Identifiers: RFC 9231, 2.3.1, 2.3.6 and 2.3.12; ECDSA values are r and s in 32 octets each (XML Signature 1.1, 6.4.3). */
export const SIGNATURES: Readonly<Record<SignatureName, SignatureAlgorithm>> = {
  'rsa-sha256': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    keyText: 'an RSA key of 2048 bits or more',
    fits: isStrongRsa,
    sign: (bytes, key) => sign('sha256', bytes, key),
    verify: (bytes, key, value) => verify('sha256', bytes, key, value),
  },
  'ecdsa-sha256': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
    keyText: 'an EC key on the curve P-256',
    fits: isP256,
    sign: (bytes, key) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }),
    verify: (bytes, key, value) => verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, value),
  },
  ed25519: {
    uri: 'http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519',
    keyText: 'an Ed25519 key',
    fits: (key) => key.asymmetricKeyType === 'ed25519',
    sign: (bytes, key) => sign(null, bytes, key),
    verify: (bytes, key, value) => verify(null, bytes, key, value),
  },
}

/** Whether a key is RSA of 2048 bits or more, as the profiles' RSA algorithms need it. */
export function isStrongRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
}

/** Whether a key is an EC key on P-256 (secp256r1). */
export function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
}

/** The algorithm that a key can sign with; undefined when no profile has one for it. */
export function signatureFor(key: KeyObject): SignatureName | undefined {
  return (Object.keys(SIGNATURES) as SignatureName[]).find((name) => SIGNATURES[name].fits(key))
}

import { type KeyObject, verify } from 'node:crypto'
import { childrenOf, type Der, expect, readBits, readOid, TAG } from './der.ts'

/** What somebody signed in ASN.1: a revocation list, a basic OCSP response. */
export interface SignedData {
  signed: Der
  /** Identifier of the algorithm. */
  algorithm: string
  signature: Buffer
  /** What follows the signature. */
  rest: Der[]
}

/** Hash by signature algorithm; null where the algorithm has its own. SHA-1 and what is older is not here. */
const ALGORITHMS: Readonly<Record<string, 'sha256' | 'sha384' | 'sha512' | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
}

/** RSASSA-PSS, which node:crypto verifies in certificates by itself. */
const RSA_PSS = '1.2.840.113549.1.1.10'

/** Whether an issuer may sign a certificate with an algorithm: none that is broken. */
export function isSoundAlgorithm(id: string): boolean {
  return id in ALGORITHMS || id === RSA_PSS
}

/** Takes signed data apart. Throws {@link DerFault}. */
export function readSignedData(der: Der): SignedData {
  const [signed, algorithm, signature, ...rest] = childrenOf(expect(der, TAG.sequence))
  return {
    signed: expect(signed, TAG.sequence),
    algorithm: readOid(childrenOf(expect(algorithm, TAG.sequence))[0]),
    signature: readBits(signature).octets,
    rest,
  }
}

/** Whether data was signed with a key, by an algorithm that is known here. */
export function isSignedWith({ signed, algorithm, signature }: SignedData, key: KeyObject): boolean {
  const hash = ALGORITHMS[algorithm]
  return hash !== undefined && verify(hash, signed.raw, key, signature)
}

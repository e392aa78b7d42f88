import { RsaEsOaepParams } from '@peculiar/asn1-rsa'
import { AsnConvert } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { OID } from './names.ts'

/** RSAES-OAEP with SHA-256 for digest and mask, and no label (RFC 4055, 4.1), in DER. SHA-256 has no parameters, or NULL (RFC 5754, 2). */
function parametersOf(digest: null | undefined, mask: null | undefined): ArrayBuffer {
  const sha256 = (parameters: null | undefined) => new AlgorithmIdentifier({ algorithm: OID.sha256, parameters })
  const maskHash = AsnConvert.serialize(sha256(mask))
  return AsnConvert.serialize(
    new RsaEsOaepParams({
      hashAlgorithm: sha256(digest),
      maskGenAlgorithm: new AlgorithmIdentifier({ algorithm: OID.mgf1, parameters: maskHash }),
    }),
  )
}

/** As it is written here, without parameters of SHA-256. */
export const OAEP_SHA256 = parametersOf(undefined, undefined)

const spellings = new Set(
  [undefined, null].flatMap((digest) =>
    [undefined, null].map((mask) => Buffer.from(parametersOf(digest, mask)).toString('hex')),
  ),
)

/** Whether these are the parameters of RSAES-OAEP with SHA-256, in one of their four spellings. */
export function isOaepSha256(parameters: ArrayBuffer | null | undefined): boolean {
  return !!parameters && spellings.has(Buffer.from(parameters).toString('hex'))
}

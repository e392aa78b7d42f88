import type { As4Error } from '../ebms-errors.ts'
import type { Reference, UserMessageHeader } from '../model.ts'

/** What a captured message holds. Nothing here is vouched for, except where `signature.verified` says by whom. */
export interface Explanation {
  kind: 'user' | 'receipt' | 'error' | 'pull' | 'unreadable'
  contentType: string
  bytes: number
  envelopeBytes: number
  header?: UserMessageHeader
  signal?: {
    messageId: string
    timestamp: Date
    refToMessageId: string | undefined
    mpc?: string
    errors?: As4Error[]
    references?: Reference[]
  }
  parts: ExplainedPart[]
  tokens: ExplainedToken[]
  signature?: ExplainedSignature
  encryption?: ExplainedEncryption
  /** Names of the library's profiles whose algorithms and tokens these are. */
  profiles: string[]
  /** What is wrong or strange, as it would be refused (`EBMS:xxxx …`) or in words. */
  problems: string[]
}

/** One payload, from what header, MIME, signature and encryption say of it. */
export interface ExplainedPart {
  contentId: string
  /** Of eb:PartInfo; undefined when there is none for this attachment. */
  mimeType?: string
  characterSet?: string
  compressed: boolean
  properties: { name: string; value: string; type?: string }[]
  /** As it lies in MIME; undefined when there is no such attachment. */
  wire?: { contentType: string; bytes: number }
  signed: boolean
  encrypted: boolean
  /** The payload itself, where it could be had: decrypted if need be, and decompressed. */
  content?: { bytes: number; sha256: string; octets: Uint8Array }
}

/** A BinarySecurityToken. */
export interface ExplainedToken {
  id: string
  valueType: string
  /** What the signature or the encrypted key says it is for. */
  use: 'signature' | 'encryption' | 'none'
  /** The leaf first. */
  certificates: ExplainedCertificate[]
}

/** One certificate. */
export interface ExplainedCertificate {
  subject: string
  issuer: string
  serialNumber: string
  validFrom: Date
  validTo: Date
  isValidNow: boolean
  key: string
  sha256: string
  /** Whether it is one of those that were given. */
  given: boolean
}

/** ds:Signature. */
export interface ExplainedSignature {
  method: string
  canonicalization: string
  prefixes: string[]
  /** How the signer is named: `x509v3`, `key-identifier` … or what else stands there. */
  signerBy: string
  /** `given`: by a certificate that was given; `carried`: by the one in the message, for which nobody vouches. */
  verified: 'given' | 'carried' | 'wrong' | 'not-checked'
  signer?: string
  references: ExplainedReference[]
}

/** One ds:Reference. */
export interface ExplainedReference {
  uri: string
  what: string
  transforms: string[]
  digestMethod: string
  digest: 'right' | 'wrong' | 'not-checked'
}

/** xenc:EncryptedKey and what it encrypts. */
export interface ExplainedEncryption {
  /** Algorithms as they stand, from the outside in: wrap, digest, mask, agreement, derivation, content. */
  algorithms: { role: string; uri: string }[]
  recipientBy: string
  attachments: string[]
  decrypted: 'yes' | 'wrong-key' | 'no-key'
}

import type { ContentName } from '../algorithms/content.ts'
import type { KeyManagement } from '../algorithms/key-management.ts'
import type { SignatureName } from '../algorithms/signature.ts'

/**
 * How a certificate is referred to (WS-Security X.509 token profile 1.1, 3.2): carried in a BinarySecurityToken as one
 * certificate or as a path from the root to the leaf, or known to the other side by its subject key identifier or by
 * issuer and serial number.
 */
export type TokenReference = 'x509v3' | 'x509-pki-path' | 'key-identifier' | 'issuer-serial'

/** What a network demands of its messages. Plain data: it can be written as JSON, and a new network is a new one. */
export interface Profile {
  /** By which P-Modes name it. */
  name: string
  /** Specification, edition and clauses that it was made from. */
  source: string
  signature: SignatureName
  digest: 'sha256'
  /** Left out where messages are signed only. */
  encryption?: { content: ContentName; key: KeyManagement }
  tokens: {
    /** What we send, unless a P-Mode says otherwise. */
    send: TokenReference
    /** What we take, unless a P-Mode says otherwise. */
    accept: readonly TokenReference[]
    /** Whether a path must hold every certificate from a self-signed root to the leaf. */
    fullChain: boolean
  }
  /** What the signature of a receipt covers, in ours and in theirs. */
  receiptSigns: readonly ('Messaging' | 'Body')[]
  /** Whether payloads must be compressed, or may be. */
  compression: 'required' | 'optional'
  /** The party identifiers that there are, and what their values look like (regular expression of the whole); any when left out. */
  partyIds?: readonly { type: string; value: string }[]
  /** The roles that there are; any when left out. */
  roles?: readonly string[]
  /** The forms that a message id of ours must have (regular expression of the whole); any id when left out. */
  messageId?: string
  /** Whether messages of ours may have message properties. */
  messageProperties: boolean
  exchangePatterns: readonly ('one-way' | 'two-way')[]
}

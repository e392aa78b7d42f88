import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Trust } from './certificates/trust.ts'
import type { Profile, TokenReference } from './profiles/profile.ts'

/** A certificate and its private key. */
export interface KeyPair {
  certificate: X509Certificate
  privateKey: KeyObject
}

/** Our own certificate and private key: signs what we send and, unless there is another for it, decrypts what we get. */
export interface Identity extends KeyPair {
  /** The issuers of the certificate, nearest first, up to the root: what a token with the whole path carries. */
  chain?: readonly X509Certificate[]
  /** What decrypts, where a profile has a key for each (eDelivery AS4 2.0). */
  encryption?: KeyPair
  /** For which partners may encrypt too while this side changes over: what was before it, or comes next. */
  alsoDecrypts?: readonly KeyPair[]
}

/** A party of a message: its identifier, the type of that identifier, and the role it plays. */
export interface PartyId {
  id: string
  type?: string
  role: string
}

/** A value that may carry the type of its value space: service, agreement. */
export interface TypedValue {
  value: string
  type?: string
}

/** A message property or part property. */
export interface Property {
  name: string
  value: string
  type?: string
}

/**
 * What two parties agreed for user messages going one way: from `initiator` to `responder`. An exchange in both
 * directions has two of them, so that a message cannot be turned back on its sender.
 */
export interface PMode {
  id: string
  agreement?: TypedValue
  initiator: PartyId
  responder: PartyId
  service: TypedValue
  /** The actions that are allowed; any when left out. */
  actions?: readonly string[]
  /**
   * The message partition channel from which the responder pulls; left out where the initiator pushes. It belongs to
   * that one responder (eDelivery AS4 1.15, 1.5.5).
   */
  mpc?: string
  /** What the network demands: the name of a profile that the library has, or one of your own. */
  profile: string | Profile
  /** The partner's own certificate, pinned: the only key that verifies what they sign, and it encrypts what we send. */
  partnerCertificate?: X509Certificate
  /** Pinned as well, so that the partner can change over at a moment of its own. */
  nextPartnerCertificate?: X509Certificate
  /** What encrypts for the partner, where a profile has a certificate for each use; else the pinned one. */
  partnerEncryptionCertificate?: X509Certificate
  /** What vouches for the partner's certificate, beside the pin or, without one, instead. */
  trust?: Trust
  /** False for signed only, where the profile encrypts. */
  encrypt?: boolean
  /** False to send payloads as they are; what comes in may be either, unless the profile demands compression. */
  compress?: boolean
  /** How certificates are referred to, where it is not as the profile has it. */
  tokens?: { send?: TokenReference; accept?: readonly TokenReference[] }
  /** The id of the P-Mode of the requests that messages of this one answer: the second leg of a two-way exchange. */
  replyTo?: string
  /** Message properties that must be there, and what they must say; not held against test messages. */
  requiredProperties?: readonly { name: string; value?: string; type?: string }[]
  /**
   * The test service of these parties and this agreement, false for none; that of ebMS 3.0 when left out. It is used by
   * who selects among P-Modes, see `testPModeOf`.
   */
  testService?: { service: TypedValue; action: string } | false
  /** How often a message without a receipt is sent again, and after which pause (reception awareness, 1.4.3.2). */
  retry?: { count: number; intervalMs: number }
  /** Whether this is a P-Mode of the test service: its messages never reach a business application. */
  test?: boolean
}

/** The eb:UserMessage without its payloads. */
export interface UserMessageHeader {
  /** `local@domain`, at most 255 characters. */
  messageId: string
  timestamp: Date
  refToMessageId?: string
  conversationId: string
  from: PartyId
  to: PartyId
  service: TypedValue
  action: string
  agreement?: TypedValue
  /** The message partition channel; left out for the default one (ebMS 3.0 Core 5.2.2.1). */
  mpc?: string
  properties: Property[]
}

/** One payload of a message, uncompressed. */
export interface Part {
  /** Content-ID without angle brackets; unique in the message. */
  contentId: string
  mimeType: string
  characterSet?: string
  /** Part properties other than MimeType, CharacterSet and CompressionType, which the library sets and reads. */
  properties: Property[]
  bytes: Uint8Array
}

/** A whole user message, as the application gives it and gets it. */
export interface UserMessage extends UserMessageHeader {
  parts: Part[]
}

/** An HTTP body and its Content-Type. */
export interface Wire {
  contentType: string
  body: Uint8Array
}

/** One ds:Reference: what was signed, how it was transformed, and its SHA-256 digest in base64. */
export interface Reference {
  uri: string
  transforms: { algorithm: string; prefixes?: string[] }[]
  digest: string
}

/** What must be kept of a sent message to check its receipt. */
export interface SentMessage {
  messageId: string
  references: Reference[]
}

/** A sealed user message: the bytes to send and to send again, and what its receipt must repeat. */
export interface SealedMessage extends Wire, SentMessage {}

/** What every sealed object says of itself, under the signature. */
export interface Head {
  /** Unique for its sender: printable ASCII without spaces, at most 255 characters. */
  id: string
  kind: 'message' | 'receipt'
  /** Party that signed the object. */
  sender: string
  /** The one party that it is for. */
  addressee: string
  /** What the parties agreed on exchanging it for; opened under another purpose it is refused. */
  purpose: string
  issuedAt: Date
  expiresAt: Date
}

/** A document on its way. */
export interface MessageObject extends Head {
  kind: 'message'
  messageId: string
  conversation: string
  documentType: string
  /** The message that this one answers. */
  refTo?: string
  mediaType: string
  document: Uint8Array
}

/** The addressee's own word that an object came, and what became of it. */
export interface ReceiptObject extends Head {
  kind: 'receipt'
  /** Id of the object that is acknowledged. */
  objectId: string
  /** SHA-256 of all bytes of that object, in small hexadecimal digits. */
  objectDigest: string
  outcome: 'accepted' | 'refused'
  reason?: string
}

/** What is sealed in an object. */
export type SealedContent = MessageObject | ReceiptObject

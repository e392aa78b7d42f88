/** What the index of a container says, as JSON has it; times are ISO 8601. */
export interface EvidenceIndex {
  format: typeof indexFormat
  /** MRN, or LRN where there is none yet. */
  movement: string
  /** Who took it, and when by its own clock. */
  taken: { party: string; at: string }
  certificates: CertificateFacts[]
  messages: MessageFacts[]
  journal: JournalFacts
}

export const indexFormat = 'corridor evidence 1'

/** A certificate that is in the container. `use`: what it is for, or that only a message carries it. */
export interface CertificateFacts {
  file: string
  party: string
  use: CertificateUse
  /** SHA-256 of the certificate, in hexadecimal. */
  sha256: string
}

export type CertificateUse = 'signing' | 'tls' | 'authority' | 'carried'

/** A message and the files of its folder. */
export interface MessageFacts {
  folder: string
  direction: 'in' | 'out'
  link: 'as4' | 'carried' | 'local' | 'mailbox' | 'api'
  messageId: string
  sender: string
  recipient: string
  conversation: string
  documentType: string
  refTo: string | null
  state: string
  at: string
  firstSentAt: string | null
  receiptedAt: string | null
  /** Name of its document's file; null when there is none to give. */
  document: string | null
  /** Content-Type of what came or left, and of the receipt. */
  wireType: string | null
  receiptType: string | null
  /** Whose certificate signed it, and the receipt for it: SHA-256 of the certificate. */
  signer: string | null
  receiptSigner: string | null
  /** Its bytes are encrypted for the holder of the container: its document has an access code. */
  withheld: boolean
  /** What cannot be shown of it, and why. */
  remarks: string[]
}

/** What of the sealed journal is in the container. */
export interface JournalFacts {
  /** How many there are in `journal/lines.jsonl`, each with a row in `journal/proofs.tsv`. */
  lines: number
  /**
   * Lines that are not given: they have the digest of a document with an access code, from which the code could be guessed; or they speak of
   * what the taker may not see.
   */
  withheld: number
  /** Every seal from the first one named to the head is in `journal/seals.tsv`. */
  whole: boolean
  head: { number: number; hash: string } | null
}

/** Files of a container that every one has. */
export const files = {
  readMe: 'README.txt',
  index: 'evidence.json',
  lines: 'journal/lines.jsonl',
  proofs: 'journal/proofs.tsv',
  seals: 'journal/seals.tsv',
} as const

/** Files in the folder of a message. Those of its receipt begin with `receipt-`. */
export const messageFiles = {
  as4: 'message.http',
  as4Receipt: 'receipt.http',
  object: 'object.der',
  objectReceipt: 'receipt.der',
  signedInfo: 'signed-info.xml',
  signature: 'signature.bin',
  messaging: 'signed-messaging.xml',
  body: 'signed-body.xml',
  /** Followed by a number. */
  attachment: 'signed-attachment-',
  signed: 'signed.der',
  content: 'signed-content.txt',
  redacted: 'document.redacted',
  withheld: 'withheld.der',
} as const

/** Columns of `journal/proofs.tsv`; `-` in all but the first for a line that had no seal yet. */
export const proofColumns = ['id', 'seal', 'index', 'path'] as const

/** Columns of `journal/seals.tsv`. */
export const sealColumns = [
  'number',
  'first_tx',
  'end_tx',
  'entries',
  'sealed_at_us',
  'root',
  'previous',
  'hash',
] as const

import type { MessageState, Named } from './types.ts'

/** The exchange as the operations desk sees it: messages, repairs by two people, days that partners hold against each other. */

/** How it stands with a message. The words are `verdict.<code>`, what to do `verdictDo.<code>`; the node's own are English. */
export interface Verdict {
  code: string
  words: string
  remedy: string
}

export interface ExchangeMessage {
  /** `in-12`, `out-7`. */
  id: string
  direction: 'in' | 'out'
  link: string
  messageId: string
  type: string
  from: Named
  to: Named
  conversation: string
  refTo: string | null
  state: MessageState
  tries: number
  reason: string | null
  at: string
  firstSentAt: string | null
  receiptedAt: string | null
  doneAt: string | null
  verdict: Verdict
}

export interface ExchangeMessages {
  messages: ExchangeMessage[]
  next: string | null
}

export interface ExchangeMessageCount {
  count: number
  atLeast: boolean
}

export interface OutlinedCertificate {
  subject: string
  issuer: string
  serialNumber: string
  validFrom: string
  validTo: string
  isValidNow: boolean
  sha256: string
  given: boolean
}

/** What stands in bytes that were exchanged: of AS4 the envelope and its signature, of another way what it is. */
export interface Outline {
  kind: string
  contentType: string
  bytes: number
  header?: {
    messageId: string
    timestamp: string
    refToMessageId?: string
    conversationId: string
    from: { id: string }
    to: { id: string }
    service: { value: string }
    action: string
    agreement?: { value: string }
    mpc?: string
  }
  signal?: {
    messageId: string
    timestamp: string
    refToMessageId?: string
    errors?: { code: string; shortDescription?: string; errorDetail?: string }[]
  }
  parts?: {
    contentId: string
    mimeType?: string
    compressed: boolean
    wire?: { bytes: number }
    signed: boolean
    encrypted: boolean
  }[]
  tokens?: { id: string; use: string; certificates: OutlinedCertificate[] }[]
  signature?: {
    method: string
    verified: 'given' | 'carried' | 'wrong' | 'not-checked'
    signer?: string
    references: { uri: string; what: string; digestMethod: string; digest: 'right' | 'wrong' | 'not-checked' }[]
  }
  encryption?: { algorithms: { role: string; uri: string }[]; decrypted: string }
  profiles?: string[]
  problems?: string[]
}

export interface ExchangeEvent {
  at: string
  kind: string
  actor: string | null
  office: string | null
  detail: unknown
}

export interface MessageBatch {
  id: string
  act: string
  reason: string
  state: string
  requestedBy: Named
  requestedAt: string
  decidedBy: Named | null
  decidedAt: string | null
  outcome: string | null
  words: string | null
}

export interface ExchangeMessageDetail extends ExchangeMessage {
  documentDigest: string
  bytes: Record<'document' | 'raw' | 'receipt', number | null>
  damaged: string[]
  envelope: Outline | null
  receipt: Outline | null
  journal: ExchangeEvent[]
  answersTo: { id: string; type: string; state: string } | null
  answers: ExchangeMessage[]
  batches: MessageBatch[]
  messages: ExchangeMessage[]
}

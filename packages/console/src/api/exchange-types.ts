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

export type BatchAct = 'resend' | 'replay' | 'park' | 'discard' | 'correct'

/** A repair that one person asks for and another approves. */
export interface Batch {
  id: string
  act: BatchAct
  filter: Record<string, string>
  reason: string
  messages: number
  digest: string
  state: 'requested' | 'approved' | 'done' | 'refused' | 'withdrawn'
  requestedBy: Named
  requestedAt: string
  decidedBy: Named | null
  decidedAt: string | null
  decidedReason: string | null
  finishedAt: string | null
  done: number
  already: number
  refused: number
}

export interface Batches {
  batches: Batch[]
  next: string | null
}

/** What became of one message of a batch; `outcome` null: its turn is to come. Why nothing was done is `whyNot.<why>`. */
export interface BatchItem {
  place: number
  id: string
  messageId: string
  outcome: 'done' | 'already' | 'refused' | null
  why: string | null
  words: string | null
  detail: string | null
  at: string | null
}

export interface BatchItems {
  items: BatchItem[]
  next: number | null
}

/** What an act would be about now; nothing is done. */
export interface DryRun {
  act: BatchAct
  count: number
  digest: string
  isEverything: boolean
  outcomes: { outcome: 'do' | 'already' | 'refused'; why: string | null; words: string | null; count: number }[]
  messages: {
    id: string
    messageId: string
    state: string
    outcome: 'do' | 'already' | 'refused'
    why: string | null
  }[]
}

/** The corrected document of a message, and what is other in it than in the one that came. */
export interface Correction {
  document: string
  difference: { sign: '-' | '+'; line: number; text: string }[]
}

/** What would be decided on a message if it came now. */
export interface Trial {
  outcome: 'decided' | 'waits' | 'failed'
  reason: string | null
  documents: { type: string; to: string; answers: boolean; refuses: boolean; document: string }[]
}

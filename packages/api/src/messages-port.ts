import type {
  Cursor,
  JournalLine,
  KeptBytes,
  MessageCount,
  MessageFilter,
  MessageState,
  Outline,
  Verdict,
} from '@corridor/exchange'
import type { Named } from '@corridor/casework'

/** A message of the exchange as an operator sees it in a list. */
export interface MessageView {
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

/** A message with all that is known of it. Its bytes have addresses of their own. */
export interface MessageDetailView extends MessageView {
  documentDigest: string
  bytes: Record<KeptBytes, number | null>
  damaged: KeptBytes[]
  envelope: Outline | null
  receipt: Outline | null
  journal: Pick<JournalLine, 'at' | 'kind' | 'actor' | 'office' | 'detail'>[]
  answersTo: { id: string; type: string; state: string } | null
  answers: MessageView[]
  /** Repairs that it is in, the newest first. */
  batches: {
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
  }[]
  messages: MessageView[]
}

/** The messages of the exchange, for operators. */
export interface MessagesPort {
  list: (
    filter: MessageFilter,
    page: { limit: number; after?: Cursor | undefined },
  ) => Promise<{ messages: MessageView[]; next: Cursor | undefined }>
  count: (filter: MessageFilter, upTo: number) => Promise<MessageCount>
  /** Undefined when there is none. */
  detail: (id: string) => Promise<MessageDetailView | undefined>
  /** The document without access codes, or the exact bytes that were exchanged; undefined when none are kept. */
  bytes: (id: string, kept: KeptBytes) => Promise<{ contentType: string; body: Uint8Array } | undefined>
}

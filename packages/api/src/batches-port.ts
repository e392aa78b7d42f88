import type {
  BatchAct,
  BatchItem,
  BatchRefused,
  BatchState,
  DifferenceLine,
  MessageFilter,
  Permit,
  SetMember,
} from '@corridor/exchange'
import type { Account, IdempotentRequest } from '@corridor/registry'

/** A person, as batches name him. */
export interface BatchPerson {
  id: string
  name: string
}

/** A batch of repairs as operators see it. */
export interface BatchView {
  id: string
  act: BatchAct
  /** As it stood in the address of the list. */
  filter: Readonly<Record<string, string>>
  reason: string
  messages: number
  /** Of the set of messages, SHA-256. */
  digest: string
  state: BatchState
  requestedBy: BatchPerson
  requestedAt: string
  decidedBy: BatchPerson | null
  decidedAt: string | null
  decidedReason: string | null
  finishedAt: string | null
  done: number
  already: number
  refused: number
}

/** What became of one message, with the words for the code. */
export interface BatchItemView extends Pick<BatchItem, 'place' | 'id' | 'messageId' | 'outcome' | 'why' | 'detail'> {
  words: string | null
  at: string | null
}

/** What an act would be about, and what would come of it now. */
export interface DryRunView {
  act: BatchAct
  count: number
  digest: string
  /** The filter leaves every message there is: the number has to be said. */
  isEverything: boolean
  /** How many of them would have what outcome, by `do` or the code of why not. */
  outcomes: { outcome: Permit['kind']; why: string | null; words: string | null; count: number }[]
  /** The first of them. */
  messages: (Pick<SetMember, 'messageId' | 'state'> & { id: string; outcome: Permit['kind']; why: string | null })[]
}

/** What would come of one message, and the documents that would be owed. */
export interface TrialView {
  outcome: 'decided' | 'waits' | 'failed'
  reason: string | null
  documents: { type: string; to: string; answers: boolean; refuses: boolean; document: string }[]
}

export type BatchOutcome = { kind: 'batch'; batch: BatchView } | BatchRefused | { kind: 'key-reused' }

/** Repairs of messages by two people of the operations desk. */
export interface BatchesPort {
  /** Undefined when there are more than one batch may have. */
  dryRun: (act: BatchAct, filter: MessageFilter) => Promise<DryRunView | undefined>
  request: (
    who: Account,
    wish: {
      act: BatchAct
      filter: MessageFilter
      filterText: Readonly<Record<string, string>>
      reason: string
      digest: string
      count?: number
    },
    key: IdempotentRequest,
  ) => Promise<BatchOutcome>
  correct: (
    who: Account,
    wish: { id: string; document: string; reason: string },
    key: IdempotentRequest,
  ) => Promise<BatchOutcome>
  decide: (
    who: Account,
    decision: { id: string; approve: boolean; reason?: string },
    key: IdempotentRequest,
  ) => Promise<BatchOutcome>
  list: (query: { state?: BatchState; before?: string; limit: number }) => Promise<BatchView[]>
  one: (id: string) => Promise<BatchView | undefined>
  items: (query: { id: string; after: number; outcome?: string; limit: number }) => Promise<BatchItemView[]>
  /** What a corrected document of a message says otherwise, without access codes; undefined when there is none. */
  correction: (id: string) => Promise<{ document: string; difference: DifferenceLine[] } | undefined>
  /** Undefined when no such message came. */
  try: (who: Account, id: string) => Promise<TrialView | undefined>
}

import type { Named } from '@corridor/casework'
import type { Account, IdempotentRequest } from '@corridor/registry'
import type {
  ContractDraft,
  ContractState,
  ListedItem,
  ListedReading,
  Refused,
  ShareContract,
  Shown,
  Uploaded,
} from '@corridor/shares'

/** One version of a contract under which data are shared. */
export interface ShareView extends ShareContract {
  number: number
  ownerName: string
  readerName: string
  /** SHA-256 of what is agreed on; an answer names it. */
  digest: string
  state: ContractState
  offeredAt: Date
  answeredAt: Date | null
  answeredBy: string | null
  endedAt: Date | null
  endedBy: string | null
  reason: string | null
  items: number
  readings: number
}

/** What a contract may be about, and with whom. */
export interface ShareTerms {
  party: string
  partners: Named[]
  /** Purposes for which exports go under a share, as the corridor file has them. */
  purposes: string[]
  /** The newest first. `always`: without these elements a contract is none. */
  editions: { edition: string; elements: { path: string; meaning: string }[]; always: string[] }[]
}

/** Whose contract, and which. */
export interface ShareName {
  owner: string
  id: string
}

/** What an act on a contract made of it. */
export interface ShareDone extends ShareName {
  version: number
  digest: string
  state: ContractState
}

export type ShareOutcome<Answer> = { kind: 'done'; answer: Answer } | Refused | { kind: 'key-reused' }

/** Contracts under which elements of declarations are shared; `who` is asking. */
export interface SharesPort {
  /** What a contract may be about, and with whom. */
  terms: () => ShareTerms
  /** The newest first, so many; those before a number, where one is given. So are the others. */
  list: (limit: number, before?: number) => Promise<ShareView[]>
  /** Its versions, the newest first; undefined when it is not there. */
  one: (share: ShareName) => Promise<{ versions: ShareView[] } | undefined>
  items: (share: ShareName, limit: number, before?: number) => Promise<ListedItem[] | undefined>
  readings: (share: ShareName, limit: number, before?: number) => Promise<ListedReading[] | undefined>
  propose: (who: Account, draft: ContractDraft, key: IdempotentRequest) => Promise<ShareOutcome<ShareDone>>
  answer: (
    who: Account,
    given: ShareName & { version: number; digest: string; answer: 'accepted' | 'declined'; reason?: string },
    key: IdempotentRequest,
  ) => Promise<ShareOutcome<ShareDone>>
  withdraw: (
    who: Account,
    given: ShareName & { reason: string },
    key: IdempotentRequest,
  ) => Promise<ShareOutcome<ShareDone>>
  /** `block`: a utility block as JSON; `block-wrong` when it is none. */
  upload: (
    who: Account,
    given: { reader: string; subject: string; block: Uint8Array },
    key: IdempotentRequest,
  ) => Promise<ShareOutcome<{ items: Uploaded[] }>>
  /** Each call is a reading of its own, of which the owner is told. */
  read: (who: Account, given: { owner: string; item: string }) => Promise<Shown | Refused>
}

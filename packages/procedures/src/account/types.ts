import type { Doc } from '@corridor/customs'
import type { Event, Facts, GuaranteeTerms, LedgerEntry, Law, Send } from '../types.ts'

/** A guarantee as a decision about it sees it; one that is not known here has the state `-`. */
export interface GuaranteeAccount {
  grn: string
  /** The office of guarantee that decides. */
  office: string
  state: string
  holder: string
  type: string
  currency: string
  referenceAmount: string
  available: string
  locked: string
  liable: string
  validFrom: string
  validTo: string | null
  notValidIn: string[]
  terms: GuaranteeTerms
  /** How many entries its ledger has. */
  entries: number
  /** What movements used of it in the period that a query asks for, oldest first. */
  usages: GuaranteeUsage[]
}

/** What a movement uses, or used: locked and, if it is over, given back on a day (yyyy-mm-dd). */
export interface GuaranteeUsage {
  mrn: string
  amount: string
  lockDate: string
  releaseDate: string | null
}

/** What a decision about a guarantee may know of the world. */
export interface AccountFacts extends Pick<Facts, 'now' | 'today' | 'operator'> {
  /** What an access code of a guarantee is; undefined when it is none. */
  accessCode(grn: string, code: string): 'master' | 'other' | undefined
  /** The guarantor of a guarantee that is kept here; undefined when there is none. */
  guarantorOf(grn: string): string | undefined
}

/** What a decision about a guarantee changes in what is kept of it. Access codes are in clear: they are digested before they are stored. */
export type AccountChange =
  | {
      do: 'register'
      grn: string
      holder: string
      type: string
      currency: string
      referenceAmount: string
      validFrom: string
      validTo: string | null
      terms: GuaranteeTerms
      accessCode: string
    }
  | { do: 'access-code'; grn: string; taken: string | undefined; added: string | undefined }
  | { do: 'end'; grn: string; state: 'cancelled' | 'revoked'; invalidFrom: string; terms: GuaranteeTerms }
  | { do: 'enter'; entry: LedgerEntry }

/** What guards and effects about a guarantee see: `reference` is the group of the document that names it. */
export interface AccountContext {
  law: Law
  account: GuaranteeAccount
  event: Event
  facts: AccountFacts
  reference: Doc
}

/** What was decided about all guarantees that an event is about. */
export type AccountDecision =
  | { outcome: 'moved'; changes: AccountChange[]; send: Send[]; notes: { grn: string; event: string }[] }
  | { outcome: 'refused'; send: Send[]; detail: string }
  | { outcome: 'conflict'; state: string }

/** One row of guarantee/types.tsv. */
export interface GuaranteeType {
  form: string
  reference: boolean
  /** Characters of its GRN, or `-`. */
  grn: '17' | '24' | '-'
  uses: 'one' | 'many'
  /** What percentages of the reference amount a guarantor may promise. */
  percent: number[]
  /** Code of CL252 for one that is used up. */
  used: string | undefined
}

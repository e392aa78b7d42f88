import type { Act, ActRefusal, Done, Named, OfficeView, Status } from './view.ts'

/** One line of the list of guarantees. Amounts are exact decimals as text in `currency`. */
export interface GuaranteeListRow {
  grn: string
  type: string
  typeName: string
  holder: Named
  status: Status
  currency: string
  referenceAmount: string
  available: string
  locked: string
  liable: string
  /** How many movements have something locked or claimed. */
  open: number
}

/** A page of the list of guarantees. */
export interface GuaranteePage {
  items: GuaranteeListRow[]
  total: number
}

/** An amount that is locked for a movement, or claimed: since when, which document would free it, whose turn it is. */
export interface OpenAmount {
  mrn: string
  state: 'locked' | 'liable'
  amount: string
  since: string
  departure: OfficeView
  /** State at the office of departure; null when that is not ours. */
  status: Status | null
  /** Type of the document that is missing; null when an officer of guarantee must act. */
  missing: string | null
  /** Who must act: a role (`waiting.<code>` of the console) and the office. */
  turn: { code: string; party: string }
  /** Last day on which the goods may be presented; null when it is not known here. */
  limitDate: string | null
}

/** One transaction: an amount from one account to another, and the balances after it. */
export interface LedgerRow {
  id: number
  at: string
  op: string
  debit: string
  credit: string
  amount: string
  /** What was asked for, when in another currency. */
  asked: { amount: string; currency: string; rate: string } | null
  mrn: string | null
  office: string
  documentType: string
  reason: string
  who: string
  available: string
  locked: string
  liable: string
}

/** The account page of one guarantee. */
export interface GuaranteeView extends GuaranteeListRow {
  version: number
  guarantor: Named | null
  percentage: number | null
  validFrom: string
  validTo: string | null
  invalidFrom: string | null
  notValidIn: string[]
  acts: (Omit<Act, 'act'> & { act: string })[]
  openAmounts: OpenAmount[]
  /** Newest first. */
  ledger: LedgerRow[]
  /** Id to go on before, for older lines; null when there are none. */
  older: number | null
}

/** What comes of an act on a guarantee. */
export type GuaranteeActOutcome = Done<{ guarantee: GuaranteeView }> | ActRefusal

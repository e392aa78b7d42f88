/** The shapes of `/guarantees`, as the HTTP contract has them. Amounts are decimal texts in the guarantee's currency. */
import type { Act, Named, Office, Status } from './types.ts'

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
  open: number
}

export interface GuaranteePage {
  items: GuaranteeListRow[]
  total: number
  page: number
  pageSize: number
}

/** `missing` is the type of a document, or null when an officer of guarantee must act. */
export interface OpenAmount {
  mrn: string
  state: 'locked' | 'liable'
  amount: string
  since: string
  departure: Office
  status: Status | null
  missing: string | null
  turn: { code: string; party: string }
  limitDate: string | null
}

export interface LedgerRow {
  id: number
  at: string
  op: string
  debit: string
  credit: string
  amount: string
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

export interface GuaranteeView extends GuaranteeListRow {
  version: number
  guarantor: Named | null
  percentage: number | null
  validFrom: string
  validTo: string | null
  invalidFrom: string | null
  notValidIn: string[]
  acts: Act[]
  openAmounts: OpenAmount[]
  ledger: LedgerRow[]
  older: number | null
}

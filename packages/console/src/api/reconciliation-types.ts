interface Total {
  count: number
  digest: string
}

interface Sides {
  sent: Total
  received: Total
}

/** A day of UTC that was held against what a partner has of it. */
export interface Reconciliation {
  number: number
  partner: string
  partnerName: string
  role: 'ours' | 'theirs'
  day: string
  state: 'wanted' | 'asked' | 'compared' | 'refused'
  repair: 'wanted' | 'ordered' | 'ended' | null
  automatic: boolean
  follows: number | null
  actor: string | null
  reason: string | null
  refusal: string | null
  own: Sides | null
  theirs: Sides | null
  isSame: boolean
  wantedAt: string
  comparedAt: string | null
  mendedAt: string | null
  differences: Record<string, number>
  open: number
}

export interface Reconciliations {
  runs: Reconciliation[]
  next: string | null
}

/** One message that differs: `kind` how, `settled` whether it does so no more, `told` why it was not mended. */
export interface ReconciliationDifference {
  direction: 'in' | 'out'
  messageId: string
  kind: string
  told: string | null
  conversation: string | null
  documentType: string | null
  at: string | null
  settled: boolean
  returned: boolean
}

export interface ReconciliationDifferences {
  differences: ReconciliationDifference[]
  next: string | null
}

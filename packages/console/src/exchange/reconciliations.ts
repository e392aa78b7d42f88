import type { Reconciliation } from '../api/reconciliation-types.ts'
import type { Tone } from '../api/types.ts'

/** The address of the list of comparisons, or of one. */
export const toReconciliation = (number?: number | string): string =>
  number === undefined ? '/exchange/reconciliation' : `/exchange/reconciliation/${encodeURIComponent(number)}`

/** Where the list of comparisons is looked at; what is empty is left out. */
export function toReconciliations(query: { partner?: string; day?: string; cursor?: string }): string {
  const wanted = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
  return wanted.size === 0 ? toReconciliation() : `${toReconciliation()}?${wanted}`
}

/** What came of a comparison: the words are `reconciliationResult.<result>`. */
export function resultOf(run: Pick<Reconciliation, 'state' | 'repair' | 'isSame' | 'open'>): {
  result: string
  tone: Tone
} {
  if (run.state === 'refused') return { result: 'refused', tone: 'bad' }
  if (run.state !== 'compared') return { result: 'under-way', tone: 'info' }
  if (run.repair === 'wanted' || run.repair === 'ordered') return { result: 'mending', tone: 'info' }
  if (run.isSame) return { result: 'same', tone: 'ok' }
  return run.open > 0 ? { result: 'differs', tone: 'bad' } : { result: 'settled', tone: 'ok' }
}

/** Whether something of it is still to come. */
export const isUnderWay = (run: Pick<Reconciliation, 'state' | 'repair'>): boolean =>
  run.state === 'wanted' || run.state === 'asked' || run.repair === 'wanted' || run.repair === 'ordered'

import type { GuaranteeListRow } from '../api/guarantee-types.ts'

/** Less than a tenth of the reference amount is available. Figures for the eye: nothing is decided by them. */
export function isNearLimit({ available, referenceAmount }: GuaranteeListRow): boolean {
  return Number(available) < Number(referenceAmount) / 10
}

import type { Role } from '../api/types.ts'

// Of offices that have no record yet, and ask for one.
const asking = ['requested', 'refused', 'queried'] as const

// The states of each office's machine, in the order in which a movement passes them. The words are `status.<code>`.
const statuses: Partial<Record<Role, readonly string[]>> = {
  departure: [
    'pre-lodged',
    'awaiting-export',
    'export-unanswered',
    'export-refused',
    'submitted',
    'accepted',
    'guarantee-not-valid',
    'under-control',
    'awaiting-guarantee',
    'released',
    'crossed',
    'arrived',
    'discrepancies',
    'written-off',
    'not-released',
    'invalidated',
    'invalidation-asked',
    'status-asked',
    'enquiry',
    'holder-asked',
    'enquiry-ended',
    'under-recovery',
    'recovery-requested',
    'recovery-transferred',
    'recovered',
    'rejected',
  ],
  transit: ['expected', 'crossed', 'closed', 'cancelled', ...asking],
  exit: ['expected', 'left', 'closed', 'cancelled', ...asking],
  destination: [
    'expected',
    'arrived',
    'unloading',
    'unloaded',
    'waiting-discrepancies',
    'discrepancies-unsolved',
    'goods-released',
    'closed',
    'cancelled',
    ...asking,
  ],
  guarantee: ['none', 'checked', 'held', 'liable', 'credited', 'cancelled'],
}

/** The states that a list of this role can be filtered by. */
export function statusesOf(role: Role): readonly string[] {
  return statuses[role] ?? []
}

/** Every state of every machine, once. */
export const allStatuses: readonly string[] = [...new Set(Object.values(statuses).flat())]

// After these nothing happens any more: the picture of the journey ends at its last act and not at "now".
const FINAL = new Set([
  'written-off',
  'not-released',
  'invalidated',
  'rejected',
  'recovered',
  'cancelled',
  'closed',
  'queried',
  'goods-released',
  'credited',
])

/** Whether a movement in this state is over for the office. */
export function isFinal(status: string): boolean {
  return FINAL.has(status)
}

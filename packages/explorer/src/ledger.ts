/** The ledger of guarantees as far as one movement uses it: pure, and kept beside the one in PostgreSQL that it must agree with. */
import { addAmounts, compareAmounts, subtractAmounts } from '@corridor/customs'
import type { LedgerEntry } from '@corridor/procedures'

/** The balances of one guarantee, exact decimals, and what this movement has of them. */
export interface Balance {
  available: string
  /** What the movement has locked, `0` for nothing. */
  locked: string
  /** What is claimed from it. */
  liable: string
  /** What other movements have of it. */
  others: string
}

export type Balances = Readonly<Record<string, Balance>>

/** Nothing used. @param references reference amounts by GRN */
export const unused = (references: Readonly<Record<string, string>>): Balances =>
  Object.fromEntries(
    Object.entries(references).map(([grn, available]) => [grn, { available, locked: '0', liable: '0', others: '0' }]),
  )

const isNothing = (amount: string): boolean => compareAmounts(amount, '0') === 0

/**
 * The balances after an entry, or what is wrong with it, in words: a second lock, more than is available, the end of a lock or of a claim
 * that there is not.
 */
export function entered(balances: Balances, { op, grn, amount }: LedgerEntry): Balances | string {
  const before = balances[grn]
  if (before === undefined) return `there is no guarantee ${grn}`
  const { available, locked, liable } = before
  const put = (changed: Partial<Balance>): Balances => ({ ...balances, [grn]: { ...before, ...changed } })
  if (op === 'lock') {
    if (!isNothing(locked) || !isNothing(liable)) return `${grn} is locked a second time`
    if (compareAmounts(available, amount) < 0) return `${grn}: ${amount} is locked, ${available} is available`
    return put({ available: subtractAmounts(available, amount), locked: amount })
  }
  if (op === 'liability')
    return isNothing(locked) ? `${grn}: nothing is locked that can be claimed` : put({ locked: '0', liable: locked })
  if (op === 'liberation')
    return isNothing(liable)
      ? `${grn}: nothing is claimed`
      : put({ available: addAmounts(available, liable), liable: '0' })
  if (op === 'credit' || op === 'cancel')
    return isNothing(locked)
      ? `${grn}: nothing is locked that can be given back (${op})`
      : put({ available: addAmounts(available, locked), locked: '0' })
  return `${op} is no entry of a movement`
}

/** Another movement takes all that is available of a guarantee, or gives it back. */
export function changedByOthers(balances: Balances, grn: string, what: 'takes' | 'frees'): Balances {
  const { available = '0', others = '0', ...rest } = balances[grn] ?? { locked: '0', liable: '0' }
  const all = addAmounts(available, others)
  return {
    ...balances,
    [grn]: { ...rest, ...(what === 'takes' ? { available: '0', others: all } : { available: all, others: '0' }) },
  }
}

/** GRNs of which the movement still has something. */
export const open = (balances: Balances): string[] =>
  Object.entries(balances).flatMap(([grn, { locked, liable }]) => (isNothing(locked) && isNothing(liable) ? [] : [grn]))

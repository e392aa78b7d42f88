import { type Tx } from '@corridor/database'
import type { LedgerEntry } from '@corridor/procedures'
import { sql } from './statements.ts'

/** What an entry rests on. `mrn` is '' for one about the guarantee itself. */
export interface Because {
  mrn: string
  office: string
  /** Message id; absent for an act of an officer. */
  document?: string
  documentType?: string
  actor: string
  at: Date
}

/**
 * What came of an entry: it was made, the same document had made it before, or the ledger refused it (the balance is short, nothing is
 * locked, the currency is another). Nothing is changed but by `entered`.
 */
export type Entered = 'entered' | 'repeated' | 'refused'

/**
 * Enters one transaction in one round trip. What guards it is an UPDATE of the guarantee's own row: of two that want the last of a
 * balance one is first, and the other is refused.
 */
export async function enterLedger(tx: Tx, entry: LedgerEntry, because: Because): Promise<Entered> {
  const [row] = await run(tx, entry, because)
  return row?.outcome ?? 'refused'
}

function run(tx: Tx, entry: LedgerEntry, because: Because): Promise<{ outcome: Entered }[]> {
  const { op, grn, amount, currency, asked } = entry
  const { mrn, office, document = null, documentType = '', actor, at } = because
  const ground = [office, document, documentType, entry.reason ?? '', actor, at]
  if (op === 'lock') {
    const wanted = [asked?.amount ?? null, asked?.currency ?? null, asked?.rate ?? null]
    return tx.run(sql.lock, [grn, mrn, amount, currency, ...ground, ...wanted, entry.alone === true])
  }
  if (op === 'liability') return tx.run(sql.call, [grn, mrn, ...ground])
  if (op === 'raise' || op === 'reduce') return tx.run(sql.changeReference, [grn, op, amount, currency, ...ground])
  return tx.run(sql.close, [grn, mrn, op, ...ground])
}

/** One transaction of the ledger: an amount from one account (`debit`) to another (`credit`), and the balances after it. */
export interface LedgerLine {
  id: number
  grn: string
  op: LedgerEntry['op'] | 'open'
  debit: LedgerAccount
  credit: LedgerAccount
  amount: string
  currency: string
  /** What the document asked for, when in another currency. */
  asked: { amount: string; currency: string; rate: string } | null
  /** null for one about the guarantee itself. */
  mrn: string | null
  office: string
  document: string | null
  documentType: string
  reason: string
  actor: string
  at: Date
  availableAfter: string
  lockedAfter: string
  liableAfter: string
}

/** The accounts of a guarantee. `reference` is what its guarantor promised, a negative balance. */
export type LedgerAccount = 'reference' | 'available' | 'locked' | 'liable'

interface LineRow extends Omit<
  LedgerLine,
  'asked' | 'documentType' | 'availableAfter' | 'lockedAfter' | 'liableAfter'
> {
  asked_amount: string | null
  asked_currency: string | null
  asked_rate: string | null
  document_type: string
  available_after: string
  locked_after: string
  liable_after: string
}

/** The ledger of one guarantee, or of all ('' as GRN), oldest first. */
export async function ledgerOf(db: Tx, grn: string): Promise<LedgerLine[]> {
  return (await db.run<LineRow>(sql.entries, [grn])).map(lineOf)
}

/** A page of the ledger of a guarantee, newest first; `before` is the id of the last line of the page before. */
export async function ledgerPage(
  db: Tx,
  grn: string,
  page: { before: number | undefined; limit: number },
): Promise<LedgerLine[]> {
  return (await db.run<LineRow>(sql.page, [grn, page.before ?? null, page.limit])).map(lineOf)
}

/** How many transactions the ledger of a guarantee has. */
export async function countEntries(db: Tx, grn: string): Promise<number> {
  return (await db.run<{ entries: number }>(sql.countEntries, [grn]))[0]?.entries ?? 0
}

function lineOf({
  asked_amount: amount,
  asked_currency: currency,
  asked_rate: rate,
  document_type: documentType,
  available_after: availableAfter,
  locked_after: lockedAfter,
  liable_after: liableAfter,
  ...row
}: LineRow): LedgerLine {
  return {
    ...row,
    asked: amount === null || currency === null || rate === null ? null : { amount, currency, rate },
    documentType,
    availableAfter,
    lockedAfter,
    liableAfter,
  }
}

/** What a movement uses of a guarantee, or used. */
export interface Usage {
  id: number
  mrn: string
  amount: string
  state: 'locked' | 'liable' | 'closed'
  /** The office of departure that asked. */
  office: string
  lockedAt: Date
  closedAt: Date | null
}

/** What movements use of a guarantee, oldest first, or what one of them does; days are yyyy-mm-dd, the last one included. */
export async function usagesOf(
  db: Tx,
  grn: string,
  {
    from = null,
    to = null,
    mrn = null,
    timeZone = 'UTC',
    openOnly,
    limit,
  }: {
    from?: string | null
    to?: string | null
    mrn?: string | null
    timeZone?: string
    openOnly: boolean
    limit: number
  },
): Promise<Usage[]> {
  const rows = await db.run<{
    id: number
    mrn: string
    amount: string
    state: Usage['state']
    office: string
    locked_at: Date
    closed_at: Date | null
  }>(sql.usages, [grn, from, to, openOnly, limit, timeZone, mrn])
  return rows.map(({ id, mrn, amount, state, office, locked_at: lockedAt, closed_at: closedAt }) => ({
    id,
    mrn,
    amount,
    state,
    office,
    lockedAt,
    closedAt,
  }))
}

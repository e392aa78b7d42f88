import { statements, type Tx } from '@corridor/database'

const sql = statements<'find' | 'insert' | 'hold' | 'credit' | 'entries'>(
  new URL('../../sql/guarantees/', import.meta.url),
)

/** A guarantee as an office of guarantee keeps it. Amounts are exact decimals as text. */
export interface Guarantee {
  grn: string
  holder: string
  type: string
  currency: string
  referenceAmount: string
  held: string
  available: string
  valid: boolean
  notValidIn: string[]
  accessCodeDigest: Uint8Array
}

interface Row {
  grn: string
  holder: string
  type: string
  currency: string
  reference_amount: string
  held: string
  available: string
  valid: boolean
  not_valid_in: string[]
  access_code_digest: Uint8Array
}

/** The guarantees with these references, with their validity on a day (yyyy-mm-dd). */
export async function findGuarantees(db: Tx, grns: string[], day: string): Promise<Guarantee[]> {
  const rows = await db.run<Row>(sql.find, [grns, day])
  return rows.map((row) => ({
    grn: row.grn,
    holder: row.holder,
    type: row.type,
    currency: row.currency,
    referenceAmount: row.reference_amount,
    held: row.held,
    available: row.available,
    valid: row.valid,
    notValidIn: row.not_valid_in,
    accessCodeDigest: row.access_code_digest,
  }))
}

/** Registers a guarantee; one that is there already stays as it is. */
export async function registerGuarantee(
  db: Tx,
  guarantee: {
    grn: string
    holder: string
    type: string
    currency: string
    referenceAmount: string
    accessCodeDigest: Uint8Array
    validFrom: string
    validTo: string | null
    notValidIn: string[]
  },
): Promise<void> {
  await db.run(sql.insert, [
    guarantee.grn,
    guarantee.holder,
    guarantee.type,
    guarantee.currency,
    guarantee.referenceAmount,
    guarantee.accessCodeDigest,
    guarantee.validFrom,
    guarantee.validTo,
    guarantee.notValidIn,
  ])
}

/**
 * Holds an amount for a movement, if the balance allows it: one guarded UPDATE, no lock held before.
 * @returns what is held afterwards on the guarantee, or undefined when the balance is short (nothing is changed)
 */
export async function holdAmount(
  tx: Tx,
  entry: { grn: string; mrn: string; amount: string; currency: string; at: Date },
): Promise<string | undefined> {
  const rows = await tx.run<{ held_after: string }>(sql.hold, [
    entry.grn,
    entry.mrn,
    entry.amount,
    entry.currency,
    entry.at,
  ])
  return rows[0]?.held_after
}

/** Credits what a movement held. @returns what is held afterwards, or undefined when it held nothing */
export async function creditAmount(tx: Tx, entry: { grn: string; mrn: string; at: Date }): Promise<string | undefined> {
  const rows = await tx.run<{ held_after: string }>(sql.credit, [entry.grn, entry.mrn, entry.at])
  return rows[0]?.held_after
}

/** One line of the ledger. */
export interface LedgerLine {
  grn: string
  mrn: string
  op: 'hold' | 'credit'
  amount: string
  currency: string
  heldAfter: string
  at: Date
}

/** The ledger of one guarantee, or of all ('' as GRN), oldest first. */
export async function ledgerOf(db: Tx, grn: string): Promise<LedgerLine[]> {
  const rows = await db.run<Omit<LedgerLine, 'heldAfter'> & { held_after: string }>(sql.entries, [grn])
  return rows.map(({ held_after: heldAfter, ...row }) => ({ ...row, heldAfter }))
}

import { type Tx } from '@corridor/database'
import type { GuaranteeTerms } from '@corridor/procedures'
import { likeLiteral } from '../like.ts'
import { sql } from './statements.ts'

/** A guarantee as an office of guarantee keeps it. Amounts are exact decimals as text, days yyyy-mm-dd. */
export interface Guarantee {
  grn: string
  holder: string
  type: string
  currency: string
  referenceAmount: string
  available: string
  locked: string
  liable: string
  /** Whether it covers a new movement on the day that was asked about. */
  valid: boolean
  validFrom: string
  validTo: string | null
  invalidFrom: string | null
  state: 'valid' | 'cancelled' | 'revoked'
  version: number
  notValidIn: string[]
  terms: GuaranteeTerms
  /** Keyed digests of its access codes; the master code is one of them. */
  digests: Uint8Array[]
  masterDigests: Uint8Array[]
  /** MRN of the movement that an individual guarantee or a voucher covers, or has covered. */
  usedBy: string | null
}

interface Row {
  grn: string
  holder: string
  type: string
  currency: string
  reference_amount: string
  available: string
  locked: string
  liable: string
  valid: boolean
  valid_from: string
  valid_to: string | null
  invalid_from: string | null
  state: Guarantee['state']
  version: number
  not_valid_in: string[]
  terms: GuaranteeTerms
  digests: Uint8Array[]
  master_digests: Uint8Array[]
  used_by: string | null
}

const guaranteeOf = (row: Row): Guarantee => ({
  grn: row.grn,
  holder: row.holder,
  type: row.type,
  currency: row.currency,
  referenceAmount: row.reference_amount,
  available: row.available,
  locked: row.locked,
  liable: row.liable,
  valid: row.valid,
  validFrom: row.valid_from,
  validTo: row.valid_to,
  invalidFrom: row.invalid_from,
  state: row.state,
  version: row.version,
  notValidIn: row.not_valid_in,
  terms: row.terms,
  digests: row.digests,
  masterDigests: row.master_digests,
  usedBy: row.used_by,
})

/** The guarantees with these references, in the order of their numbers, with their validity on a day (yyyy-mm-dd). */
export async function findGuarantees(db: Tx, grns: readonly string[], day: string): Promise<Guarantee[]> {
  return (await db.run<Row>(sql.find, [grns, day])).map(guaranteeOf)
}

/** What a guarantee is registered with. */
export interface Registration {
  grn: string
  holder: string
  type: string
  currency: string
  referenceAmount: string
  validFrom: string
  validTo: string | null
  notValidIn: string[]
  terms?: GuaranteeTerms
  /** Digest of its master access code; absent for one that has none. */
  accessCodeDigest?: Uint8Array
  at: Date
  /** What it rests on; absent for one of the corridor file. */
  because?: { office: string; document: string; documentType: string; actor: string }
}

/** Registers a guarantee; one that is there already stays as it is. @returns whether it is new */
export async function registerGuarantee(db: Tx, guarantee: Registration): Promise<boolean> {
  const { because } = guarantee
  const rows = await db.run(sql.register, [
    guarantee.grn,
    guarantee.holder,
    guarantee.type,
    guarantee.currency,
    guarantee.referenceAmount,
    guarantee.validFrom,
    guarantee.validTo,
    guarantee.notValidIn,
    JSON.stringify(guarantee.terms ?? {}),
    guarantee.accessCodeDigest ?? null,
    guarantee.at,
    because?.office ?? '',
    because?.document ?? null,
    because?.documentType ?? '',
    because?.actor ?? '',
  ])
  return rows.length > 0
}

/** Locks the rows of guarantees until the transaction ends: what is decided about them is decided one after the other. */
export async function lockGuarantees(tx: Tx, grns: readonly string[]): Promise<void> {
  await tx.run(sql.holdRows, [grns])
}

/** From a day on (yyyy-mm-dd) a guarantee covers no new movement. */
export async function endGuarantee(
  tx: Tx,
  grn: string,
  end: { state: 'cancelled' | 'revoked'; invalidFrom: string; terms: GuaranteeTerms },
): Promise<void> {
  await tx.run(sql.end, [grn, end.state, end.invalidFrom, JSON.stringify(end.terms)])
}

/** Takes an access code away, adds one, or both; the master access code stays. */
export async function changeAccessCode(
  tx: Tx,
  grn: string,
  change: { taken: Uint8Array | undefined; added: Uint8Array | undefined; at: Date },
): Promise<void> {
  await tx.run(sql.changeCode, [grn, change.taken ?? null, change.added ?? null, change.at])
}

/** One line of the list of guarantees: `open` counts the movements that have something locked or claimed. */
export interface GuaranteeLine extends Omit<
  Guarantee,
  'validFrom' | 'version' | 'notValidIn' | 'terms' | 'digests' | 'masterDigests' | 'usedBy'
> {
  open: number
}

/** A page of the guarantees whose GRN or holder has these characters, by GRN. `page` counts from 1, `day` is yyyy-mm-dd. */
export async function listGuarantees(
  db: Tx,
  query: { q: string; day: string; page: number; pageSize: number },
): Promise<{ items: GuaranteeLine[]; total: number }> {
  const rows = await db.run<Row & { open: number; total: number }>(sql.list, [
    likeLiteral(query.q),
    query.day,
    query.pageSize,
    (query.page - 1) * query.pageSize,
  ])
  return {
    items: rows.map((row) => ({
      grn: row.grn,
      holder: row.holder,
      type: row.type,
      currency: row.currency,
      referenceAmount: row.reference_amount,
      available: row.available,
      locked: row.locked,
      liable: row.liable,
      state: row.state,
      valid: row.valid,
      validTo: row.valid_to,
      invalidFrom: row.invalid_from,
      open: row.open,
    })),
    total: rows[0]?.total ?? 0,
  }
}

import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

interface LedgerRow {
  grn: string
  mrn: string
  holds: number
  credits: number
  hold: string | null
  credit: string | null
  running: boolean
}

/** I5, after each step: available and held are the limit and never negative; what is held is what the open entries say. */
export async function ledgerAddsUp(world: World): Promise<void> {
  const { store } = world.node('al')
  const [row] = await store.query<{ grn: string; held: string; entered: string; limit: string }>(
    `select grn, held, reference_amount as "limit", entered from guarantee
     cross join lateral (
       select coalesce(sum(case op when 'hold' then amount else -amount end), 0) as entered
       from guarantee_entry entry where entry.grn = guarantee.grn) as entries
     where held <> entered or held < 0 or held > reference_amount`,
  )
  if (row !== undefined)
    throw new Violation('I5', `${row.grn} holds ${row.held} of ${row.limit}, its entries add up to ${row.entered}`)
}

/** I5, over all entries: each movement holds a guarantee once at most, and gets it back once at most, the same amount, and not before. */
export async function holdsAreClosedOnce(world: World): Promise<void> {
  const { store } = world.node('al')
  const rows = await store.query<LedgerRow>(
    `select grn, mrn, count(*) filter (where op = 'hold') as holds, count(*) filter (where op = 'credit') as credits,
       sum(amount) filter (where op = 'hold') as hold, sum(amount) filter (where op = 'credit') as credit,
       min(id) filter (where op = 'hold') < coalesce(min(id) filter (where op = 'credit'), 9e18) as running
     from guarantee_entry group by grn, mrn order by grn, mrn`,
  )
  for (const { grn, mrn, holds, credits, hold, credit, running } of rows) {
    const what = `${grn} for ${mrn}: ${holds} holds (${hold ?? 0}), ${credits} credits (${credit ?? 0})`
    if (holds !== 1 || credits > 1 || !running || (credit !== null && credit !== hold)) throw new Violation('I5', what)
  }
  const [open] = await store.query<{ mrn: string; state: string }>(
    `select mrn, state from movement where role = 'guarantee'
       and (state = 'held') <> exists (select from guarantee_entry hold where hold.mrn = movement.mrn and op = 'hold'
         and not exists (select from guarantee_entry credit where credit.mrn = hold.mrn and credit.op = 'credit'))`,
  )
  if (open !== undefined)
    throw new Violation('I5', `${open.mrn} is ${open.state} at the guarantee, and its ledger says otherwise`)
}

import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

interface LedgerRow {
  grn: string
  mrn: string
  locks: number
  open: number
  closings: number
  locked: string
  given: string
}

/** I5, after each step: available, locked and liable make up the reference amount, and are what the postings add up to. */
export async function ledgerAddsUp(world: World): Promise<void> {
  const { store } = world.node('al')
  const [row] = await store.query<{ grn: string; balances: string; posted: string }>(
    `select guarantee.grn, concat_ws(' ', -reference_amount, guarantee.available, guarantee.locked, guarantee.liable) as balances,
       concat_ws(' ', reference, posted.available, posted.locked, posted.liable) as posted
     from guarantee cross join lateral (
       select coalesce(sum(amount), 0) as total,
         coalesce(sum(amount) filter (where account = 'reference'), 0) as reference,
         coalesce(sum(amount) filter (where account = 'available'), 0) as available,
         coalesce(sum(amount) filter (where account = 'locked'), 0) as locked,
         coalesce(sum(amount) filter (where account = 'liable'), 0) as liable
       from guarantee_posting posting where posting.grn = guarantee.grn) as posted
     where total <> 0 or reference <> -reference_amount or posted.available <> guarantee.available
       or posted.locked <> guarantee.locked or posted.liable <> guarantee.liable
       or guarantee.available < 0 or guarantee.locked < 0 or guarantee.liable < 0`,
  )
  if (row !== undefined)
    throw new Violation('I5', `the balances of ${row.grn} are ${row.balances}, its postings add up to ${row.posted}`)
}

/** I5, over all entries: a movement locks a guarantee once at a time, and each lock is closed once, by its amount. */
export async function locksAreClosedOnce(world: World): Promise<void> {
  const { store } = world.node('al')
  const rows = await store.query<LedgerRow>(
    `select grn, mrn, count(*) filter (where op = 'lock') as locks,
       (select count(*) from guarantee_lock use where use.grn = entry.grn and use.mrn = entry.mrn and state <> 'closed') as open,
       count(*) filter (where credit = 'available') as closings,
       coalesce(sum(amount) filter (where op = 'lock'), 0) as locked,
       coalesce(sum(amount) filter (where credit = 'available'), 0)
         + coalesce((select sum(use.amount) from guarantee_lock use
             where use.grn = entry.grn and use.mrn = entry.mrn and state <> 'closed'), 0) as given
     from guarantee_transaction entry where mrn is not null group by grn, mrn order by grn, mrn`,
  )
  for (const { grn, mrn, locks, open, closings, locked, given } of rows)
    if (locks !== open + closings || open > 1 || locked !== given)
      throw new Violation(
        'I5',
        `${grn} for ${mrn}: ${locks} locks of ${locked}, ${open} open, ${closings} closed: ${given}`,
      )
  const [open] = await store.query<{ mrn: string; state: string }>(
    `select mrn, state from movement where role = 'guarantee'
       and (state = 'held') <> exists (select from guarantee_lock use where use.mrn = movement.mrn and use.state = 'locked')`,
  )
  if (open !== undefined)
    throw new Violation('I5', `${open.mrn} is ${open.state} at the guarantee, and its ledger says otherwise`)
}

// A list page and an act, as the movements that are open at one office grow: rows are copies of a real record, each with an MRN of its own.
import { createHash, randomUUID } from 'node:crypto'
import { makeMrn } from '@corridor/customs'
import type { Database } from '@corridor/database'
import { quantile, rounded } from '../../as4/bench/plan.ts'
import { accepted, clock, startNode, type TestNode } from '../test/nodes.ts'

/** Key of nothing: MRNs of the copies are numbers in letters. */
const digits = 'ABCDEFGHIJ'
const times = 60

/** Milliseconds of each, p50 and p99. */
interface Spread {
  p50: number
  p99: number
}

export interface Growth {
  open: number
  listPageMs: Spread
  searchPageMs: Spread
  statePageMs: Spread
  actMs: Spread
}

/** Measures at each number of rows, in ascending order. */
export async function growth(rows: readonly number[]): Promise<Growth[]> {
  const al = await startNode('al')
  const mrn = await accepted(al)
  const grown: Growth[] = []
  let there = 1
  for (const open of rows.toSorted((a, b) => a - b)) {
    await seed(al.db, mrn, there, open)
    there = open
    const measured = await measure(al, open)
    process.stderr.write(`growth ${JSON.stringify(measured)}\n`)
    grown.push(measured)
  }
  await al.stop()
  return grown
}

const bodyOf = (n: number): string =>
  `G${String(n)
    .padStart(11, '0')
    .replace(/\d/g, (digit) => digits[Number(digit)] ?? '')}`
const mrnOf = (n: number): string => makeMrn('26', 'AL', bodyOf(n), 'J')

/** Copies of the record up to `to` rows, a day's worth of hours apart, one in ten without anything to do. Their check digits are right. */
async function seed(db: Database, mrn: string, from: number, to: number): Promise<void> {
  const batch = 20_000
  for (let at = from; at < to; at += batch) {
    const numbers = Array.from({ length: Math.min(batch, to - at) }, (_, n) => at + n)
    await db.query(
      `insert into movement (role, office, mrn, lrn, trader, state, version, data, summary, search, needs_act, secrets, created_at, updated_at)
       select role, office, copy.mrn, 'G' || n, trader, case when n % 20 = 0 then 'released' else state end, version, data, summary,
         replace(search, $1, copy.mrn), n % 10 <> 0, null, created_at - n * interval '1 second', updated_at - n * interval '1 second'
       from movement, unnest($2::text[], $3::int[]) as copy (mrn, n) where movement.mrn = $1 and role = 'departure'`,
      [mrn, numbers.map(mrnOf), numbers],
    )
  }
  await db.query('vacuum analyze movement')
}

async function measure(al: TestNode, open: number): Promise<Growth> {
  const officer = al.account('durres')
  const page = (query: { q?: string; status?: string }) => () =>
    al.casework.movements(officer, { ...query, page: 1, pageSize: 25 })
  const some = (n: number) => mrnOf(Math.max(1, Math.floor((n * 7919) % open)))
  let next = 0
  return {
    open,
    listPageMs: await timed(page({})),
    statePageMs: await timed(page({ status: 'released' })),
    searchPageMs: await timed(() => page({ q: some(++next) })()),
    actMs: await timed(() => control(al, ++next, open)),
  }
}

/** An officer announces a control: the page, the act, its document to the trader, the journal, one commit. */
async function control(al: TestNode, n: number, open: number): Promise<void> {
  // Of every twentieth row the movement is released already: take the next one.
  const wanted = Math.max(1, (n * 7919) % open)
  const mrn = mrnOf(wanted % 20 === 0 ? wanted + 1 : wanted)
  const officer = al.account('durres')
  const view = await al.casework.movement(officer, mrn)
  if (view?.acts.some(({ act }) => act === 'control') !== true) return
  const requestDigest = createHash('sha256').update(mrn).digest()
  const outcome = await al.casework.act(officer, mrn, {
    act: 'control',
    version: view.version,
    fields: { typeOfControls: '10' },
    idempotency: { accountId: officer.id, key: randomUUID(), requestDigest },
  })
  if (outcome.kind !== 'done') throw new Error(`${mrn}: ${JSON.stringify(outcome)} at ${clock().toISOString()}`)
}

async function timed(work: () => Promise<unknown>): Promise<Spread> {
  for (let n = 0; n < 10; n += 1) await work()
  const took: number[] = []
  for (let n = 0; n < times; n += 1) {
    const began = performance.now()
    await work()
    took.push(performance.now() - began)
  }
  const sorted = took.toSorted((a, b) => a - b)
  return { p50: rounded(quantile(sorted, 0.5), 2), p99: rounded(quantile(sorted, 0.99), 2) }
}

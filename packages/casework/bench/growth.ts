// A list page and an act, as the movements that are open at one office grow: rows are copies of a real record, each with an MRN of its own.
import { createHash, randomUUID } from 'node:crypto'
import { makeMrn } from '@corridor/customs'
import type { Database } from '@corridor/database'
import { quantile, rounded } from '../../as4/bench/plan.ts'
import { accepted, startNode, type TestNode } from '../test/nodes.ts'

/** Key of nothing: MRNs of the copies are numbers in letters. */
const digits = 'ABCDEFGHIJ'
const times = 60
const warmUps = 10

/** Milliseconds of each: the quickest, which other work on the machine disturbs least, p50 and p99. */
interface Spread {
  least: number
  p50: number
  p99: number
}

export interface Growth {
  open: number
  /** Rows of these that have all of a record; the others have `data = '{}'`, so that the table is smaller than a real one. */
  whole: number
  listPageMs: Spread
  /** Looked for by its whole MRN. */
  mrnPageMs: Spread
  /** Looked for by a part of it. */
  wordPageMs: Spread
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

/** Rows that have all of the record; the others have its state and what a list shows of it. */
const isWhole = (n: number): boolean => n < 1000 || n % 1000 === 1

/**
 * Copies of the record up to `to` rows, a second apart; one in ten has nothing to do, one in twenty is released. Their check digits are right.
 */
async function seed(db: Database, mrn: string, from: number, to: number): Promise<void> {
  const batch = 20_000
  for (let at = from; at < to; at += batch) {
    const numbers = Array.from({ length: Math.min(batch, to - at) }, (_, n) => at + n)
    await db.query(
      `insert into movement (role, office, mrn, lrn, trader, state, version, data, summary, search, needs_act, secrets, created_at, updated_at)
       select role, office, copy.mrn, 'G' || n, trader, case when n % 20 = 0 then 'released' else state end, version,
         case when whole then data else '{}' end, summary, replace(search, $1, copy.mrn), n % 10 <> 0, null,
         created_at - n * interval '1 second', updated_at - n * interval '1 second'
       from movement, unnest($2::text[], $3::int[], $4::boolean[]) as copy (mrn, n, whole)
       where movement.mrn = $1 and role = 'departure'`,
      [mrn, numbers.map(mrnOf), numbers, numbers.map(isWhole)],
    )
  }
  await db.query('vacuum analyze movement')
}

/** Movements whose control is announced, each once: from all over the table. */
function* toControl(to: number): Generator<string> {
  for (let n = 1; n < 1000; n += 1) {
    const far = n * 1000 + 1
    const wanted = n % 2 === 0 && far < to ? far : n
    if (wanted % 20 !== 0) yield mrnOf(wanted)
  }
}

async function measure(al: TestNode, open: number): Promise<Growth> {
  const officer = al.account('durres')
  const page = (query: { q?: string; status?: string }) => () =>
    al.casework.movements(officer, { ...query, page: 1, pageSize: 25 })
  const some = (n: number) => mrnOf(Math.max(1, Math.floor((n * 7919) % open)))
  let next = 0
  const mrns = toControl(open)
  return {
    open,
    whole: Array.from({ length: open }, (_, n) => n).filter(isWhole).length,
    listPageMs: await timed(page({})),
    statePageMs: await timed(page({ status: 'released' })),
    mrnPageMs: await timed(() => page({ q: some(++next) })()),
    wordPageMs: await timed(() => page({ q: some(++next).slice(0, 15) })()),
    actMs: await timed(
      (mrn) => control(al, mrn ?? ''),
      () => free(al, mrns),
    ),
  }
}

/** An officer announces a control: the page, the act, its document to the trader, the journal, one commit. */
async function control(al: TestNode, mrn: string): Promise<void> {
  const officer = al.account('durres')
  const view = await al.casework.movement(officer, mrn)
  const requestDigest = createHash('sha256').update(mrn).digest()
  const outcome = await al.casework.act(officer, mrn, {
    act: 'control',
    version: view?.version ?? 0,
    fields: { typeOfControls: '10' },
    idempotency: { accountId: officer.id, key: randomUUID(), requestDigest },
  })
  if (outcome.kind !== 'done') throw new Error(`${mrn}: ${JSON.stringify(outcome)}`)
}

/** The next movement that is still accepted. */
async function free(al: TestNode, mrns: Generator<string>): Promise<string | undefined> {
  for (let one = mrns.next(); one.done !== true; one = mrns.next()) {
    const view = await al.casework.movement(al.account('durres'), one.value)
    if (view?.status.code === 'accepted') return one.value
  }
  return undefined
}

/** @param prepare what is not measured */
async function timed(
  work: (prepared: string | undefined) => Promise<unknown>,
  prepare: () => Promise<string | undefined> = () => Promise.resolve(undefined),
): Promise<Spread> {
  const took: number[] = []
  for (let n = 0; n < warmUps + times; n += 1) {
    const prepared = await prepare()
    const began = performance.now()
    await work(prepared)
    if (n >= warmUps) took.push(performance.now() - began)
  }
  const sorted = took.toSorted((a, b) => a - b)
  return {
    least: rounded(sorted[0] ?? 0, 2),
    p50: rounded(quantile(sorted, 0.5), 2),
    p99: rounded(quantile(sorted, 0.99), 2),
  }
}

/**
 * Ten thousand movements go random ways to their end, fifty at a time over two guarantees. The decisions are those of both nodes; each entry
 * that they make goes into the ledger in PostgreSQL, in the order in which it was made.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addAmounts, compareAmounts } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { enterLedger, migrations, registerGuarantee } from '@corridor/registry'
import { loadExplored, Pairs, type Walked, Walks } from '../src/index.ts'

const groupSize = 50
const groups = Number(process.env['CORRIDOR_RANDOM_MOVEMENTS'] ?? 10_000) / groupSize
const firstSeed = Number(process.env['CORRIDOR_FIRST_SEED'] ?? 1)
/** So little that movements take it from each other. */
const amounts = { '26AL0009010000019': '90000.00', '26XK0009010000019': '25000.00' }
const closers = ['credit', 'cancel', 'liberation']

let made: TestDatabase
let db: Database

before(async () => {
  made = await testDatabase()
  db = connect(made.url, { max: 6 })
  await migrate(db, [{ room: 'registry', directory: migrations }])
})
after(async () => {
  await db.close()
  await made.drop()
})

const at = new Date('2026-11-24T14:00:00Z')

/** The two guarantees of a group, under numbers of its own. */
const own = (seed: number, grn: string): string => `${grn}-${seed}`

async function post({ seed, entries }: Walked): Promise<void> {
  for (const [grn, referenceAmount] of Object.entries(amounts))
    await registerGuarantee(db, {
      grn: own(seed, grn),
      holder: 'ALL12345678A',
      type: '1',
      currency: 'EUR',
      referenceAmount,
      validFrom: '2026-01-01',
      validTo: null,
      notValidIn: [],
      at,
    })
  await db.transaction(async (tx) => {
    for (const [number, { movement, entry }] of entries.entries()) {
      const because = { mrn: `${seed}/${movement}`, office: 'AL000101', document: `${number}`, actor: 'NTA.AL', at }
      const came = await enterLedger(tx, { ...entry, grn: own(seed, entry.grn) }, because)
      assert.equal(came, 'entered', `seed ${seed}, entry ${number}: ${entry.op} ${entry.grn} of movement ${movement}`)
    }
  })
}

test('10,000 movements on random ways: the ledger balances, each lock is closed once, both sides agree in the end', async (t) => {
  const compiled = loadExplored()
  const walks = new Walks(compiled, new Pairs(compiled.law))
  const ends = new Map<string, number>()
  const posting = new Set<Promise<void>>()
  const available = new Map<string, string>()
  let steps = 0
  let entries = 0
  for (let seed = firstSeed; seed < firstSeed + groups; seed += 1) {
    const walked = walks.group(seed, groupSize, amounts)
    if (walked.wrong !== undefined) {
      const { what, trace, records } = walks.shrunk(walked.wrong) ?? walked.wrong
      const replay = `npx --no corridor explore --random ${groupSize} --seed ${seed}`
      assert.fail([`seed ${seed}: ${what.join('; ')}`, ...trace, 'There:', ...records, replay].join('\n'))
    }
    closedOnceEach(walked)
    steps += walked.steps
    entries += walked.entries.length
    for (const [end, count] of Object.entries(walked.ends)) ends.set(end, (ends.get(end) ?? 0) + count)
    for (const [grn, amount] of Object.entries(walked.available)) available.set(own(seed, grn), amount)
    const posted = post(walked).finally(() => posting.delete(posted))
    posting.add(posted)
    if (posting.size >= 6) await Promise.race(posting)
  }
  await Promise.all(posting)
  t.diagnostic(`${groups * groupSize} movements, ${steps} steps, ${entries} entries of the ledger`)
  t.diagnostic([...ends].map(([end, count]) => `${end} ${count}`).join(', '))
  for (const end of ['written-off', 'invalidated', 'not-released', 'recovered'])
    assert.ok((ends.get(end) ?? 0) > groups, `random ways come to the end ${end}`)

  const guarantees = await db.query<{
    grn: string
    reference: string
    available: string
    locked: string
    liable: string
  }>(`select grn, reference_amount as reference, available, locked, liable from guarantee order by grn`)
  assert.equal(guarantees.length, groups * 2)
  for (const { grn, reference, available: left, locked, liable } of guarantees) {
    assert.equal(compareAmounts(addAmounts(addAmounts(left, locked), liable), reference), 0, grn)
    assert.equal(compareAmounts(left, available.get(grn) ?? ''), 0, `${grn}: PostgreSQL and the decisions agree`)
    assert.equal(compareAmounts(left, reference), 0, `${grn}: every movement has ended`)
  }
  const [locks] = await db.query<{ locks: number; unclosed: number; unlike: number }>(
    `select count(*) as locks, count(*) filter (where state <> 'closed' or closed_by is null) as unclosed,
       count(*) filter (where amount <> (select t.amount from guarantee_transaction t where t.id = closed_by)) as unlike
     from guarantee_lock`,
  )
  const [closings] = await db.query<{ closings: number }>(
    `select count(*) as closings from guarantee_transaction where op = any($1)`,
    [closers],
  )
  t.diagnostic(`${locks?.locks} locks, ${closings?.closings} closed`)
  assert.deepEqual([locks?.unclosed, locks?.unlike], [0, 0])
  assert.equal(locks?.locks, closings?.closings, 'each lock is closed once')
  const wrong = await db.query(
    `select grn, account, sum(amount) from guarantee_posting group by grn, account
     having sum(amount) <> (select case account when 'available' then available when 'locked' then locked when 'liable' then liable
       else -reference_amount end from guarantee where guarantee.grn = guarantee_posting.grn)`,
  )
  assert.deepEqual(wrong, [], 'balances are what the postings add up to')
})

/** Of each movement and guarantee, what is locked and what is closed take turns. */
function closedOnceEach({ seed, entries }: Walked): void {
  const isOpen = new Map<string, boolean>()
  for (const { movement, entry } of entries) {
    const key = `seed ${seed}, movement ${movement}, ${entry.grn}`
    if (entry.op === 'lock') {
      assert.notEqual(isOpen.get(key), true, `${key} is locked twice`)
      isOpen.set(key, true)
    } else if (closers.includes(entry.op)) {
      assert.equal(isOpen.get(key), true, `${key} is closed without a lock`)
      isOpen.set(key, false)
    }
  }
  for (const [key, left] of isOpen) assert.equal(left, false, `${key} is never closed`)
}

test('a seed says which way is gone, to the last entry', () => {
  const compiled = loadExplored()
  const pairs = new Pairs(compiled.law)
  const [one, again] = [
    new Walks(compiled, pairs).group(7, 20, amounts),
    new Walks(compiled, pairs).group(7, 20, amounts),
  ]
  assert.deepEqual(one, again)
  assert.notDeepEqual(new Walks(compiled, pairs).group(8, 20, amounts).entries, one.entries)
})

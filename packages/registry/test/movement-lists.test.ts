/** The list of an office: counted up to a limit, in one order, by state, by words, by MRN. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMrn } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { listMovements, migrations } from '../src/index.ts'

let made: TestDatabase
let db: Database
const first = makeMrn('26', 'AL', 'ABCDEFGHIJK1', 'J')

before(async () => {
  made = await testDatabase()
  db = connect(made.url, { max: 2 })
  await migrate(db, [{ room: 'registry', directory: migrations }])
  await db.query(
    `insert into movement (role, office, mrn, lrn, trader, state, data, summary, search, needs_act, created_at, updated_at)
     select 'departure', 'AL000101', case n when 1 then $1 else 'M' || n end, 'L' || n, 'T', case when n % 100 = 0 then 'released' else 'accepted' end,
       '{}', '{}', 'words ' || n || case n when 1 then ' ' || $1 else '' end, n % 2 = 0, now(), timestamptz '2026-11-24' + n * interval '1 second'
     from generate_series(1, 1500) as n`,
    [first],
  )
})
after(async () => {
  await db.close()
  await made.drop()
})

const list = (query: Partial<Parameters<typeof listMovements>[1]>) =>
  listMovements(db, { role: 'departure', office: 'AL000101', q: '', state: '', page: 1, pageSize: 3, ...query })
const lrns = ({ items }: Awaited<ReturnType<typeof list>>) => items.map(({ lrn }) => lrn)

test('what needs an act comes first, then what changed last; more than 1,000 are only said to be more', async () => {
  const page = await list({})
  assert.deepEqual([page.total, page.more, lrns(page)], [1000, true, ['L1500', 'L1498', 'L1496']])
  assert.deepEqual(lrns(await list({ page: 251 })), ['L1499', 'L1497', 'L1495'])
  const none = await list({ office: 'AL000102' })
  assert.deepEqual([none.total, none.more, none.items], [0, false, []])
})

test('by state and by words the number is exact', async () => {
  const released = await list({ state: 'released' })
  assert.deepEqual([released.total, released.more, lrns(released)], [15, false, ['L1500', 'L1400', 'L1300']])
  const words = await list({ q: 'WORDS 149' })
  assert.deepEqual([words.total, words.more, lrns(words)], [11, false, ['L1498', 'L1496', 'L1494']])
  const both = await list({ q: 'words 1', state: 'released' })
  assert.deepEqual([both.total, lrns(both)], [7, ['L1500', 'L1400', 'L1300']])
  assert.deepEqual([(await list({ q: 'words' })).total, (await list({ q: 'words' })).more], [1000, true])
})

test('a whole MRN finds its movement, in capitals or not, unless it is in another state', async () => {
  for (const q of [first, ` ${first.toLowerCase()} `]) {
    const found = await list({ q })
    assert.deepEqual([found.total, found.more, lrns(found)], [1, false, ['L1']])
  }
  assert.equal((await list({ q: first, state: 'released' })).total, 0)
})

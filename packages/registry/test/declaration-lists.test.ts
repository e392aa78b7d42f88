/** The list of declarations: in one order by side, state, trader and beginning, counted up to a limit; the consignments of a period. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { declared, migrations } from '../src/index.ts'

let made: TestDatabase
let db: Database

before(async () => {
  made = await testDatabase()
  db = connect(made.url, { max: 2 })
  await migrate(db, [{ room: 'registry', directory: migrations }])
  await db.query(
    `insert into declaration (side, party, key, number, ucr, version, state, trader, day, created_at, changed_at)
     select side, 'P', side || n, case when side = 'export' then 'N' || n end, 'U' || n, 1,
       case when side = 'import' then 'accepted' when n % 100 = 0 then 'refused' else 'taken' end,
       case when n % 3 = 0 then 'T' end, date '2026-01-01' + n % 365, now(), timestamptz '2026-11-24' + n * interval '1 second'
     from generate_series(1, 1500) as n cross join unnest(array['export', 'import']) as side`,
  )
  await db.query(
    `insert into declaration_version (declaration, version, event, block, digest, actor, at)
     select id, 1, 'released', convert_to(ucr, 'utf8'), sha256('x'), 'a', now() from declaration`,
  )
})
after(async () => {
  await db.close()
  await made.drop()
})

const list = async (query: Partial<Parameters<typeof declared.listDeclarations>[1]>) => {
  const { declarations, total, more } = await declared.listDeclarations(db, { page: 1, pageSize: 3, ...query })
  return [declarations.map(({ side, ucr }) => `${side} ${ucr}`), total, more] as const
}

test('what changed last comes first, of one moment what is younger; more than 1,000 are only said to be more', async () => {
  const [first, total, more] = await list({ pageSize: 4 })
  assert.deepEqual(first.toSorted(), ['export U1499', 'export U1500', 'import U1499', 'import U1500'])
  assert.deepEqual([first.slice(0, 2).every((line) => line.endsWith('U1500')), total, more], [true, 1000, true])
  assert.deepEqual(await list({ sides: ['export'], page: 2 }), [
    ['export U1497', 'export U1496', 'export U1495'],
    1000,
    true,
  ])
  assert.deepEqual(await list({ page: 401 }), [[], 0, true])
})

test('by side, state and trader the number is exact', async () => {
  assert.deepEqual(await list({ state: 'refused' }), [['export U1500', 'export U1400', 'export U1300'], 15, false])
  assert.deepEqual(await list({ state: 'refused', sides: ['import'] }), [[], 0, false])
  assert.deepEqual(await list({ state: 'refused', trader: 'T' }), [
    ['export U1500', 'export U1200', 'export U900'],
    5,
    false,
  ])
  assert.deepEqual((await list({ sides: ['import'], trader: 'T' }))[1], 500)
})

test('the beginning of a number or UCR finds its declarations; what LIKE means otherwise is itself', async () => {
  assert.deepEqual(await list({ q: 'N149' }), [['export U1499', 'export U1498', 'export U1497'], 11, false])
  assert.deepEqual(await list({ q: 'U149', sides: ['import'], page: 4 }), [['import U1490', 'import U149'], 11, false])
  assert.deepEqual(await list({ q: 'U1', trader: 'T', sides: ['export'], state: 'refused' }), [
    ['export U1500', 'export U1200'],
    2,
    false,
  ])
  for (const q of ['n149', 'U%', 'U_', '%', '\\'])
    for (const trader of [undefined, 'T']) assert.deepEqual(await list({ q, trader }), [[], 0, false], q)
})

test('a consignment is of the period in which its first declaration is; of too many there is none', async () => {
  await db.query(`update declaration set day = '2025-12-31' where side = 'export' and ucr = 'U5'`)
  const period = { from: '2026-01-06', to: '2026-01-07', most: 9 }
  const found = (await declared.declaredInPeriod(db, 'P', ['export', 'import'], period)) ?? assert.fail('none')
  const blocks = await declared.blocksOf(
    db,
    found.map(({ id }) => id),
  )
  assert.deepEqual(
    blocks.map(({ id, ucr }) => ({ id, ucr })),
    found.map(({ id, ucr }) => ({ id, ucr })),
  )
  const seen = blocks.map(({ ucr, block }) => [ucr, Buffer.from(block ?? []).toString()])
  assert.ok(seen.every(([ucr, block]) => ucr === block))
  assert.deepEqual([...new Set(seen.map(([ucr]) => ucr))].toSorted(), [
    'U1100',
    'U1101',
    'U1465',
    'U1466',
    'U370',
    'U371',
    'U6',
    'U735',
    'U736',
  ])
  assert.equal(seen.length, 18)
  assert.equal(await declared.declaredInPeriod(db, 'P', ['export', 'import'], { ...period, most: 8 }), undefined)
  assert.deepEqual(await declared.declaredInPeriod(db, 'Q', ['export', 'import'], period), [])
})

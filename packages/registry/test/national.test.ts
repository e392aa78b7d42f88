/** Documents that a national system handed over: found by what answers them, however many there are. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { migrations, national } from '../src/index.ts'

const at = new Date('2026-11-24T14:00:00Z')
let made: TestDatabase
let db: Database

before(async () => {
  made = await testDatabase()
  db = connect(made.url, { max: 2 })
  await migrate(db, [{ room: 'registry', directory: migrations }])
})
after(async () => {
  await db.close()
  await made.drop()
})

const [trader, other] = ['ALL12345678A', 'ALM55512345C']
const hand = (declaration: string, more: Partial<national.HandedDocument> = {}): Promise<void> =>
  national.noteHanded(
    db,
    { handed: `h-${declaration}`, declaration, messageId: `m-${declaration}`, trader, lrn: null, mrn: null, ...more },
    at,
  )
const numberOf = (about: Partial<Parameters<typeof national.numberAtSystem>[1]>): Promise<string | undefined> =>
  national.numberAtSystem(db, { answers: null, trader, lrn: null, mrn: null, ...about })

test('a number is that of what is answered, else of the first with the reference; another trader’s is none', async () => {
  await hand('1', { lrn: 'L' })
  await hand('2', { lrn: 'L' })
  await hand('3', { trader: other, lrn: 'L' })
  await national.noteMrn(db, trader, 'L', '26AL0000000000001A')
  assert.equal(await numberOf({ lrn: 'L' }), '1')
  assert.equal(await numberOf({ lrn: 'L', answers: 'm-2' }), '2')
  assert.equal(await numberOf({ lrn: 'L', trader: other }), '3')
  assert.equal(await numberOf({ mrn: '26AL0000000000001A' }), '1')
  assert.equal(await numberOf({ mrn: '26AL0000000000001A', trader: other }), undefined)
  assert.equal(await numberOf({ mrn: '26AL0000000000001A', trader: null }), '1')
  assert.equal(await numberOf({}), undefined)
  assert.equal(await numberOf({ answers: 'm-0', lrn: 'M', mrn: '26AL0000000000002B' }), undefined)
  assert.deepEqual([await national.wasHanded(db, 'h-2'), await national.wasHanded(db, 'h-9')], [true, false])
  await assert.rejects(hand('1'), { code: '23505' })
})

test('it is looked for by its indexes, and never by reading all', async () => {
  await db.query(`
    insert into national_transit (handed, declaration, message_id, trader, lrn, mrn, at)
    select 'g' || n, 'g' || n, 'g' || n, 'T' || n, 'L' || n, 'M' || n, now() from generate_series(1, 20000) n;
    analyze national_transit`)
  const sql = readFileSync(new URL('../sql/national/number-of.sql', import.meta.url), 'utf8')
  await db.session(async (session) => {
    await session.query(`set plan_cache_mode = 'force_generic_plan'`)
    await session.query(`prepare numbers (text, text, text, text) as ${sql}`)
    const rows = await session.query<{ 'QUERY PLAN': string }>(`explain execute numbers ('a', 'b', 'c', 'd')`)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    assert.doesNotMatch(plan, /Seq Scan/, plan)
    assert.match(plan, /Index/)
  })
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ReferenceEntry } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { migrations, reference } from '../src/index.ts'

const {
  codesChangedBy,
  declareLists,
  differenceCounts,
  differencesOf,
  importEntries,
  movementsUsing,
  onReferenceChange,
  publishVersion,
  reviewVersion,
  rollBackTo,
  versionsOf,
} = reference

const list = 'CL017'
const at = new Date('2026-11-30T12:00:00Z')
let made: TestDatabase
let db: Database

const entry = (code: string, more: Partial<ReferenceEntry> = {}): ReferenceEntry => ({
  list,
  code,
  validFrom: '2026-01-01',
  validTo: '',
  state: 'valid',
  texts: { en: `Kind ${code}` },
  items: {},
  keyItems: 0,
  groups: [],
  ...more,
})
const bring = (entries: ReferenceEntry[], more: { state?: 'draft' | 'published'; party?: string } = {}) =>
  db.transaction((tx) =>
    importEntries(
      tx,
      entries.map((each, line) => ({ line: line + 1, entry: each })),
      { author: 'arta', at, effective: '2026-12-01', ...more },
    ),
  )
const fault = (code: string) => ({ code: `reference.${code}` })

before(async () => {
  made = await testDatabase()
  db = connect(made.url, { max: 4 })
  await migrate(db, [{ room: 'registry', directory: migrations }])
  const head = { names: [], source: 'this test', version: '1', kind: 'common', note: '' } as const
  await declareLists(db, [{ ...head, id: list, owner: 'NTA.AL', illustrative: true, completeness: 'partial' }])
  assert.equal((await bring([entry('AA'), entry('BB')])).ok, true)
})
after(async () => {
  await db.close()
  await made.drop()
})

test('a version goes from draft by a second person to published, and what it does is seen before', async () => {
  const added = entry('CC', { validFrom: '2026-12-01' })
  await bring([entry('AA'), added], { state: 'draft', party: 'NTA.AL' })
  const [ended, more, ...rest] = await differencesOf(db, list, 2, { limit: 10 })
  const until = entry('BB', { validTo: '2026-11-30' })
  assert.deepEqual(ended, { code: 'BB', what: 'ended', before: [entry('BB')], after: [until] })
  assert.deepEqual(more, { code: 'CC', what: 'added', before: [], after: [added] })
  assert.deepEqual(rest, [])
  assert.deepEqual(await differencesOf(db, list, 2, { after: 'BB', limit: 1 }), [more])
  const counts = await differenceCounts(db, list)
  assert.deepEqual(
    [counts.get(1), counts.get(2)],
    [
      { added: 2, changed: 0, ended: 0 },
      { added: 1, changed: 0, ended: 1 },
    ],
  )
  assert.deepEqual(await differenceCounts(db, list, 2), new Map([[2, { added: 1, changed: 0, ended: 1 }]]))
  assert.deepEqual(await codesChangedBy(db, list, 2), [{ code: 'BB', ended: true }])
  const act = (work: (tx: Parameters<typeof reviewVersion>[0]) => Promise<void>) => db.transaction(work)
  await assert.rejects(
    act((tx) => reviewVersion(tx, list, 2, 'arta')),
    fault('same-person'),
  )
  await assert.rejects(
    act((tx) => publishVersion(tx, list, 2, at)),
    fault('wrong-state'),
  )
  await act((tx) => reviewVersion(tx, list, 2, 'besnik'))
  const both = await Promise.allSettled([1, 2].map(() => act((tx) => publishVersion(tx, list, 2, at))))
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('open movements that use a code that ends are named', async () => {
  const record = {
    Consignment: { HouseConsignment: [{ Packaging: [{ typeOfPackages: 'BB' }, { typeOfPackages: 'AA' }] }] },
  }
  for (const [mrn, state] of [
    ['M1', 'released'],
    ['M2', 'written-off'],
  ])
    await db.query(
      `insert into movement (role, office, mrn, lrn, state, data, summary, search, needs_act, created_at, updated_at)
       values ('departure', 'AL000101', $1, $1, $2, $3, '{}', '', false, $4, $4)`,
      [mrn, state, JSON.stringify({ record }), at],
    )
  const paths = ['$.Consignment.HouseConsignment.Packaging.typeOfPackages']
  const found = await movementsUsing(db, { paths, codes: ['BB'], endStates: ['written-off'] })
  assert.deepEqual(found, [{ mrn: 'M1', role: 'departure', office: 'AL000101', state: 'released', code: 'BB' }])
})

test('a new version restores an earlier one, digest and all; another administration cannot', async () => {
  const by = { author: 'arta', party: 'NTA.AL', effective: '2026-12-02', at, note: 'CC was wrong' }
  const back = (number: number, party: string) => db.transaction((tx) => rollBackTo(tx, list, number, { ...by, party }))
  await assert.rejects(back(1, 'NTA.XK'), fault('not-owner'))
  await assert.rejects(back(7, 'NTA.AL'), fault('unknown-version'))
  assert.equal(await back(1, 'NTA.AL'), 3)
  await assert.rejects(back(1, 'NTA.AL'), fault('version-open'))
  const [newest, , first] = await versionsOf(db, list)
  assert.equal(newest?.state, 'draft')
  assert.equal(newest?.digest, first?.digest)
})

test('who works from a copy of a list hears of a version in use, and not of a draft', async () => {
  const heard: string[] = []
  let told = Promise.withResolvers<void>()
  const deaf = await onReferenceChange(db, (id) => {
    heard.push(id)
    told.resolve()
  })
  const [open] = await versionsOf(db, list)
  if (open?.state !== 'published') await reference.discardVersion(db, list, open?.number ?? 0)
  const drafted = await bring([entry('HEARD')].concat(await inUse()), { state: 'draft' })
  const number = drafted.lists[0]?.version ?? 0
  await db.transaction((tx) => reviewVersion(tx, list, number, 'besnik'))
  assert.deepEqual(heard, [])
  await db.transaction((tx) => publishVersion(tx, list, number, at))
  await told.promise
  assert.deepEqual(heard, [list])
  told = Promise.withResolvers()
  assert.equal((await bring([entry('AGAIN')].concat(await inUse()))).ok, true)
  await told.promise
  assert.deepEqual(heard, [list, list])
  await deaf()
})

async function inUse(): Promise<ReferenceEntry[]> {
  return Array.fromAsync(reference.exportList(db, list))
}

/** The lists that come as files, in the store of a node when it starts. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { migrations, reference } from '@corridor/registry'
import { loadShippedLists, type ShippedList } from '@corridor/tables'
import { readCorridor } from '../src/config/corridor.ts'
import { seedReference } from '../src/reference/seed.ts'

let own: TestDatabase
let db: Database
let shipped: ShippedList[]
const now = { at: new Date('2026-11-30T10:00:00Z'), today: '2026-11-30' }
const stored = async (list: string) => (await reference.listSummary(db, list))!

before(async () => {
  own = await testDatabase()
  db = connect(own.url)
  await migrate(db, [{ room: 'registry', directory: migrations }])
  const { codelists, nodes } = readCorridor('albania-kosovo')
  const countries = new Map(nodes.map(({ party, country }) => [party, country]))
  shipped = loadShippedLists({ folder: codelists, corridor: 'albania-kosovo', countries })
})
after(async () => {
  await db.close()
  await own.drop()
})

test('every list that comes as a file is in the store after the first start, and the second start changes nothing', async () => {
  const seeded = await seedReference(db, shipped, now)
  assert.deepEqual(
    seeded.map(({ list }) => list),
    shipped.map(({ head }) => head.id),
  )
  assert.ok(seeded.length > 80, `${seeded.length} lists`)
  for (const { head, entries } of shipped) {
    const list = await stored(head.id)
    assert.equal(list.entries, entries.length, head.id)
    assert.deepEqual({ ...list, ...head }, list)
  }
  assert.deepEqual(await seedReference(db, shipped, now), [])
  assert.equal((await stored('CL008')).latest, 1)
})

test('all thirteen tables have values', async () => {
  for (const list of 'CL047 CL015 CL041 CL056 CL067 CL020 CL014 CL094 CL103 CL087 CL108 C05 C04'.split(' '))
    assert.ok((await stored(list)).entries > 0, list)
  assert.equal((await reference.entryAt(db, 'C05', '0111', '2026-11-30'))?.parent, '011')
})

test('what a corridor adds is a list of its own, with its owner, marked illustrative', async () => {
  const facts = ({ kind, illustrative, owner, country }: reference.ListSummary) => [kind, illustrative, owner, country]
  assert.deepEqual(facts(await stored('CL009/albania-kosovo')), ['corridor', true, 'NTA.AL', 'AL'])
  assert.deepEqual(facts(await stored('CL141/NTA.AL')), ['national', true, 'NTA.AL', 'AL'])
  assert.deepEqual(facts(await stored('CL141/NTA.XK')), ['national', true, 'NTA.XK', 'XK'])
  const [durres] = await reference.search(db, 'durres', { list: 'CL141/NTA.AL', language: 'sq' })
  assert.deepEqual([durres?.code, durres?.text], ['AL000101', 'Porti i Durrësit'])
})

test('a newer file is brought, an older one is not, and what an administration changed since stays', async () => {
  const codes = shipped.find(({ head }) => head.id === 'CL019')!
  const newer = {
    head: { ...codes.head, version: '2026-12-01' },
    entries: [...codes.entries, { line: 99, entry: { ...codes.entries[0]!.entry, code: '99', validFrom: '' } }],
  }
  assert.deepEqual(await seedReference(db, [newer], now), [{ list: 'CL019', entries: newer.entries.length }])
  assert.deepEqual([(await stored('CL019')).version, (await stored('CL019')).latest], ['2026-12-01', 2])
  assert.deepEqual(await seedReference(db, [codes], now), [])
  assert.equal((await stored('CL019')).latest, 2)
})

test('a version that somebody prepares is not in the way of a start: a newer file waits until it is published or discarded', async () => {
  const codes = shipped.find(({ head }) => head.id === 'CL027')!
  const added = (code: string) => [
    ...codes.entries,
    { line: 99, entry: { ...codes.entries[0]!.entry, code, validFrom: '' } },
  ]
  const open = { author: 'tirana-tariff', ...now, effective: '2026-12-01', state: 'draft' } as const
  await db.transaction((tx) => reference.importEntries(tx, added('8'), open))
  const newer = { head: { ...codes.head, version: '2099-01-01' }, entries: added('9') }
  assert.deepEqual(await seedReference(db, [newer], now), [])
  assert.deepEqual([(await stored('CL027')).published, (await stored('CL027')).latest], [1, 2])
  await db.transaction((tx) => reference.discardVersion(tx, 'CL027', 2))
  assert.equal((await seedReference(db, [newer], now)).length, 1)
})

test('a wrong line stops the list as a whole', async () => {
  const [first] = shipped
  const wrong = {
    head: { ...first!.head, version: '2099-01-01' },
    entries: [{ line: 7, entry: { ...first!.entries[0]!.entry, validFrom: '2026-02-30' } }],
  }
  await assert.rejects(seedReference(db, [wrong], now), /line 7: .*2026-02-30 is no day/)
  assert.equal((await stored(first!.head.id)).latest, 1)
})

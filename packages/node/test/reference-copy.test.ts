/** Copies of lists for where there is no network, over a real database: many versions, whichever of them a copy was made of. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addDays, namingOf, type OfflineList, offlineText, readReference } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { migrations, reference } from '@corridor/registry'
import { loadReferenceLists } from '@corridor/tables'
import { copyOf } from '../src/reference/copy.ts'

let own: TestDatabase
let db: Database
before(async () => {
  own = await testDatabase()
  db = connect(own.url)
  await migrate(db, [{ room: 'registry', directory: migrations }])
  await reference.declareLists(db, loadReferenceLists())
})
after(async () => {
  await db.close()
  await own.drop()
})

const list = 'CL016'

/** The file of the day so many days on: some of the codes, some of them otherwise than before, some that end soon. */
function fileOf(round: number, day: string): string {
  const rows = Array.from({ length: 24 }, (_, n) => n)
    .filter((n) => (n * 7 + round) % 5 !== 0)
    .map((n) => {
      const last = (n + round) % 6 === 0 ? addDays(day, 2) : ''
      return `C${n},${day},${last},Name ${(n + round) % 3 === 0 ? round : 0}\n`
    })
  return `code,activeFrom,activeTo,text_en\n${rows.join('')}`
}

async function bring(round: number, day: string): Promise<void> {
  await db.transaction(async (tx) => {
    const read = readReference('csv', [fileOf(round, day)], namingOf(loadReferenceLists()), list)
    const options = { author: 'test', at: new Date(`${day}T10:00:00Z`), effective: day, ending: true }
    assert.deepEqual((await reference.importEntries(tx, read, options)).wrong, [])
  })
}

test('a copy of any version, brought up to date on any day, is the one that is made new', async () => {
  const copies: OfflineList[] = []
  for (let round = 0; round < 8; round += 1) {
    const day = addDays('2026-11-01', round * 2)
    await bring(round, day)
    const { copy: fresh, how } = await copyOf(db, list, day, undefined)
    assert.equal(how, 'whole')
    assert.equal(fresh.version, round + 1)
    for (const kept of copies) {
      const { copy, how: updated } = await copyOf(db, list, day, kept)
      assert.equal(updated, 'changes')
      assert.equal(offlineText(copy), offlineText(fresh), `from version ${kept.version}`)
    }
    copies.push(fresh)
  }
})

test('a copy of the day before loses what ended; one of a later day, of another list or of a version that never was is made new', async () => {
  const day = '2026-11-15'
  const { copy } = await copyOf(db, list, day, undefined)
  assert.equal((await copyOf(db, list, day, copy)).how, 'as it was')
  const later = await copyOf(db, list, '2026-11-18', copy)
  assert.equal(later.how, 'changes')
  assert.ok(later.copy.entries.length < copy.entries.length)
  assert.equal(offlineText(later.copy), offlineText((await copyOf(db, list, '2026-11-18', undefined)).copy))
  for (const other of [
    later.copy,
    { ...copy, list: 'CL017' },
    { ...copy, version: 99 },
    { ...copy, versionDigest: 'x' },
  ])
    assert.deepEqual(await copyOf(db, list, day, other), { copy, how: 'whole' })
})

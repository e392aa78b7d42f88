/** The two official sources of reference data, whole: read, written back, and nothing lost. */
import assert from 'node:assert/strict'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createGunzip, gunzipSync } from 'node:zlib'
import {
  namingOf,
  readReference,
  readReferenceLists,
  writeReference,
  type ReferenceEntry,
  type ReferenceForm,
} from '../src/index.ts'

const shared = new URL('../../../../shared/ncts/codelists/', import.meta.url)
const skip = existsSync(shared) ? false : 'needs ../shared'
const lists = readReferenceLists(readFileSync(new URL('../reference/lists.tsv', import.meta.url), 'utf8'))
const naming = namingOf(lists)
const nameOf = (list: string): string => lists.find(({ id }) => id === list)?.names[0] ?? list

async function entriesOf(form: ReferenceForm, chunks: AsyncIterable<Uint8Array | string>): Promise<ReferenceEntry[]> {
  const entries: ReferenceEntry[] = []
  for await (const read of readReference(form, chunks, naming)) {
    assert.ok('entry' in read, JSON.stringify(read))
    entries.push(read.entry)
  }
  return entries
}

const file = (name: string): AsyncIterable<Uint8Array> => createReadStream(new URL(name, shared)).pipe(createGunzip())

test('the Commission’s export of 2024-11-05 in XML', { skip }, async () => {
  const entries = await entriesOf('csrd2-xml', file('COL-Generic-20241105.xml.gz'))
  const counts = new Map<string, number>()
  for (const { list } of entries) counts.set(list, (counts.get(list) ?? 0) + 1)
  assert.deepEqual(Object.fromEntries(counts), {
    CL008: 265,
    CountryHolidays: 37,
    CountryRegion: 296,
    CL141: 4136,
    CL015: 103,
    LanguageCodes: 189,
    CL056: 57,
    CL067: 34,
    CL020: 8,
    UnLocode: 55382,
  })
  // Entry by entry as text, so that the order of items and groups counts too.
  const again = await entriesOf('csrd2-xml', writeReference('csrd2-xml', entries, { nameOf }))
  assert.equal(again.length, entries.length)
  for (const [at, entry] of entries.entries()) assert.equal(JSON.stringify(again[at]), JSON.stringify(entry))
})

test('the snapshot of 2025-02-12: 55 lists, 166,880 rows', { skip }, async () => {
  const name = 'CSRD2_NCTS-P5_2025-02-12.tsv.gz'
  const entries = await entriesOf('tsv', file(name))
  assert.deepEqual([entries.length, new Set(entries.map(({ list }) => list)).size], [166_880, 55])
  assert.deepEqual(
    entries.filter(({ list }) => !lists.some(({ id }) => id === list)),
    [],
  )
  let written = ''
  for await (const chunk of writeReference('tsv', entries, { nameOf })) written += chunk
  const plain = (text: string): string[] => text.replaceAll('{"name": ', '{"name":').trimEnd().split('\n')
  const original = plain(gunzipSync(readFileSync(new URL(name, shared))).toString('utf8'))
  for (const [at, row] of plain(written).entries()) assert.equal(row, original[at])
})

test('the later feed, by the numbers of the lists', { skip }, async () => {
  const entries = await entriesOf('tsv', createReadStream(new URL('CSRD2_later_feed_by_CL.tsv', shared)))
  assert.equal(entries.length, 2267)
  const andorra = entries.find(({ list, code }) => list === 'CL008' && code === 'AD')
  assert.deepEqual(
    [andorra?.validFrom, andorra?.keyItems, Object.keys(andorra?.items ?? {})[0]],
    ['2025-11-01', 1, 'CountryCode'],
  )
})

/** The two official sources of reference data, whole, in a real database: nothing is lost on the way in or out, and the same file again changes nothing. */
import assert from 'node:assert/strict'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import {
  namingOf,
  readReference,
  type ReadEntry,
  readReferenceLists,
  type ReferenceEntry,
  type ReferenceForm,
  writeReference,
} from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations, reference } from '../src/index.ts'

const shared = new URL('../../../../shared/ncts/codelists/', import.meta.url)
const skip = existsSync(shared) ? false : 'needs ../shared'
const lists = readReferenceLists(readFileSync(new URL('../../customs/reference/lists.tsv', import.meta.url), 'utf8'))
const naming = namingOf(lists)
const nameOf = (list: string): string => lists.find(({ id }) => id === list)?.names[0] ?? list

interface Source {
  name: string
  file: string
  form: ReferenceForm
  /** Day of the file. */
  day: string
  lists: number
  entries: number
  /** Forms that can say everything that is in it. */
  back: ReferenceForm[]
}

const sources: Source[] = [
  { name: 'the Commission’s export of 2024-11-05', file: 'COL-Generic-20241105.xml.gz', form: 'csrd2-xml', day: '2024-11-05', lists: 10, entries: 60_507, back: ['csrd2-xml', 'json', 'csv'] },
  { name: 'the snapshot of 2025-02-12', file: 'CSRD2_NCTS-P5_2025-02-12.tsv.gz', form: 'tsv', day: '2025-02-12', lists: 55, entries: 166_880, back: ['tsv', 'json', 'csv'] },
] // prettier-ignore

const open = (file: string): AsyncIterable<Uint8Array> =>
  createReadStream(new URL(file, shared)).pipe(createGunzip({ chunkSize: 1 << 18 }))

async function read(form: ReferenceForm, chunks: AsyncIterable<Uint8Array | string>): Promise<ReadEntry[]> {
  const entries: ReadEntry[] = []
  for await (const one of readReference(form, chunks, naming)) {
    assert.ok('entry' in one, JSON.stringify(one))
    entries.push(one)
  }
  return entries
}

const bring = (
  db: Database,
  entries: readonly ReadEntry[],
  { day }: Source,
): Promise<reference.ReferenceImportReport> =>
  db.transaction((tx) =>
    reference.importEntries(tx, entries, {
      author: 'test',
      at: new Date('2026-11-30T00:00:00Z'),
      effective: day,
    }),
  )

/** Entries as lines in an order of their own. The order of items and groups in an entry counts, that of languages does not. */
const sorted = (entries: readonly ReferenceEntry[]): string[] =>
  entries
    .map((entry) =>
      JSON.stringify({ ...entry, texts: Object.entries(entry.texts).sort(([a], [b]) => (a < b ? -1 : 1)) }),
    )
    .sort()

function same(got: readonly ReferenceEntry[], wanted: readonly string[], what: string): void {
  assert.equal(got.length, wanted.length, what)
  for (const [at, line] of sorted(got).entries()) assert.equal(line, wanted[at], what)
}

for (const source of sources)
  test(`${source.name}: into the database and out again`, { skip }, async (t) => {
    const own = await testDatabase()
    const db = connect(own.url, { statementTimeoutMs: 0 })
    try {
      await migrate(db, [{ room: 'registry', directory: migrations }])
      await reference.declareLists(db, lists)
      const entries = await read(source.form, open(source.file))
      assert.equal(entries.length, source.entries)
      const started = performance.now()
      const first = await bring(db, entries, source)
      t.diagnostic(`imported in ${((performance.now() - started) / 1000).toFixed(1)} s`)
      assert.deepEqual(
        [first.ok, first.rows, first.wrongLines, first.lists.length],
        [true, source.entries, 0, source.lists],
      )
      const touched = first.lists.map(({ list }) => list)
      const stored: ReferenceEntry[] = []
      for (const list of touched) for await (const entry of reference.exportList(db, list)) stored.push(entry)
      const wanted = sorted(entries.map(({ entry }) => entry))
      same(stored, wanted, 'stored')
      const languages = [...new Set(stored.flatMap(({ texts }) => Object.keys(texts)))]
      for (const form of source.back) {
        const written = await read(form, writeReference(form, stored, { nameOf, languages, ends: true }))
        same(
          written.map(({ entry }) => entry),
          wanted,
          form,
        )
      }

      const again = await bring(db, entries, source)
      assert.deepEqual(
        again.lists.filter(({ version }) => version !== undefined),
        [],
        'no version',
      )
      assert.deepEqual(
        again.lists.map(({ list, unchanged }) => [list, unchanged]),
        first.lists.map(({ list, added }) => [list, added]),
      )
      const versions = await db.query<{ number: number }>('select number from reference_version')
      assert.deepEqual(
        versions.map(({ number }) => number),
        touched.map(() => 1),
      )
    } finally {
      await db.close()
      await own.drop()
    }
  })

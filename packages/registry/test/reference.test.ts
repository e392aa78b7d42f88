/** Reference data in a real database: what an import does, and what it refuses as a whole. */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { namingOf, readReference, readReferenceLists, type ReferenceEntry } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { migrations, reference } from '../src/index.ts'

const lists = readReferenceLists(readFileSync(new URL('../../customs/reference/lists.tsv', import.meta.url), 'utf8'))
const naming = namingOf(lists)
let own: TestDatabase
let db: Database
before(async () => {
  own = await testDatabase()
  db = connect(own.url)
  await migrate(db, [{ room: 'registry', directory: migrations }])
  await reference.declareLists(db, lists)
})
after(async () => {
  await db.close()
  await own.drop()
})

const at = new Date('2026-11-30T00:00:00Z')
const head = 'list,code,activeFrom,activeTo,parent,state,text_en,text_sq,CountryCode\n'
const importing = (csv: string, options: Partial<reference.ReferenceImport> = {}) =>
  db.transaction((tx) =>
    reference.importEntries(tx, readReference('csv', [head + csv], naming), {
      author: 'test',
      at,
      effective: '2026-12-01',
      ...options,
    }),
  )
const all = async (list: string, version?: number): Promise<ReferenceEntry[]> => {
  const entries: ReferenceEntry[] = []
  for await (const entry of reference.exportList(db, list, version)) entries.push(entry)
  return entries
}
const days = async (list: string, version?: number): Promise<string[]> =>
  (await all(list, version)).map(({ code, validFrom, validTo }) => `${code} ${validFrom}..${validTo}`)

test('an import says what it did; again it changes nothing and makes no version', async () => {
  const file = 'CL020,R,2024-01-01,,,,Road,Rrugë,\nCL020,S,2024-01-01,,,,Sea,Det,\nCL020,A,2024-01-01,,,,Air,Ajër,\n'
  const first = await importing(file)
  assert.deepEqual(first.lists, [{ list: 'CL020', added: 3, changed: 0, ended: 0, unchanged: 0, version: 1 }])
  const again = await importing(file)
  assert.deepEqual(again.lists, [{ list: 'CL020', added: 0, changed: 0, ended: 0, unchanged: 3 }])
  const second = await importing(
    'CL020,R,2025-06-01,,,,Road,Rrugë,\nCL020,S,2026-12-01,,,,Sea traffic,Det,\nCL020,P,2026-12-01,,,,Post,Posta,\n',
  )
  assert.deepEqual(second.lists, [{ list: 'CL020', added: 1, changed: 1, ended: 1, unchanged: 1, version: 2 }])
  assert.deepEqual(await days('CL020'), [
    'A 2024-01-01..2026-11-30',
    'P 2026-12-01..',
    'R 2024-01-01..',
    'S 2024-01-01..2026-11-30',
    'S 2026-12-01..',
  ])
  assert.deepEqual(await days('CL020', 1), ['A 2024-01-01..', 'R 2024-01-01..', 'S 2024-01-01..'])
  const changes = await reference.changesSince(db, 'CL020', 1)
  assert.deepEqual(
    [changes.version, changes.added.map(({ code }) => code), changes.removed.map(({ code }) => code)],
    [2, ['A', 'P', 'S', 'S'], ['A', 'S']],
  )
  assert.equal((await reference.entryAt(db, 'CL020', 'S', '2026-11-30'))?.texts['en'], 'Sea')
  assert.equal((await reference.entryAt(db, 'CL020', 'S', '2026-12-01'))?.texts['en'], 'Sea traffic')
  assert.deepEqual((await reference.entryVersions(db, 'CL020', 'S')).length, 3)
  const page = await reference.entriesOf(db, 'CL020', { at: '2026-12-01', limit: 2 })
  assert.deepEqual(
    page.entries.map(({ code }) => code),
    ['P', 'R'],
  )
  const rest = await reference.entriesOf(db, 'CL020', { at: '2026-12-01', limit: 2, cursor: page.cursor! })
  assert.deepEqual([rest.entries.map(({ code }) => code), rest.cursor], [['S'], undefined])
})

test('a code that was always there is replaced by one that was, too', async () => {
  await importing('CL042,X1,,,,,Old,,\n')
  await importing('CL042,X1,,2026-12-31,,,New,,\n')
  assert.deepEqual(await days('CL042'), ['X1 ..2026-12-31'])
})

test('an office of a national part belongs to the country of its owner', async () => {
  const head = { names: ['CustomsOffices'], source: 'test', version: '1', illustrative: true, note: '' } as const
  const kind = { kind: 'national', completeness: 'complete', owner: 'NTA.AL', country: 'AL' } as const
  await reference.declareLists(db, [{ id: 'CL141/NTA.AL', ...head, ...kind }])
  const wrong = await importing(
    'CL141/NTA.AL,AL000101,2026-01-01,,,,Durrës,,AL\nCL141/NTA.AL,XK000201,2026-01-01,,,,Vërmicë,,XK\n' +
      'CL141/NTA.AL,AL000102,2026-01-01,,,,Vlorë,,\nCL141/NTA.AL,AL000103,2026-01-01,,,,Shkodër,,ME\n',
  )
  assert.deepEqual(wrong.wrong, [
    { line: 3, reason: 'XK000201: an office of AL begins with AL: only its own administration publishes it' },
    { line: 4, reason: 'AL000102: an office without a country: give it the item CountryCode' },
    { line: 5, reason: 'AL000103: its country is ME, and this list has offices of AL: correct CountryCode' },
  ])
  assert.deepEqual(await days('CL141/NTA.AL'), [])
})

test('the end of a code, as a row of its own', async () => {
  await importing('CL067,X1,2024-01-01,,,,one,,\nCL067,X2,2024-01-01,,,,two,,\n')
  const end = 'CL067,X1,2026-12-24,,,invalid,,,\n'
  const ended = await importing(end, { covers: 'addition' })
  assert.deepEqual(ended.lists, [{ list: 'CL067', added: 0, changed: 0, ended: 1, unchanged: 1, version: 2 }])
  assert.deepEqual(await days('CL067'), ['X1 2024-01-01..2026-12-23', 'X2 2024-01-01..'])
  assert.equal((await importing(end, { covers: 'addition' })).lists[0]?.version, undefined)
})

test('a file with a wrong line imports nothing', async () => {
  const good = 'CL015,AL/XK,2024-01-01,,,,Frontier,,\n'
  const cases: [string, RegExp][] = [
    ['Colours,R,2024-01-01,,,,red,,\n', /^3 nobody declared the list Colours/],
    ['CL141,AL000101,2024-01-01,,,,Durres,,\n', /^3 AL000101: an office without a country/],
    ['CL015,B,2024-01-01,2024-12-31,,,x,,\nCL015,B,2024-12-31,,,,y,,\n', /^4 B is there twice at one time/],
    ['CL015,B,2024-01-01,,ABOVE,,x,,\n', /^3 B: the list has no ABOVE above it/],
    ['CL015,B,2024-02-30,,,,x,,\n', /^3 B: first day 2024-02-30 is no day/],
    ['CL015,,2024-01-01,,,,x,,\n', /^3 no code/],
    ['CL015,B,2024-01-01,,,,x', /^3 the last line has no line end/],
  ]
  for (const [more, expected] of cases) {
    const report = await importing(good + more)
    assert.equal(report.ok, false)
    assert.match(`${report.wrong[0]?.line} ${report.wrong[0]?.reason}`, expected)
    assert.deepEqual(await all('CL015'), [])
  }
  assert.match((await importing('', {})).wrong[0]!.reason, /no entry in the file/)
  const long = await importing(good + good.replace('XK', 'MK') + good.replace('XK', 'ME'), { mostRows: 2 })
  assert.match(long.wrong[0]!.reason, /more than 2 rows/)
})

test('half a list is not taken for the whole', async () => {
  const rows = Array.from({ length: 40 }, (_, at) => `CL016,C${at},2024-01-01,,,,x,,\n`)
  await importing(rows.join(''))
  const half = rows.slice(0, 20).join('')
  await assert.rejects(importing(half), /reference.most-ended.*20 of 40/)
  assert.equal((await importing(half, { ending: true })).lists[0]?.ended, 20)
})

test('a version is reviewed by a second person; until it is published the list is as it was', async () => {
  await importing('CL094,2,2024-01-01,,,,Direct,,\n')
  const draft = await importing('CL094,2,2024-01-01,,,,Direct,,\nCL094,3,2024-01-01,,,,Indirect,,\n', {
    state: 'draft',
  })
  assert.equal(draft.lists[0]?.version, 2)
  assert.equal((await all('CL094')).length, 1)
  await assert.rejects(importing('CL094,9,2024-01-01,,,,x,,\n'), /reference.version-open/)
  await assert.rejects(reference.publishVersion(db, 'CL094', 2, at), /reference.wrong-state/)
  await assert.rejects(reference.reviewVersion(db, 'CL094', 2, 'test'), /reference.same-person/)
  await reference.reviewVersion(db, 'CL094', 2, 'second')
  await reference.publishVersion(db, 'CL094', 2, at)
  assert.equal((await all('CL094')).length, 2)
  await importing('CL094,2,2024-01-01,,,,Changed,,\n', { state: 'draft' })
  await db.transaction((tx) => reference.discardVersion(tx, 'CL094', 3))
  assert.deepEqual(await days('CL094'), ['2 2024-01-01..', '3 2024-01-01..'])
  assert.equal((await reference.listSummary(db, 'CL094'))?.latest, 2)
})

test('of two that change a list at once the second is told', async () => {
  const file = (text: string): string => `CL103,Z,2024-01-01,,,,${text},,\n`
  await reference.declareLists(db, [{ ...lists[0]!, id: 'CL103', names: ['Category'] }])
  const entries = (text: string) =>
    readReference('csv', [head + file(text)], namingOf([...lists, { id: 'CL103', names: [] }]))
  const options = { author: 'test', at, effective: '2026-12-01' }
  await db.transaction(async (tx) => {
    await reference.importEntries(tx, entries('first'), options)
    await assert.rejects(
      db.transaction((other) => reference.importEntries(other, entries('second'), options)),
      /reference.list-busy/,
    )
  })
  assert.deepEqual(
    (await all('CL103')).map(({ texts }) => texts['en']),
    ['first'],
  )
  await assert.rejects(
    db.transaction((tx) => reference.importEntries(tx, entries('late'), { ...options, base: 0 })),
    /reference.version-moved/,
  )
})

test('a list of another owner is not changed', async () => {
  await reference.declareLists(db, [{ ...lists[0]!, id: 'Mine', names: [], owner: 'AL' }])
  await assert.rejects(importing('Mine,A,2024-01-01,,,,x,,\n', { party: 'XK' }), /reference.not-owner/)
  assert.equal((await importing('Mine,A,2024-01-01,,,,x,,\n', { party: 'AL' })).lists[0]?.version, 1)
})

test('search: codes before words, in any language, without marks', async () => {
  await importing(
    'CL244,ALDRZ,2024-01-01,,,,Durres port,Porti i Durrësit,\nCL244,ALTIA,2024-01-01,2025-01-01,,,Tirana,Tiranë,\n',
  )
  const codes = async (q: string, options?: reference.SearchOptions) =>
    (await reference.search(db, q, options)).map(({ code, text }) => `${code} ${text}`)
  assert.deepEqual(await codes('aldr'), ['ALDRZ Durres port'])
  assert.deepEqual(await codes('porti durr', { language: 'sq' }), ['ALDRZ Porti i Durrësit'])
  assert.deepEqual(await codes('tirane'), ['ALTIA Tirana'])
  assert.deepEqual(await codes('tirane', { at: '2026-01-01' }), [])
  assert.deepEqual(await codes('durr', { list: 'CL020' }), [])
  assert.deepEqual(await codes("'; drop table x; --"), [])
  assert.deepEqual(await codes(''), [])
})

test('a text without spaces, or with more words than any, is stored and found by its beginning', async () => {
  // Of random letters, since what repeats itself becomes short in an index.
  const letters = Array.from({ length: 5000 }, () => randomInt(36).toString(36)).join('')
  const many = Array.from({ length: 105_000 }, (_, n) => `шш${n}ш`).join(' ')
  const { ok } = await importing(`CL244,XXLON,2024-01-01,,,,${letters},,\nCL244,XXMAN,2024-01-01,,,,${many},,\n`, {
    covers: 'addition',
  })
  assert.equal(ok, true)
  for (const q of [letters.slice(0, 12), letters.slice(0, 150)])
    assert.deepEqual(
      (await reference.search(db, q)).map(({ code }) => code),
      ['XXLON'],
    )
  assert.equal((await reference.search(db, 'шш77ш'))[0]?.code, 'XXMAN')
  // Longer ones PostgreSQL cuts in the middle of nothing, and does not say so.
  const [stored] = await db.query<{ longest: number; words: number }>(
    `select max(length(lexeme)) as longest, count(*) as words
     from reference_entry, unnest(words) where code in ('XXLON', 'XXMAN')`,
  )
  assert.deepEqual([stored?.longest, Number(stored?.words)], [100, 2002])
})

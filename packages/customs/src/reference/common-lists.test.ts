/** Which list of ours carries each standard, and that it is true. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compileCodeLists } from '../index.ts'
import { readTable } from '../tsv.ts'

const customs = new URL('../../', import.meta.url)
const folder = (path: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(new URL(path, customs)).map((name) => [name, readFileSync(new URL(`${path}${name}`, customs), 'utf8')]),
  )
const common = folder('reference/common/')
const codeLists = compileCodeLists({ ...folder('codelists/'), ...common })
const rows = readTable(
  readFileSync(new URL('reference/common-lists.tsv', customs), 'utf8'),
  ['standard', 'what', 'list', 'edition', 'completeness', 'note'],
  'common-lists',
).rows.map((row) => ({
  standard: row.cell('standard'),
  list: row.cell('list'),
  edition: row.cell('edition'),
  completeness: row.cell('completeness'),
  note: row.cell('note'),
}))

test('every standard is there, with its list, its edition and what is missing', () => {
  assert.deepEqual(
    rows.map(({ standard, list, completeness }) => [standard, list, completeness]),
    [
      ['ISO 3166-1 alpha-2', 'CL008', 'complete'],
      ['ISO 4217', 'ISO-4217', 'partial'],
      ['ISO 639-1', 'ISO-639-1', 'complete'],
      ['UN/CEFACT Rec. 5', 'UNECE-REC-5', 'complete'],
      ['UN/CEFACT Rec. 16', 'CL244', 'imported'],
      ['UN/CEFACT Rec. 20', 'UNECE-REC-20', 'partial'],
      ['UN/CEFACT Rec. 21', 'CL017', 'complete'],
      ['HS', 'CL152', 'imported'],
    ],
  )
  for (const { standard, list, edition, completeness, note } of rows) {
    assert.equal(codeLists.knows(list), completeness !== 'imported', standard)
    if (completeness !== 'imported') assert.notEqual(edition, '', standard)
    assert.notEqual(note, '', standard)
  }
})

test('each list of the folder is named by a standard, and has each code once', () => {
  for (const [file, text] of Object.entries(common)) {
    const { head, rows: entries } = readTable(text, ['code', 'validFrom', 'validTo', 'text_en'], file)
    assert.ok(rows.some(({ list }) => list === head.get('list') && `${list}.tsv` === file))
    const codes = entries.map((entry) => entry.cell('code'))
    assert.deepEqual(codes, [...new Set(codes)].toSorted(), file)
  }
})

test('the eleven Incoterms of 2020, and DAT before them', () => {
  const terms = (day: string) => codeLists.codes('UNECE-REC-5', day).map(({ code }) => code)
  assert.equal(terms('2026-11-24').length, 11)
  assert.deepEqual([terms('2019-12-31').includes('DAT'), terms('2020-01-01').includes('DAT')], [true, false])
})

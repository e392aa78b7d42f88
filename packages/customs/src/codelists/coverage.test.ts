/** Which code lists are carried, and why the others are not: complete, true of the sources, and the same as what is checked. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { check, compileCodeLists, compileRules, listsFromTables, overlayCodeLists, type TableNode } from '../index.ts'
import { loadCodeLists, loadCorridorTables, loadMessages } from '../../test/tables.ts'
import { addDays } from '../values/dates.ts'
import { readTable } from '../tsv.ts'

const folder = new URL('../../codelists/', import.meta.url)
const carried = new Map([
  ...readdirSync(folder).map((file): [string, string] => [
    file.replace(/\.tsv$/, ''),
    readFileSync(new URL(file, folder), 'utf8'),
  ]),
  ...Object.entries(listsFromTables(loadCorridorTables())),
])
const notCarried = readTable(
  readFileSync(new URL('../../coverage/code-lists-not-checked.tsv', import.meta.url), 'utf8'),
  ['list', 'name', 'why'],
  'code-lists-not-checked',
).rows.map((row) => ({ list: row.cell('list'), name: row.cell('name'), why: row.cell('why') }))
const messages = loadMessages()

/** The code lists that message tables name. */
function named(): Set<string> {
  const lists = new Set<string>()
  const visit = (nodes: readonly TableNode[]): void => {
    for (const { codeList, children } of nodes) {
      if (codeList) lists.add(codeList)
      visit(children ?? [])
    }
  }
  for (const type of messages.types) visit(messages.get(type)!.root.children ?? [])
  return lists
}

test('every list that a message names is carried, or it is written down why not', () => {
  const missing = notCarried.map(({ list }) => list)
  assert.deepEqual(
    [...named()].filter((list) => !carried.has(list) && !missing.includes(list)),
    [],
  )
  assert.deepEqual(
    missing.filter((list) => carried.has(list)),
    [],
  )
  assert.deepEqual(
    missing.filter((list) => !named().has(list)),
    [],
  )
  for (const { list, name, why } of notCarried) assert.ok(name && why, list)
})

test('each list carried has its id, name, source and version, and each code once at a time', () => {
  for (const [file, text] of carried) {
    const { head, rows } = readTable(text, ['code', 'validFrom', 'validTo', 'text_en'], file)
    assert.equal(head.get('list'), file)
    for (const key of ['name', 'source', 'version']) assert.ok(head.get(key), `${file} has no ${key}`)
    const codes = rows.map((row) => row.cell('code'))
    assert.equal(new Set(codes).size, codes.length, `${file} has a code twice`)
    assert.deepEqual(codes, codes.toSorted(), `${file} is not in order`)
    assert.ok(codes.length > 0, `${file} is empty`)
  }
})

const shared = new URL('../../../../../shared/ncts/codelists/', import.meta.url)
const skip = existsSync(shared) ? false : 'needs ../shared'
const rowsOf = (file: string): string[][] => {
  const bytes = readFileSync(new URL(file, shared))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
}

test('the technical lists are complete', { skip }, () => {
  const lists = new Map<string, Set<string>>()
  for (const [source, id, , code] of rowsOf('technical_codelists.tsv'))
    if (source === 'pipd0un-cc015c') lists.set(id!, (lists.get(id!) ?? new Set()).add(code!))
  assert.deepEqual([...lists.keys()].sort(), ['CL024', 'CL026', 'CL027', 'CL030', 'CL060', 'CL070', 'CL079', 'CL180'])
  const own = compileCodeLists(Object.fromEntries(carried))
  for (const [id, codes] of lists) {
    const have = own.codes(id, '2026-11-24').map(({ code }) => code)
    assert.deepEqual(have.toSorted(), [...codes].sort(), id)
  }
})

test('what is said of the lists that are not carried is true of the sources', { skip }, () => {
  const counts = new Map<string, number>()
  for (const [name] of rowsOf('CSRD2_NCTS-P5_2025-02-12.tsv.gz'))
    counts.set(name!.toLowerCase(), (counts.get(name!.toLowerCase()) ?? 0) + 1)
  for (const [id] of rowsOf('CSRD2_later_feed_by_CL.tsv')) counts.set(id!, (counts.get(id!) ?? 0) + 1)
  for (const { list, name, why } of notCarried) {
    const count = counts.get(name.toLowerCase()) ?? counts.get(list)
    const entries = /^(\d+) entries: imported by command$/.exec(why)?.[1]
    assert.equal(count, entries === undefined ? undefined : Number(entries), `${list} ${name}: ${why}`)
  }
})

test('a code is checked on the day before its first, its first, its last and the day after', () => {
  const [first, last] = ['2026-02-01', '2026-08-31']
  const addition =
    '#name\ta\n#source\ta\n#version\t1\n#status\tillustrative\nlists\tcode\tvalidFrom\tvalidTo\ttext_en\n' +
    `CL251\tZ\t${first}\t${last}\ta type for some months\n`
  const codeLists = overlayCodeLists(loadCodeLists(), { addition })
  const table = messages.get('CC015C')!
  const rules = compileRules({}, messages)
  const found = (date: string): string[] =>
    check(table, { Guarantee: [{ guaranteeType: 'Z' }] }, { codeLists, rules, date }).map(({ rule }) => rule)
  assert.deepEqual(
    [addDays(first, -1), first, last, addDays(last, 1)].map((date) => found(date).join(' ')),
    ['CL251', '', '', 'CL251'],
  )
})

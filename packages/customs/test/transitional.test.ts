/**
 * The rules of the transitional period (B, E): each that the specification has is there or is an exception with a reason, and each turns
 * with the day on which the period ends, by default and wherever else a corridor puts that day.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { addDays, check, defaultDates, type NamedDates } from '../src/index.ts'
import { readTable, type TableRow } from '../src/tsv.ts'
import { citedIn, documentOf } from './documents.ts'
import { assertBothCases, factsOf } from './rule-cases.ts'
import { loadCodeLists, loadMessages, loadRules, rulesTexts } from './tables.ts'

const messages = loadMessages()
const codeLists = loadCodeLists()
const rules = loadRules(messages)
const lastDay = defaultDates.TPendDate
const nextDay = addDays(lastDay, 1)
const cases = readTable(
  rulesTexts()['transitional-cases']!,
  ['rule', 'message', 'date', 'expect', 'document'],
  'transitional-cases',
).rows
const ids = rules.entries.map(({ id }) => id).filter((id) => /^[BE]/.test(id))

/** The places at which a case's rule finds something on a day. */
function found(row: TableRow, date: string, dates?: NamedDates): string {
  const table = messages.get(row.cell('message'))!
  const rule = row.cell('rule').split(' ').at(-1)
  const { facts, lists } = factsOf(row.cell('facts'), messages)
  const context = { codeLists: lists(codeLists), rules, date, facts, ...(dates && { dates }) }
  return check(table, documentOf(row.cell('document'), table.root), context)
    .filter((finding) => finding.rule === rule)
    .map(({ path }) => path)
    .join(' ')
}

const exceptions = readTable(
  readFileSync(new URL('../coverage/transitional-exceptions.tsv', import.meta.url), 'utf8'),
  ['rule', 'part', 'why'],
  'transitional-exceptions',
).rows
const whole = exceptions.filter((row) => row.cell('part') === 'whole').map((row) => row.cell('rule'))

test('every transitional rule that a message table cites is there or is an exception with a reason', () => {
  const cited = new Set(messages.types.flatMap((type) => [...citedIn(messages.get(type)!)]))
  assert.deepEqual([...cited].filter((id) => /^[BE]/.test(id)).sort(), [...ids, ...whole].sort())
  for (const row of exceptions) {
    assert.ok(row.cell('why'), `${row.cell('rule')} has no reason`)
    if (row.cell('part') !== 'whole')
      assert.ok(ids.includes(row.cell('rule')), `${row.cell('rule')} is not there at all`)
  }
})

test('each has cases on the last day of the period and on the next', () => {
  for (const id of ids) {
    const own = cases.filter((row) => row.cell('rule').split(' ')[0] === id)
    for (const day of [lastDay, nextDay]) {
      const ofDay = own.filter((row) => row.cell('date') === day)
      assert.ok(ofDay.length > 0, `${id} has no case on ${day}`)
    }
    assertBothCases(id, own)
  }
})

test('what fails on one side of the end of the period passes on the other', () => {
  const wrong: string[] = []
  const sides = new Set<string>()
  for (const row of cases) {
    const [id = '', other] = row.cell('rule').split(' ')
    if (row.cell('expect') === '' || (other !== undefined && /^[BE]/.test(other))) continue
    const day = row.cell('date')
    const otherDay = day === lastDay ? nextDay : lastDay
    const onOther = found(row, otherDay)
    if (onOther !== '') wrong.push(`line ${row.line} ${row.cell('rule')}: still ${onOther} on ${otherDay}`)
    sides.add(`${id} ${day}`)
  }
  assert.deepEqual(wrong, [])
  // rules of both kinds exist, so that neither half of this test is empty
  assert.ok(sides.has(`E1102 ${lastDay}`) && sides.has(`B2101 ${nextDay}`))
})

test('a corridor that ends its period on another day turns on that day', () => {
  const dates = { TPendDate: '2027-06-30' }
  const wrong: string[] = []
  for (const row of cases) {
    const moved = row.cell('date') === lastDay ? dates.TPendDate : addDays(dates.TPendDate, 1)
    const paths = found(row, moved, dates)
    if (paths !== row.cell('expect')) wrong.push(`line ${row.line} ${row.cell('rule')} on ${moved}: ${paths}`)
  }
  assert.deepEqual(wrong, [])
})

test('a finding of a transitional rule has code 50 and names the rule', () => {
  const table = messages.get('CC015C')!
  const document = documentOf('HolderOfTheTransitProcedure/name=' + 'N'.repeat(36), table.root)
  const finding = check(table, document, { codeLists, rules, date: lastDay }).find(({ rule }) => rule === 'E1104')
  assert.deepEqual(
    [finding?.code, finding?.path, finding?.allowed],
    ['50', '/CC015C/HolderOfTheTransitProcedure/name', 'an..35'],
  )
})

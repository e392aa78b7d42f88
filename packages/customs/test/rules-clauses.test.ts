/**
 * No part of a rule is there for nothing: without it, some case of the rule would come out otherwise. This holds for every row of every
 * rule table, without exception: a part that no document can tell from its absence is left out of the row.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRules, type Rules } from '../src/index.ts'
import { isRuleTable } from '../src/rules/tables.ts'
import { readTable, type TableRow } from '../src/tsv.ts'
import { documentOf } from './documents.ts'
import { factsOf } from './rule-cases.ts'
import { mutantsOf } from './rule-mutants.ts'
import { loadCodeLists, loadMessages, rulesTexts } from './tables.ts'

const messages = loadMessages()
const codeLists = loadCodeLists()
const texts = rulesTexts()
/** In a text of its own name, so that guidelines are read as rules are: with what they mean as their catalogue. */
const catalogues = {
  catalogue: texts['catalogue']!,
  'transitional-catalogue': texts['transitional-catalogue']!,
  'guidelines-catalogue': texts['guidelines']!,
}
/** Tables of rules, and beside them that of guidelines, whose name says for `compileRules` that it is none. */
const tables = Object.keys(texts).filter((name) => isRuleTable(name) || name === 'executable-guidelines')
const cases = Object.keys(texts)
  .filter((name) => name.includes('cases'))
  .flatMap((name) => readTable(texts[name]!, ['rule', 'message', 'expect', 'document'], name).rows)

/** Rules of these ids only, of all tables, where one line of one table is another. */
function compileChanged(ids: ReadonlySet<string>, table: string, at: number, line: string): Rules {
  const changed = tables.map((name) => {
    const [head = '', ...lines] = texts[name]!.trimEnd().split('\n')
    const own = (name === table ? lines.with(at, line) : lines).filter((each) => ids.has(each.slice(0, 5)))
    return [name.replace('-guidelines', ''), [head, ...own, ''].join('\n')] as const
  })
  return compileRules({ ...catalogues, ...Object.fromEntries(changed) }, messages)
}

/** Whether a case comes out as its row says: with these findings, and with nothing left open for want of a fact. */
function comesOut(rules: Rules, row: TableRow): boolean {
  const type = row.cell('message')
  const { facts, lists } = factsOf(row.cell('facts'), messages)
  const env = { codeLists: lists(codeLists), date: row.cell('date') || '2026-11-24', facts }
  const { findings, notEvaluated } = rules.evaluate(
    type,
    documentOf(row.cell('document'), messages.get(type)!.root),
    env,
  )
  const id = row.cell('rule').split(' ').at(-1)
  if (notEvaluated.some(({ rule }) => rule === id)) return false
  return findings.flatMap(({ rule, path }) => (rule === id ? [path] : [])).join(' ') === row.cell('expect')
}

test('every part of every row of a rule is needed by a case', () => {
  const idle: string[] = []
  let tried = 0
  for (const table of tables) {
    const lines = texts[table]!.trimEnd().split('\n').slice(1)
    for (const [at, own] of lines.entries()) {
      const id = own.slice(0, 5)
      const ofRule = cases.filter((row) => row.cell('rule').split(' ').includes(id))
      const ids = new Set([id, ...ofRule.flatMap((row) => row.cell('rule').split(' '))])
      const unchanged = compileChanged(ids, table, at, own)
      assert.deepEqual(
        ofRule.filter((row) => !comesOut(unchanged, row)).map(({ line }) => `${id}, case in line ${line}`),
        [],
      )
      for (const { part, line } of mutantsOf(own)) {
        tried += 1
        const rules = compileChanged(ids, table, at, line)
        if (ofRule.every((row) => comesOut(rules, row))) idle.push(`${table}, line ${at + 2}, ${id}: ${part}`)
      }
    }
  }
  assert.ok(tried > 1400, `${tried} parts`)
  assert.deepEqual(idle, [])
})

test('a part that nothing tells from its absence is seen', () => {
  const line = 'C0029\tCC029C\t/\tif\tTransitOperation/security in {1 2} or messageType present\tConsignment required'
  const parts = mutantsOf(line).map(({ part }) => part)
  assert.deepEqual(parts, [
    'never TransitOperation/security in {1 2}',
    'always TransitOperation/security in {1 2}',
    'never messageType present',
    'always messageType present',
    '1 is not in {1 2}',
    '2 is not in {1 2}',
    'without Consignment required',
  ])
  const [row] = readTable(
    'rule\tmessage\texpect\tdocument\nC0029\tCC029C\t\tmessageType=CC029C Consignment',
    [],
    '',
  ).rows
  for (const each of mutantsOf(line)) {
    const rules = compileRules(
      { catalogue: catalogues.catalogue, rules: `rule\tmessages\tat\tbranch\twhen\tthen\n${each.line}` },
      messages,
    )
    assert.ok(comesOut(rules, row!), each.part)
  }
})

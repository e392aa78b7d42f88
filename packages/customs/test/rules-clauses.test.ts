/** No clause of a rule is there for nothing: without it, some case of the rule would come out otherwise. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRules, examine, type Rules } from '../src/index.ts'
import { readTable, type TableRow } from '../src/tsv.ts'
import { documentOf } from './documents.ts'
import { factsOf } from './rule-cases.ts'
import { loadCodeLists, loadMessages, rulesTexts } from './tables.ts'

const messages = loadMessages()
const codeLists = loadCodeLists()
const texts = rulesTexts()

function comesOut(rules: Rules, row: TableRow): boolean {
  const table = messages.get(row.cell('message'))!
  const { facts, lists } = factsOf(row.cell('facts'), messages)
  const context = { codeLists: lists(codeLists), rules, date: '2026-11-24', facts }
  const { findings } = examine(table, documentOf(row.cell('document'), table.root), context)
  return (
    findings
      .filter(({ rule }) => rule === row.cell('rule'))
      .map(({ path }) => path)
      .join(' ') === row.cell('expect')
  )
}

/** The lines of a row without one of its clauses; a row that has no other holds for anything. */
function withoutEach(line: string): { clause: string; line: string }[] {
  const cells = line.split('\t')
  const clauses = cells[5]!.split('; ')
  return clauses.flatMap((clause, at) => {
    if (clause.endsWith(' optional')) return []
    const others = clauses.filter((_, each) => each !== at)
    const then = others.length > 0 ? others.join('; ') : '/messageType optional'
    return [{ clause, line: [...cells.slice(0, 5), then, ...cells.slice(6)].join('\t') }]
  })
}

test('every clause of every condition and rule is needed by a case', () => {
  const cases = readTable(texts['cases']!, ['rule', 'message', 'expect', 'document', 'facts'], 'cases').rows
  const idle: string[] = []
  let tried = 0
  for (const name of ['conditions', 'rules']) {
    const [head = '', ...lines] = texts[name]!.trimEnd().split('\n')
    for (const [at, own] of lines.entries()) {
      const [id = ''] = own.split('\t')
      const ofRule = cases.filter((row) => row.cell('rule') === id)
      for (const { clause, line } of withoutEach(own)) {
        tried += 1
        const changed = lines.with(at, line).filter((each) => each.startsWith(`${id}\t`))
        const catalogue = texts['catalogue']!
        const rules = compileRules({ catalogue, changed: [head, ...changed, ''].join('\n') }, messages)
        if (ofRule.every((row) => comesOut(rules, row))) idle.push(`${name}, line ${at + 2}, ${id}: ${clause}`)
      }
    }
  }
  assert.ok(tried > 250)
  assert.deepEqual(idle, [])
})

/** Every rule against its cases: rules/cases.tsv has for each at least one document that passes and one that fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check, compileRules, type Doc, type TableNode } from '../src/index.ts'
import { readTable } from '../src/tsv.ts'
import { loadCodeLists, loadMessages, loadRules, rulesText } from './tables.ts'

const messages = loadMessages()
const codeLists = loadCodeLists()
const rules = loadRules(messages)
const date = '2026-11-24'

/** `Guarantee[2]/guaranteeType=1 Consignment` → a document; a path without `=` makes an empty group. */
function documentOf(text: string, root: TableNode): Doc {
  const doc: Doc = {}
  for (const assignment of text.split(' ')) {
    const [path = '', value] = assignment.split('=')
    let at: Doc = doc
    let nodes = root.children!
    for (const [depth, step] of path.split('/').entries()) {
      const [, name = '', index = '1'] = /^(\w+)(?:\[(\d+)\])?$/.exec(step)!
      const node = nodes.find((each) => each.name === name)
      assert.ok(node, `${root.name} has no ${path}`)
      if (depth === path.split('/').length - 1 && value !== undefined) {
        at[name] = value
      } else if (node.repeats) {
        const list = (at[name] ??= []) as Doc[]
        at = list[Number(index) - 1] ??= {}
      } else at = (at[name] ??= {}) as Doc
      nodes = node.children ?? []
    }
  }
  return doc
}

const cases = readTable(rulesText('cases'), ['rule', 'message', 'expect', 'document'], 'cases').rows

test('every case of every rule', () => {
  const wrong: string[] = []
  for (const row of cases) {
    const table = messages.get(row.cell('message'))!
    const doc = documentOf(row.cell('document'), table.root)
    const found = check(table, doc, { codeLists, rules, date }).filter(({ rule }) => rule === row.cell('rule'))
    const paths = found.map(({ path }) => path).join(' ')
    if (paths !== row.cell('expect'))
      wrong.push(`line ${row.line} ${row.cell('rule')}: expected ${row.cell('expect') || 'no finding'}, got ${paths}`)
  }
  assert.deepEqual(wrong, [])
})

test('every rule has a meaning, a source, a branch, a passing and a failing case', () => {
  for (const { id, source, meaning, messages: types } of rules.entries) {
    const own = cases.filter((row) => row.cell('rule') === id)
    assert.ok(source && meaning && types.length > 0, id)
    assert.ok(
      own.some((row) => row.cell('expect') === ''),
      `${id} has no passing case`,
    )
    assert.ok(
      own.some((row) => row.cell('expect') !== ''),
      `${id} has no failing case`,
    )
  }
})

test('a finding says what, where, why and what to do', () => {
  const doc = {
    Guarantee: [{ guaranteeType: '1', GuaranteeReference: [{ GRN: '24GB00000100002', accessCode: 'AC01' }] }],
  }
  const findings = check(messages.get('CC015C')!, doc, { codeLists, rules, date })
  assert.deepEqual(
    findings.find(({ rule }) => rule === 'R0318'),
    {
      kind: 'rule',
      rule: 'R0318',
      code: '14',
      path: '/CC015C/Guarantee[1]/GuaranteeReference[1]/GRN',
      value: '24GB00000100002',
      allowed: '17 characters',
      remedy: 'Change GRN: 17 characters.',
      text: 'The GRN of a voucher has 24 characters, any other 17.',
    },
  )
  assert.equal(findings.find(({ rule }) => rule === 'C0822')?.kind, undefined)
})

test('an access code is never in a finding', () => {
  const doc = { Guarantee: [{ guaranteeType: '3', GuaranteeReference: [{ accessCode: 'AC01' }] }] }
  const found = check(messages.get('CC015C')!, doc, { codeLists, rules, date }).find(({ path }) =>
    path.endsWith('accessCode'),
  )
  assert.equal(found?.code, '15')
  assert.equal(found?.value, undefined)
})

test('codes are checked on the day of the movement', () => {
  const table = messages.get('CC015C')!
  const doc = {
    messageType: 'CC013C',
    CustomsOfficeOfDeparture: { referenceNumber: 'AL000109' },
    Guarantee: [{ guaranteeType: '6' }],
  }
  const findings = check(table, doc, { codeLists, rules, date }).filter(({ rule }) => rule.startsWith('CL'))
  assert.deepEqual(
    findings.map(({ kind, rule, code, path, value }) => [kind, rule, code, path, value]),
    [
      ['rule', 'CL060', '14', '/CC015C/messageType', 'CC013C'],
      ['codelist', 'CL171', '12', '/CC015C/CustomsOfficeOfDeparture/referenceNumber', 'AL000109'],
      ['codelist', 'CL251', '12', '/CC015C/Guarantee[1]/guaranteeType', '6'],
    ],
  )
})

test('a rule that cannot be read or points nowhere is refused with its line', () => {
  const catalogue = 'rule\tsource\tmeaning\nX1\there\tx\n'
  const head = 'rule\tmessages\tat\tbranch\twhen\tthen\n'
  const compile = (row: string) => () => compileRules({ catalogue, rules: head + row }, messages)
  assert.throws(
    compile('X1\tCC015C\t/Guarantee\talways\t\tguaranteeTyp required\n'),
    /line 2, X1: CC015C has no guaranteeTyp at \/Guarantee/,
  )
  assert.throws(compile('X1\tCC015C\t/Guarantees\talways\t\tguaranteeType required\n'), /has no \/Guarantees/)
  assert.throws(compile('X1\tCC015C\t/\talways\t\tGuarantee needed\n'), /cannot read/)
  assert.throws(compile('X1\tCC015C\t/\tif\tGuarantee is\tGuarantee required\n'), /unknown word/)
  assert.throws(compile('X1\tCC015C\t/\telse\t\tGuarantee required\n'), /no choice is open/)
  assert.throws(compile('X2\tCC015C\t/\talways\t\tGuarantee required\n'), /not in the catalogue/)
})

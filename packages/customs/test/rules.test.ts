/** Every rule against its cases: the files rules/*cases.tsv have for each at least one document that passes and one that fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check, compileRules, type Doc, examine, type NamedDates, type Rules, withoutRules } from '../src/index.ts'
import { readTable, type TableRow } from '../src/tsv.ts'
import { documentOf } from './documents.ts'
import { assertBothCases, factsOf, type Given } from './rule-cases.ts'
import { loadCodeLists, loadMessages, loadRules, rulesTexts } from './tables.ts'

const messages = loadMessages()
const codeLists = loadCodeLists()
const rules = loadRules(messages)
const date = '2026-11-24'

/**
 * The rows of every table of cases, with the table's name. The column `date` is the movement's day, `facts` what is known beyond the
 * document (see rule-cases.ts). A rule that only switches another off has its cases as `B1804 C0710`: the findings of the second are expected.
 */
const cases = Object.entries(rulesTexts())
  .filter(([name]) => name.endsWith('cases'))
  .flatMap(([name, text]) =>
    readTable(text, ['rule', 'message', 'expect', 'document'], name).rows.map((row) => ({ ...row, name })),
  )

/** What a row of the cases finds, as paths in a line, and what its rule would have needed. */
function outcome(row: TableRow, given: Given): { paths: string; needs: string } {
  const table = messages.get(row.cell('message'))!
  const doc = documentOf(row.cell('document'), table.root)
  const context = { codeLists: given.lists(codeLists), rules, date: row.cell('date') || date, facts: given.facts }
  const { findings, notEvaluated } = examine(table, doc, context)
  const id = row.cell('rule').split(' ').at(-1)
  return {
    paths: findings.flatMap(({ rule, path }) => (rule === id ? [path] : [])).join(' '),
    needs: notEvaluated.flatMap(({ rule, needs }) => (rule === id ? [needs] : [])).join(', '),
  }
}

test('every case of every rule', () => {
  const wrong: string[] = []
  for (const row of cases) {
    const { paths, needs } = outcome(row, factsOf(row.cell('facts'), messages))
    const where = `${row.name}, line ${row.line} ${row.cell('rule')}`
    if (paths !== row.cell('expect'))
      wrong.push(`${where}: expected ${row.cell('expect') || 'no finding'}, got ${paths}`)
    if (needs !== '') wrong.push(`${where}: needs ${needs}`)
  }
  assert.deepEqual(wrong, [])
})

test('without its facts a rule is reported as not evaluated, and finds nothing but what needs no fact', () => {
  const wrong: string[] = []
  for (const row of cases.filter((each) => each.cell('facts') !== '' && each.cell('expect') !== '')) {
    const { paths, needs } = outcome(row, factsOf('', messages))
    const isExpected =
      paths === '' || (row.cell('expect').startsWith(paths) && paths.length < row.cell('expect').length)
    if (!isExpected || needs === '') wrong.push(`${row.name}, line ${row.line}: found ${paths}, needs ${needs}`)
  }
  assert.deepEqual(wrong, [])
})

test('every rule has a meaning, a source, a branch, a passing and a failing case', () => {
  for (const { id, source, meaning, messages: types } of rules.entries) {
    const own = cases.filter((row) => row.cell('rule').split(' ')[0] === id)
    assert.ok(source && meaning && types.length > 0, id)
    assertBothCases(id, own)
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
  assert.throws(
    compile('X1\tCC015C\t/\tif\tGuarantee is\tGuarantee required\n'),
    /cannot read the condition: Guarantee is/,
  )
  assert.throws(compile('X1\tCC015C\t/\telse\t\tGuarantee required\n'), /no choice is open/)
  assert.throws(compile('X1\tCC015C\t/\talways\t\t\n'), /cannot read|not a path/)
  assert.throws(compile('X2\tCC015C\t/\talways\t\tGuarantee required\n'), /not in the catalogue/)
})

test('a rule counts in its period, and switches others off only then', () => {
  const catalogue = (id: string): string => `rule\tsource\tmeaning\n${id}\there\tx\n`
  const head = 'rule\tmessages\tat\tbranch\twhen\tthen\tfrom\tuntil\tdisables\n'
  const compiled = compileRules(
    {
      catalogue: catalogue('C0001') + 'C0002\there\tx\n',
      'transitional-catalogue': catalogue('B0001') + 'B0002\there\tx\n',
      'transitional-cases': 'not looked at',
      guidelines: 'not looked at',
      rules: `${head}C0001\tCC015C\t/\talways\t\tGuarantee required; Authorisation required\nC0002\tCC015C\t/\talways\t\tConsignment required\n`,
      transitional:
        `${head}B0001\tCC015C\t/\talways\t\t\t\tTPendDate\tC0001@/Guarantee C0002\n` +
        'B0002\tCC015C\t/\talways\t\tTransitOperation required\tafter TPendDate\t2026-12-31\n',
    },
    messages,
  )
  const found = (on: string, dates?: NamedDates): string =>
    compiled
      .evaluate('CC015C', {}, { codeLists, date: on, ...(dates && { dates }) })
      .findings.map(({ rule, path }) => rule + path)
      .join(' ')
  const after = 'C0001/CC015C/Guarantee C0001/CC015C/Authorisation C0002/CC015C/Consignment'
  assert.equal(found('2025-01-20'), 'C0001/CC015C/Authorisation')
  assert.equal(found('2025-01-21'), `${after} B0002/CC015C/TransitOperation`)
  assert.equal(found('2026-12-31'), `${after} B0002/CC015C/TransitOperation`)
  assert.equal(found('2027-01-01'), after)
  assert.equal(found('2025-06-01', { TPendDate: '2025-06-01' }), 'C0001/CC015C/Authorisation')
})

test('rules that do not bind the administrations are left out, and every other counts', () => {
  const tir: Doc = {
    TransitOperation: { declarationType: 'TIR', reducedDatasetIndicator: '1' },
    CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' },
    CustomsOfficeOfDestinationDeclared: { referenceNumber: 'XK000301' },
  }
  const found = (binding: Rules): Set<string> =>
    new Set(binding.evaluate('CC015C', tir, { codeLists, date }).findings.map(({ rule }) => rule))
  const all = found(rules)
  assert.ok(all.has('R0901') && all.has('R0849'))
  assert.deepEqual(found(withoutRules(rules, ['R0901'])), all.difference(new Set(['R0901'])))
  assert.ok(!withoutRules(rules, ['R0901']).entries.some(({ id }) => id === 'R0901'))
  assert.throws(() => withoutRules(rules, ['R9999']), /there is no rule R9999/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileMessages } from './messages.ts'

const head = '#message\tT1\n#ie\tIE1\n#acronym\tA\n#title\tT\n#namespace\turn:t\n#phases\tP\n#edition\t1\n'
const columns = 'depth\tname\toptionality\tcardinality\tformat\tcodelist\trules\n'
const formats = 'name\twhitespace\tpattern\tvalues\nyesno\ttoken\t\tyes no\nplate\ttext\t[A-Z]{2}[0-9]+ & .{3,5}\t\n'
const compile = (rows: string, groups = '') =>
  compileMessages({ messages: { T1: head + columns + rows }, groups: columns + groups, formats }).get('T1')!

test('a table is a tree of groups and fields, with shared groups where it refers to them', () => {
  const { root } = compile(
    '1\tA\tR\t1x\t=G\t\tR1 C2\n1\t+G\n1\tB\tD\t9x\n2\tc\tO\t1x\tan..5\tCL001\n',
    '0\tG\n1\tx\tR\t1x\tn..3\n',
  )
  assert.deepEqual(
    root.children.map(({ name, required, repeats, max, rules, children }) => [
      name,
      required,
      repeats,
      max,
      rules,
      children?.map((child) => child.name),
    ]),
    [
      ['A', true, false, 1, ['R1', 'C2'], ['x']],
      ['x', true, false, 1, [], undefined],
      ['B', false, true, 9, [], ['c']],
    ],
  )
  assert.equal(root.children[2]?.children?.[0]?.codeList, 'CL001')
})

test('what is wrong in a table is named with its line', () => {
  for (const [rows, message] of [
    ['1\ta\tR\t1x\tan..5x\n', /line 9, a: unknown format an\.\.5x/],
    ['1\ta\tR\t1x\tan0\n', /line 9, a: unknown format an0/],
    ['1\ta\tR\t1x\tan6..5\n', /line 9, a: unknown format an6\.\.5/],
    ['1\ta\tR\t1x\tan..5 nosuch\n', /no format is called nosuch/],
    ['1\ta\tR\t1x\t=Nosuch\n', /no group Nosuch/],
    ['2\ta\tR\t1x\tan..5\n', /line 9: depth 2 does not follow/],
    ['1\ta\tX\t1x\tan..5\n', /line 9, a: optionality/],
    ['1\ta\tR\t0x\tan..5\n', /line 9, a: cardinality/],
    ['1\ta\tR\t1x\n', /line 9, a: a row has a format or rows below it/],
    ['1\ta b\tR\t1x\tan..5\n', /not an XML name/],
    ['1\ta\tR\t1x\tan..5\n1\ta\tR\t1x\tan..5\n', /a name occurs twice/],
  ] as const)
    assert.throws(() => compile(rows), { name: 'CustomsFault', message }, rows)
})

const verdict = (notation: string, value: string): string => {
  const { format } = compile(`1\ta\tR\t1x\t${notation}\n`).root.children[0]!
  const problem = format!.check(format!.normalise(value))
  return problem ? `${problem.facet} ${problem.code}` : 'ok'
}

test('formats check what their notation says', () => {
  for (const [notation, value, expected] of [
    ['an..3', 'abc', 'ok'],
    ['an..3', 'abcd', 'maxLength 39'],
    ['an..3', '', 'minLength 40'],
    ['an..3', '𝕏𝕏𝕏', 'ok'],
    ['an3', '𝕏a', 'minLength 40'],
    ['an3', '𝕏𝕏', 'minLength 40'],
    ['an0..3', '', 'ok'],
    ['an2..3', 'a', 'minLength 40'],
    ['an2..3', 'abc', 'ok'],
    ['an..3 token', ' a ', 'ok'],
    ['an..3 trimmed', ' a', 'pattern 51'],
    ['an..9 printable', 'ä', 'pattern 51'],
    ['a2', 'A1', 'pattern 51'],
    ['n..3', '012', 'ok'],
    ['n..3', '1.2', 'pattern 51'],
    ['n..3 1..199', '0', 'minInclusive 54'],
    ['n..3 1..199', '200', 'maxInclusive 55'],
    ['n..3 1..199', '012', 'pattern 51'],
    ['n..16,2', '0.50', 'ok'],
    ['n..16,2', '0.123', 'fractionDigits 50'],
    ['n..16,2', '12345678901234567', 'totalDigits 50'],
    ['n..16,2', '01', 'pattern 51'],
    ['n..16,2 positive', '0.00', 'pattern 51'],
    ['date', '2026-02-30', 'type 50'],
    ['dateTime', '2026-11-24T14:00:00.5', 'ok'],
    ['dateTime whole-seconds', '2026-11-24T14:00:00.5', 'type 50'],
    ['an..3 yesno', 'maybe', 'enumeration 12'],
    ['an..9 plate', 'AA12', 'ok'],
    ['an..9 plate', 'AA1234', 'pattern 51'],
  ] as const)
    assert.equal(verdict(notation, value), expected, `${notation}: ${value}`)
})

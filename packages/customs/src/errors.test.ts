import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupOf } from '../test/instances.ts'
import { loadMessages } from '../test/tables.ts'
import { toFunctionalErrors, toXmlErrors, type Finding } from './index.ts'

const messages = loadMessages()
const nasty: Finding[] = [
  { kind: 'rule', rule: 'R0318', code: '14', path: '/CC015C/Guarantee[1]', value: 'x', remedy: 'r', text: 't' },
  {
    kind: 'state',
    rule: 'a rule with a long name',
    code: '92',
    path: `/CC015C/${'x'.repeat(600)}`,
    value: '𝕏'.repeat(600),
    remedy: 'r',
    text: 't',
  },
  {
    kind: 'xml',
    rule: 'required',
    code: '13',
    path: '/CC015C/LRN',
    line: 12,
    column: 3,
    remedy: 'Add LRN.',
    text: 'LRN is missing.',
  },
  {
    kind: 'xml',
    rule: 'maxLength',
    code: '39',
    path: '/CC015C/a',
    line: 9_999_999_999,
    value: '',
    remedy: 'r'.repeat(600),
    text: 't',
  },
  {
    kind: 'xml',
    rule: 'enumeration',
    code: '12',
    path: '/CC015C/b',
    value: 'tab\tand\nbreak',
    allowed: 'a, b',
    remedy: 'r',
    text: 't',
  },
]

test('functional errors carry path, code, rule and value', () => {
  assert.deepEqual(
    toFunctionalErrors(nasty).map(({ errorCode, errorReason }) => [errorCode, errorReason]),
    [
      ['14', 'R0318'],
      ['92', 'a rule '],
      ['13', 'require'],
      ['14', 'maxLeng'],
      ['12', 'enumera'],
    ],
  )
  assert.deepEqual(toFunctionalErrors(nasty)[0], {
    errorPointer: '/CC015C/Guarantee[1]',
    errorCode: '14',
    errorReason: 'R0318',
    originalAttributeValue: 'x',
  })
})

test('XML errors carry place, code, what is wrong, what is allowed and what to do', () => {
  const errors = toXmlErrors(nasty)
  assert.deepEqual(errors[2], {
    errorLineNumber: '12',
    errorColumnNumber: '3',
    errorPointer: '/CC015C/LRN',
    errorCode: '13',
    errorText: 'LRN is missing. Add LRN.',
  })
  assert.equal(errors[4]?.['errorText'], 't Allowed: a, b. r')
  assert.equal(errors[0]?.['errorCode'], '18')
})

for (const [type, group, make] of [
  ['CC056C', 'FunctionalError', toFunctionalErrors],
  ['CC057C', 'FunctionalError', toFunctionalErrors],
  ['CC906C', 'FunctionalError', toFunctionalErrors],
  ['CD906C', 'FunctionalError', toFunctionalErrors],
  ['CC917C', 'XMLError', toXmlErrors],
  ['CD917C', 'XMLError', toXmlErrors],
] as const) {
  test(`a ${type} made of any findings is itself right`, () => {
    const table = messages.get(type)!
    const bytes = table.write({ ...groupOf(table.root.children, 'minimal'), messageType: type, [group]: make(nasty) })
    assert.deepEqual(table.read(bytes).findings, [])
  })
}

test('no more errors than a message can carry', () => {
  const many = Array.from({ length: 10_001 }, () => nasty[0]!)
  assert.equal(toFunctionalErrors(many).length, 9999)
  assert.equal(toXmlErrors(many).length, 9999)
})

/** Every word of `when` and `then` by itself, on a document that has what it speaks of and on one that has not. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compileCodeLists } from '../codelists/code-lists.ts'
import { pathOf, type Doc } from '../document.ts'
import { compileCondition } from './condition.ts'
import { compileConsequences } from './consequence.ts'
import { Run, type Facts } from './facts.ts'
import { childrenOf, rootFrame, type Frame } from './frame.ts'
import type { Uses } from './terms.ts'

const codeLists = compileCodeLists({
  CL001: '#list\tCL001\n#name\tn\n#source\ts\n#version\t1\ncode\tvalidFrom\tvalidTo\ttext_en\nA\t\t\t\nAL\t\t\t\n',
})
const usesOf = (): Uses => ({
  paths: [],
  lists: new Set(),
  needs: new Set(),
  requiredIn: () => [['kind'], ['part', 'size']],
})
const runWith = (facts: Facts = {}): Run => new Run({ codeLists, date: '2026-01-01', facts })

/** The frame at which a word is tried: the first `g` of the document, or the document element. */
function frameOf(doc: Doc): Frame {
  const root = rootFrame('X', doc)
  return childrenOf(root, 'g')[0] ?? root
}

type ConditionCase = [expression: string, isTrue: Doc, isFalse: Doc]

const conditions: ConditionCase[] = [
  ['a present', { a: '1' }, {}],
  ['a absent', {}, { a: '1' }],
  ['a = 1', { a: ['2', '1'] }, { a: ['2'] }],
  ['a != 1', { a: ['2'] }, { a: ['2', '1'] }],
  ['a in {1 2}', { a: '2' }, { a: '3' }],
  ['a in CL001', { a: 'A' }, { a: 'B' }],
  ['a not-in {1 2}', { a: '3' }, { a: ['3', '1'] }],
  ['a outside {1}', { a: ['1', '2'] }, { a: ['1'] }],
  ['a > 0', { a: '0.01' }, { a: '0.00' }],
  ['a once', { a: ['1'] }, { a: ['1', '2'] }],
  ['country of a same-as country of b', { a: 'AL1', b: ['XK1', 'AL2'] }, { a: 'AL1', b: ['XK1'] }],
  ['first 3 of a = NTA', { a: 'NTA.AL' }, { a: 'NT' }],
  ['character 2 of a = B', { a: 'AB' }, { a: 'BA' }],
  ['joined a b = 12', { a: '1', b: '2' }, { a: '2', b: '2' }],
  ['a = 1 and b = 1 or c = 1', { a: '1', c: '1' }, { a: '1', b: '2' }],
  ['../a = 1 and /a = 1', { a: '1', g: [{}] }, { a: '2', g: [{ a: '1' }] }],
  ['//a = 1', { h: { i: [{ a: '1' }] }, g: [{}] }, { g: [{ b: '1' }] }],
]

test('conditions', () => {
  for (const [expression, isTrue, isFalse] of conditions) {
    const condition = compileCondition(expression, usesOf())
    assert.equal(condition(frameOf(isTrue), runWith()), true, expression)
    assert.equal(condition(frameOf(isFalse), runWith()), false, expression)
  }
})

type ConsequenceCase = [expression: string, right: Doc, wrong: Doc, where: string, facts?: Facts]

const declared: Facts = { previous: () => ({ h: [{ sequenceNumber: '1' }, { sequenceNumber: '2' }] }) }
const consequences: ConsequenceCase[] = [
  ['a required', { a: '1' }, {}, '/X/a'],
  ['h/a required', { h: [{ a: '1' }] }, { h: [{ a: '1' }, {}] }, '/X/h[2]/a'],
  ['a forbidden', {}, { a: '1' }, '/X/a'],
  ['a optional ; b required', { b: '1' }, { a: '1' }, '/X/b'],
  ['h/a at-least-one', { h: [{}, { a: '1' }] }, { h: [{}, {}] }, '/X/h[1]/a'],
  ['h/a at-least-one', { h: [{ a: '1' }] }, {}, '/X/h'],
  ['h times<= 1', { h: [{}] }, { h: [{}, {}] }, '/X/h[2]'],
  ['a = 1', { a: '1' }, { a: '2' }, '/X/a'],
  ['a in {1 2}', { a: '2' }, { a: '3' }, '/X/a'],
  ['a not-in CL001', { a: 'B' }, { a: 'A' }, '/X/a'],
  ['a includes {1}', { a: ['2', '1'] }, { a: ['2', '3'] }, '/X/a[1]'],
  ['a includes {1}', {}, { a: ['2'] }, '/X/a[1]'],
  ['a some-in {1}', { a: ['2', '1'] }, {}, '/X/a'],
  ['a first-in {1}', { a: ['1', '2'] }, { a: ['2', '1'] }, '/X/a[1]'],
  ['a rest-in {1}', { a: ['2', '1'] }, { a: ['1', '2'] }, '/X/a[2]'],
  ['a length 3', { a: 'abc' }, { a: 'ab' }, '/X/a'],
  ['a upper-case', { a: 'ÄB1' }, { a: 'Äb1' }, '/X/a'],
  ['a is mrn', { a: '26ALPODWH383KMYPJ0' }, { a: '26ALPODWH383KMYPJ1' }, '/X/a'],
  ['a is export-mrn', { a: '26DE123456789012A0' }, { a: '26DE123456789012J0' }, '/X/a'],
  ['a is flight-number', { a: 'LH0123B' }, { a: 'LH-123' }, '/X/a'],
  ['a is tin', { a: 'AL-1' }, { a: 'al1' }, '/X/a'],
  ['a is tir-carnet', { a: 'XF25000000' }, { a: 'XF' }, '/X/a'],
  ['a > 0', { a: '0.1' }, { a: '0.0' }, '/X/a'],
  ['a number= 0', { a: '0.00' }, { a: '0.01' }, '/X/a'],
  ['a number!= 0', { a: '0.01' }, { a: '0.00' }, '/X/a'],
  ['a some> 0', { a: ['0', '1'] }, { a: ['0', '0'] }, '/X/a[1]'],
  ['a <= b', { a: '1.5', b: '1.50' }, { a: '2', b: '1.50' }, '/X/a'],
  ['a >= sum h/a', { a: '3', h: [{ a: '1' }, { a: '2.0' }] }, { a: '3', h: [{ a: '1' }, { a: '2.1' }] }, '/X/a'],
  ['a equals-count h', { a: '2', h: [{}, {}] }, { a: '1', h: [{}, {}] }, '/X/a'],
  ['a after b', { a: '2026-01-01T10:00:01', b: '2026-01-01T10:00:00' }, { a: '2026-01-01', b: '2026-01-01' }, '/X/a'],
  ['a starts-with b', { a: '30', b: '3' }, { a: '40', b: '3' }, '/X/a'],
  ['a differs-from b', { a: '1', b: ['2'] }, { a: '1', b: ['2', '1'] }, '/X/a'],
  ['a same-as b', { a: '1' }, { a: '1', b: ['2'] }, '/X/a'],
  ['a within b', { a: '1', b: ['2', '1'] }, { a: '1' }, '/X/a'],
  ['a includes-country-of b', { a: ['XK1', 'AL1'], b: 'AL2' }, { a: ['XK1'], b: 'AL2' }, '/X/a[1]'],
  ['a unchanged-from b', { a: { c: '1', d: '2' }, b: { d: '2', c: '1' } }, { a: { c: '1' }, b: { c: '2' } }, '/X/a'],
  ['a unchanged-from b', {}, { b: '1' }, '/X/a'],
  ['h/a not-all-equal', { h: [{ a: '1' }, {}] }, { h: [{ a: '1' }, { a: '1' }] }, '/X/h[1]/a'],
  [
    '../g exists-with a where b = 1',
    { g: [{ a: 'm' }, { a: 'm', b: '1' }] },
    {
      g: [
        { a: 'm', b: '1' },
        { a: 'n', b: '1' },
      ],
    },
    '/X/g[1]/a',
  ],
  ['h/a unique', { h: [{ a: '1' }, { a: '2' }] }, { h: [{ a: '1' }, { a: '1' }] }, '/X/h[2]/a'],
  ['h/a sequential', { h: [{ a: '1' }, { a: '2' }] }, { h: [{ a: '1' }, { a: '3' }] }, '/X/h[2]/a'],
  [
    'h/i/a sequential-throughout',
    { h: [{ i: [{ a: '1' }] }, { i: [{ a: '2' }] }] },
    { h: [{ i: [{ a: '1' }] }, { i: [{ a: '1' }] }] },
    '/X/h[2]/i[1]/a',
  ],
  [
    'h/sequenceNumber numbered-as CC015C',
    { h: [{ sequenceNumber: '2' }, { sequenceNumber: '3', kind: 'k', part: [{ size: '1' }] }] },
    { h: [{ sequenceNumber: '3', kind: 'k', part: [{ size: '1' }, {}] }] },
    '/X/h[1]/part[2]/size',
    declared,
  ],
  [
    'h/sequenceNumber numbered-throughout-as CC013C|CC015C',
    { h: [{ sequenceNumber: '2' }, { sequenceNumber: '3' }] },
    { h: [{ sequenceNumber: '2' }, { sequenceNumber: '2' }] },
    '/X/h[2]/sequenceNumber',
    declared,
  ],
  ['a format n..5,2', { a: '123.45' }, { a: '1234.56' }, '/X/a'],
  ['a like {CL* T1}', { a: ['CL5', 'T1'] }, { a: ['T12'] }, '/X/a[1]'],
  ['a at-most-once {1}', { a: ['1', '2', '2'] }, { a: ['1', '2', '1'] }, '/X/a[3]'],
  ['a together<= 2 b', { a: ['1'], b: ['1'] }, { a: ['1'], b: ['1', '2'] }, '/X/b[2]'],
]

test('consequences', () => {
  for (const [expression, right, wrong, where, facts] of consequences) {
    const consequence = compileConsequences(expression, usesOf())
    const found = (doc: Doc): string[] => consequence(frameOf(doc), runWith(facts)).map(({ place }) => pathOf(place))
    assert.deepEqual(found(right), [], expression)
    assert.deepEqual(found(wrong), [where], expression)
  }
})

test('every word that is documented has its case, and only those', () => {
  for (const [file, cases] of [
    ['condition.ts', conditions],
    ['consequence.ts', consequences],
  ] as const) {
    const head = readFileSync(new URL(file, import.meta.url), 'utf8').split('*/')[0]!
    const documented = new Set([...head.matchAll(/`PATH (\S+?)[` ]/g)].map(([, word]) => word!))
    const words = [...documented].map((word) => ` ${word} `)
    const tried = new Set(words.filter((word) => cases.some(([expression]) => `${expression} `.includes(word))))
    assert.ok(words.length > 8)
    assert.deepEqual(
      words.filter((word) => !tried.has(word)),
      [],
      file,
    )
  }
})

test('look-ups answer yes, no, or leave the rule without a result', () => {
  const authorisation = { type: 'C524', holder: 'AL1', usesSeals: true }
  const asked: [expression: string, doc: Doc, yes: Facts, no: Facts, need: string][] = [
    ['a in @operator', { a: '1' }, { isOperator: () => true }, { isOperator: () => false }, 'isOperator'],
    ['a in @tariff-code', { a: '1' }, { isTariffCode: () => true }, { isTariffCode: () => false }, 'isTariffCode'],
    ['a in @message', { a: '1' }, { isMessage: () => true }, { isMessage: () => false }, 'isMessage'],
    [
      'a in @sealing-authorisation',
      { a: '1' },
      { authorisation: () => authorisation },
      { authorisation: () => ({ ...authorisation, usesSeals: false }) },
      'authorisation',
    ],
    [
      'a in @authorisation C524 of b',
      { a: '1', b: 'AL1' },
      { authorisation: () => authorisation },
      { authorisation: () => null },
      'authorisation',
    ],
    ['CC015C:/a = 1', {}, { previous: () => ({ a: '1' }) }, { previous: () => ({}) }, 'message CC015C'],
    [
      'CC013C|CC015C:/a = 1',
      {},
      { previous: (type) => (type === 'CC015C' ? { a: '1' } : undefined) },
      { previous: (type) => ({ a: type === 'CC013C' ? '2' : '1' }) },
      'message CC013C or CC015C',
    ],
  ]
  for (const [expression, doc, yes, no, need] of asked) {
    const uses = usesOf()
    const condition = compileCondition(expression, uses)
    assert.deepEqual([...uses.needs], [need], expression)
    assert.equal(condition(frameOf(doc), runWith(yes)), true, expression)
    assert.equal(condition(frameOf(doc), runWith(no)), false, expression)
    const without = runWith()
    condition(frameOf(doc), without)
    assert.deepEqual([...(without.takeNeeds() ?? [])], [need], expression)
  }
})

test('an earlier message must be there unless the path says that it need not', () => {
  const facts: Facts = { previous: () => undefined }
  const needs = (path: string): string[] => {
    const run = runWith(facts)
    compileCondition(`${path} absent`, usesOf())(frameOf({}), run)
    return [...(run.takeNeeds() ?? [])]
  }
  assert.deepEqual(needs('CC013C:/a'), ['message CC013C'])
  assert.deepEqual(needs('CC013C?:/a'), [])
})

test('a list that is not published leaves the rule without a result', () => {
  const run = runWith()
  compileCondition('a in CL610?', usesOf())(frameOf({ a: '1' }), run)
  assert.deepEqual([...(run.takeNeeds() ?? [])], ['list CL610'])
})

test('groups are found by the number they share', () => {
  const doc = {
    g: [{ n: '2', i: [{}] }],
    h: {
      g: [
        { n: '1', a: 'x' },
        { n: '2', a: 'y' },
      ],
    },
  }
  const inside = childrenOf(frameOf(doc), 'i')[0]!
  assert.equal(compileCondition('/h/g[n]/a = y', usesOf())(inside, runWith()), true)
  assert.equal(compileCondition('/h/g[n]/a = x', usesOf())(inside, runWith()), false)
})

test('what cannot be read is refused', () => {
  for (const expression of ['a', 'a is unicorn', 'a in', 'a in @nobody', 'a needed', '../ required', 'a required b'])
    assert.throws(() => compileConsequences(expression, usesOf()), { code: 'rule-syntax' }, expression)
  for (const expression of ['a', 'a in CLX', 'a present b', 'CC015C:a present'])
    assert.throws(() => compileCondition(expression, usesOf()), { code: 'rule-syntax' }, expression)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadCodeLists, loadMessages, loadRules } from '../test/tables.ts'
import { check } from './check.ts'
import { readJson } from './json/json.ts'
import { toProblem } from './problem.ts'

const messages = loadMessages()

test('a finding of structure becomes an error with both its places', () => {
  const text =
    '<n:CC928C xmlns:n="http://ncts.dgtaxud.ec">\n<TransitOperation><LRN>1</LRN><MRN/></TransitOperation></n:CC928C>'
  const { findings } = messages.get('CC928C')!.read(new TextEncoder().encode(text))
  const problem = toProblem(findings, 'urn:uuid:0b7e')
  assert.equal(problem.status, 422)
  assert.equal(problem.instance, 'urn:uuid:0b7e')
  assert.match(problem.detail, new RegExp(`${findings.length} findings`))
  assert.equal(problem.errors.length, findings.length)
  assert.deepEqual(
    problem.errors.find(({ rule }) => rule === 'unknown'),
    {
      detail: 'MRN is not part of this group.',
      pointer: '#/CC928C/TransitOperation/MRN',
      path: '/CC928C/TransitOperation/MRN',
      rule: 'unknown',
      code: '15',
      line: 2,
      column: 31,
      value: 'MRN',
      remedy: 'Remove MRN.',
    },
  )
})

test('the pointer leads to the value in the JSON form', () => {
  const doc = {
    Guarantee: [{ guaranteeType: '1' }, { guaranteeType: 'Q', GuaranteeReference: [{ accessCode: 'AC01' }] }],
  }
  const context = { codeLists: loadCodeLists(), rules: loadRules(messages), date: '2026-11-24' }
  const { errors } = toProblem(check(messages.get('CC015C')!, doc, context))
  const error = errors.find(({ rule }) => rule === 'CL251')!
  assert.equal(error.pointer, '#/CC015C/Guarantee/1/guaranteeType')
  const form: unknown = { CC015C: doc }
  const at = error.pointer
    .slice(2)
    .split('/')
    .reduce((value, name) => (value as Record<string, unknown>)[name], form)
  assert.equal(at, 'Q')
  assert.equal(error.value, 'Q')
  assert.ok(error.allowed && error.remedy)
  assert.doesNotMatch(JSON.stringify(errors), /AC01/)
})

test('a name from outside does not break out of the pointer', () => {
  const { findings } = readJson(messages, new TextEncoder().encode('{"CC015C": {"a~\\"": "1"}}'))
  assert.equal(toProblem(findings).errors[0]?.pointer, '#/CC015C/a~0%22')
})

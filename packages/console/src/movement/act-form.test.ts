import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Field } from '../api/types.ts'
import { byField, codeOf, entriesOf, fieldsToSend, lacksOf } from './act-form.ts'

const result: Field = {
  name: 'controlResult',
  kind: 'code',
  required: true,
  value: 'A1',
  codes: [
    { code: 'A1', text: 'Satisfactory' },
    { code: 'B1', text: 'Not satisfactory' },
  ],
}
const text: Field = { name: 'text', kind: 'text', required: false, maxLength: 5 }
const date: Field = { name: 'passageDate', kind: 'date', required: true }
const fields = [result, text, date]

test('a draft goes before what the act proposes', () => {
  assert.deepEqual(entriesOf(fields, undefined), { controlResult: 'A1', text: '', passageDate: '' })
  assert.equal(entriesOf(fields, { controlResult: 'B1', gone: 'x' })['controlResult'], 'B1')
  assert.equal('gone' in entriesOf(fields, { gone: 'x' }), false, 'a field that the act no longer has is dropped')
})

test('every lack is said at once', () => {
  assert.deepEqual(lacksOf(fields, { controlResult: 'Z9', text: 'too long', passageDate: '' }), [
    { field: 'controlResult', key: 'form.notACode' },
    { field: 'text', key: 'form.tooLong', most: 5 },
    { field: 'passageDate', key: 'form.required' },
  ])
  assert.deepEqual(lacksOf(fields, { controlResult: 'A1', passageDate: '2026-11-24' }), [])
})

test('a code may be typed as code, as words, or as both', () => {
  for (const typed of ['b1', 'Not satisfactory', ' B1 not satisfactory ']) assert.equal(codeOf(result, typed), 'B1')
  assert.equal(codeOf(result, 'satis'), undefined)
})

test('empty fields are not sent', () => {
  const sent = fieldsToSend(fields, { controlResult: 'not satisfactory', text: '  ', passageDate: '2026-11-24' })
  assert.deepEqual(sent, { controlResult: 'B1', passageDate: '2026-11-24' })
})

test('a finding about an unknown field is not lost', () => {
  assert.deepEqual(byField(fields, [{ field: 'sealNumber', remedy: 'Give it.' }]), { '': 'Give it.' })
})

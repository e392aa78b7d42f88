import assert from 'node:assert/strict'
import { test } from 'node:test'
import { controlOf, emptyChange, errorsByControl, filledFrom, isBlank, toChange, typeOfFile } from './new-version.ts'

test('what is empty is left out, and an end has nothing but its day', () => {
  const change = { ...emptyChange(), code: ' AA ', texts: { en: 'Box ', sq: ' ' }, validFrom: '2026-12-01' }
  assert.deepEqual(toChange(change), { code: 'AA', validFrom: '2026-12-01', texts: { en: 'Box' } })
  assert.deepEqual(toChange({ ...change, kind: 'end', validTo: '2026-12-31' }), { end: 'AA', validTo: '2026-12-31' })
})

test('what the list says of a code stays, also what the form does not show', () => {
  const groups = [{ name: 'Address', items: { City: 'Durrës' }, groups: [] }]
  const entry = { code: 'AA', validFrom: '', validTo: '', state: 'valid', texts: { en: 'Box' }, items: { Id: 'AA' }, keyItems: 1, groups, parent: 'A' } as const // prettier-ignore
  const filled = filledFrom({ ...emptyChange(), code: 'AA' }, { ...entry })
  assert.deepEqual(toChange(filled), {
    code: 'AA',
    texts: { en: 'Box' },
    parent: 'A',
    items: { Id: 'AA' },
    keyItems: 1,
    groups,
  })
  assert.deepEqual([isBlank(emptyChange()), isBlank(filled)], [true, false])
})

test('an error of the node is at the control that it is about', () => {
  assert.equal(controlOf('changes.2.end'), 'change-2-code')
  assert.equal(controlOf('changes.0'), 'change-0-code')
  assert.equal(controlOf('changes.11.validTo'), 'change-11-validTo')
  assert.equal(controlOf('line 7'), 'field-file')
  assert.equal(controlOf('changes'), '')
  assert.deepEqual(errorsByControl([{ field: 'note', remedy: 'Say why.' }, { field: 'note', remedy: 'Again.' }]), { 'field-note': 'Say why.' }) // prettier-ignore
})

test('the end of its name says which form a file has', () => {
  assert.deepEqual(['a.CSV', 'b.jsonl', 'c.xml', 'd'].map(typeOfFile), ['text/csv', 'application/x-ndjson', 'application/xml', undefined]) // prettier-ignore
})

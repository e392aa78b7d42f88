import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReferenceEntry } from '../api/reference-types.ts'
import { sidesOf } from './differences.ts'

const entry = (more: Partial<ReferenceEntry>): ReferenceEntry => ({
  code: 'AA',
  validFrom: '2026-01-01',
  validTo: '',
  state: 'valid',
  texts: { en: 'Box', sq: 'Kuti' },
  items: { Weight: '2', Shape: 'square' },
  keyItems: 0,
  groups: [],
  parent: null,
  ...more,
})

test('what one side alone says is marked; what both say is left out, but for the words', () => {
  const after = [entry({ validTo: '2026-11-24' }), entry({ validFrom: '2026-11-25', texts: { en: 'Crate', sq: 'Kuti' }, items: { Weight: '3', Shape: 'square' } })] // prettier-ignore
  const sides = sidesOf({ code: 'AA', before: [entry({})], after })
  const said = (side: 'before' | 'after') =>
    sides[side].map(({ differs, lines }) => [
      differs,
      ...lines.map((line) => `${line.differs ? '!' : ''}${line.value}`),
    ])
  assert.deepEqual(said('before'), [[true, 'Box', 'Kuti']])
  assert.deepEqual(said('after'), [
    [true, 'Box', 'Kuti'],
    [true, '!Crate', 'Kuti', '!3'],
  ])
})

test('a code that is new, and one that is there no more', () => {
  const added = sidesOf({ code: 'AA', before: [], after: [entry({ texts: {}, items: {}, parent: 'A' })] })
  assert.deepEqual(added.after[0]?.lines, [{ kind: 'parent', name: '', value: 'A', differs: true }])
  assert.deepEqual(sidesOf({ code: 'AA', before: [entry({})], after: [] }).after, [])
})

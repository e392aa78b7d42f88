import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileCodeLists, withParts } from '../codelists/code-lists.ts'
import { baseOf } from './parts.ts'
import { namingOf } from './lists.ts'

const lists = [
  { id: 'CL141', names: ['CustomsOffices'] },
  { id: 'CL141/NTA.AL', names: ['CustomsOffices'] },
  { id: 'CL141/NTA.XK', names: ['CustomsOffices'] },
]

test('a file that names a list means the whole one, unless it is for a part', () => {
  const words = ['customsoffices', 'cl141/nta.al', 'Other']
  assert.deepEqual(words.map(namingOf(lists)), ['CL141', 'CL141/NTA.AL', 'Other'])
  assert.deepEqual(words.map(namingOf(lists, 'CL141/NTA.XK')), ['CL141/NTA.XK', 'CL141/NTA.AL', 'Other'])
  assert.deepEqual(['CL141', 'CL141/NTA.AL'].map(baseOf), ['CL141', 'CL141'])
})

const head = '#name\tOffices\n#source\tthis test\n#version\t1\n'
const base = compileCodeLists({
  CL141: `#list\tCL141\n${head}code\tvalidFrom\tvalidTo\ttext_en\nAL000101\t\t\tDurrës\nFR000001\t\t\tParis`,
})
const source = { name: 'Offices of Albania', source: 'NTA.AL', version: '2', illustrative: true }
const codes = [
  { code: 'AL000101', text: 'Durrës', validFrom: '', validTo: '2026-11-30' },
  { code: 'AL000102', text: 'Durrës Terminal', validFrom: '2026-12-01', validTo: '' },
]
const parts = new Map([['CL141', [{ source, covers: 'part', codes }]]] as const)
const on = (made: typeof base, day: string) =>
  made
    .codes('CL141', day)
    .map(({ code, addition }) => `${code}${addition ? ' of a part' : ''}`)
    .sort()

test('beside a list, a part counts for its own codes, each from its day on', () => {
  const made = withParts(base, parts, 'beside')
  assert.deepEqual(on(made, '2026-11-30'), ['AL000101 of a part', 'FR000001'])
  assert.deepEqual(on(made, '2026-12-01'), ['AL000102 of a part', 'FR000001'])
  assert.deepEqual(made.sources('CL141').at(-1), source)
  assert.deepEqual(on(base, '2026-12-01'), ['AL000101', 'FR000001'])
})

test('instead of a list, its parts are all that there is', () => {
  const made = withParts(base, parts, 'instead')
  assert.deepEqual(on(made, '2026-12-01'), ['AL000102 of a part'])
  assert.deepEqual(made.sources('CL141'), [source])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileCodeLists, overlayCodeLists, withStoredList } from './code-lists.ts'

const head = '#name\tOffices\n#source\tthis test\n#version\t1\n'
const files = compileCodeLists({
  CL141: `#list\tCL141\n${head}code\tvalidFrom\tvalidTo\ttext_en\nAL000101\t\t\tDurrës\nFR000001\t\t\tParis`,
})
const base = overlayCodeLists(files, {
  corridor: `${head}#status\tillustrative\nlists\tcode\tvalidFrom\tvalidTo\ttext_en\nCL141\tXK000201\t\t\tVërmicë`,
})
const source = { name: 'Offices of Albania', source: 'NTA.AL', version: '2', illustrative: true }
const codes = [
  { code: 'AL000101', text: 'Durrës', validFrom: '', validTo: '2026-11-30' },
  { code: 'AL000102', text: 'Durrës Terminal', validFrom: '2026-12-01', validTo: '' },
]
const on = (lists: typeof base, day: string) => lists.codes('CL141', day).map(({ code }) => code)

test('a part of a list takes the place of its own codes, each from its day on', () => {
  const lists = withStoredList(base, 'CL141', codes, { source, covers: 'part' })
  assert.deepEqual(on(lists, '2026-11-30').sort(), ['AL000101', 'FR000001', 'XK000201'])
  assert.deepEqual(on(lists, '2026-12-01').sort(), ['AL000102', 'FR000001', 'XK000201'])
  assert.equal(base.has('CL141', 'AL000101', '2026-12-01'), true)
})

test('a whole list takes the place of all but what the corridor added', () => {
  const lists = withStoredList(base, 'CL141', codes, { source, covers: 'whole' })
  assert.deepEqual(on(lists, '2026-12-01').sort(), ['AL000102', 'XK000201'])
  assert.equal(lists.sources('CL141')[0], source)
})

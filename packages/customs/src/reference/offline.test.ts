import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OfflineEntry, offlineList, offlineReader, offlineText, readOfflineList, withChanges } from './offline.ts'
import { offlineEntriesOf } from './offline-entry.ts'
import { offlineTypescript, typeNameOf } from './offline-typescript.ts'

const head = { list: 'CL141', version: 3, versionDigest: 'd3', day: '2026-11-30' }
const durres: OfflineEntry = ['AL000101', '2026-01-01', '', { sq: 'Porti i Durrësit', en: 'Durrës Port' }, '']
const vlora: OfflineEntry = ['AL000102', '', '2026-12-31', { en: 'Vlorë' }, 'AL000101']
const gone: OfflineEntry = ['AL000001', '2020-01-01', '2026-11-29', { en: 'Gone' }, '']
const later: OfflineEntry = ['AL000103', '2026-12-01', '', { en: 'Port of Shëngjin' }, '']
const copy = offlineList(head, [vlora, later, gone, durres])

test('a copy has what is in force on its day or comes later, in the order of codes, and is read as it was written', () => {
  assert.deepEqual(copy.entries.map(([code]) => code), ['AL000101', 'AL000102', 'AL000103']) // prettier-ignore
  const read = readOfflineList(offlineText(copy))
  assert.ok(read)
  assert.equal(offlineText(read), offlineText(copy))
})

test('a file that was cut, or is another thing, is no copy', () => {
  const text = offlineText(copy)
  for (const wrong of [text.slice(0, -20), '', 'null', '[]', '{"form":2}', text.replace('"AL000101"', '7')])
    assert.equal(readOfflineList(wrong), undefined, wrong.slice(0, 40))
})

test('a copy with changes is a new copy, whatever the order in which they came', () => {
  const renamed: OfflineEntry = ['AL000101', '2026-01-01', '', { en: 'Port of Durrës' }, '']
  const changed = withChanges(copy, { version: 5, versionDigest: 'd5', added: [renamed, ['AA', '', '', {}, '']], removed: [{ code: 'AL000101', validFrom: '2026-01-01' }, { code: 'never', validFrom: '' }] }, '2027-01-01') // prettier-ignore
  const fresh = offlineList({ ...head, version: 5, versionDigest: 'd5', day: '2027-01-01' }, [later, ['AA', '', '', {}, ''], renamed]) // prettier-ignore
  assert.equal(offlineText(changed), offlineText(fresh))
})

test('without the network: whether a code is in force, what it means, and search as it is typed', () => {
  const part = offlineList({ ...head, list: 'CL141/NTA.XK' }, [['XK000301', '', '', { en: 'Prizren' }, '']])
  const other = offlineList({ ...head, list: 'CL1410' }, [['ZZ', '', '', { en: 'Durres elsewhere' }, '']])
  const over = offlineList({ ...head, list: 'CL141.albania-kosovo' }, [['MK000401', '', '', {}, '']])
  const reader = offlineReader([copy, part, over, other])
  assert.deepEqual([reader.has('CL141', 'AL000103', '2026-11-30'), reader.has('CL141', 'AL000103', '2026-12-01')], [false, true]) // prettier-ignore
  assert.deepEqual([reader.has('CL141', 'AL000102', '2026-12-31'), reader.has('CL141', 'AL000102', '2027-01-01')], [true, false]) // prettier-ignore
  assert.ok(reader.has('CL141', 'XK000301', '2026-11-30'), 'the part of an administration belongs to the list')
  assert.ok(reader.has('CL141', 'MK000401', '2026-11-30'), 'what a corridor lays over a list too')
  assert.ok(!reader.has('CL141', 'ZZ', '2026-11-30'))
  assert.equal(reader.text('CL141', 'AL000101', '2026-11-30', 'sq'), 'Porti i Durrësit')
  assert.equal(reader.text('CL141', 'AL000101', '2026-11-30', 'ru'), 'Durrës Port')
  assert.equal(reader.text('CL141', 'AL999999', '2026-11-30', 'en'), undefined)
  const asked = { day: '2026-12-01', language: 'en', list: 'CL141' }
  const found = (q: string) => reader.search(q, asked).map(({ code }) => code)
  assert.deepEqual(found('al0001'), ['AL000101', 'AL000102', 'AL000103'])
  assert.deepEqual(found('port durr'), ['AL000101'])
  assert.deepEqual(found('porti i dur'), ['AL000101'])
  assert.deepEqual(found('po'), [])
  assert.deepEqual(found('  '), [])
  assert.equal(reader.search('durr', { day: '2026-12-01', language: 'en' }).length, 2)
  assert.equal(reader.search('al', { ...asked, limit: 1 }).length, 1)
})

test('an entry of the store as a copy keeps it', () => {
  const entry = { list: 'CL141', code: 'A', validFrom: '', validTo: '', state: 'valid' as const, texts: { en: 'One' }, items: {}, keyItems: 0, groups: [] } // prettier-ignore
  assert.deepEqual(offlineEntriesOf([entry]), [['A', '', '', { en: 'One' }, '']])
  assert.deepEqual(offlineEntriesOf([{ ...entry, state: 'invalid', validTo: '2026-01-01' }]), [])
})

test('as TypeScript: the codes of the day, and their type', () => {
  const module = offlineTypescript(
    offlineList({ ...head, list: 'CL141/NTA.AL' }, [durres, later, ['"\n', '', '', {}, '']]),
    'sq',
  )
  assert.match(
    module,
    /^export const CL141_NTA_AL = {\n {2}"\\"\\n": "",\n {2}"AL000101": "Porti i Durrësit",\n} as const$/m,
  )
  assert.match(module, /^export type CL141_NTA_AL = keyof typeof CL141_NTA_AL$/m)
  assert.equal(typeNameOf('3-a'), '_3_a')
})

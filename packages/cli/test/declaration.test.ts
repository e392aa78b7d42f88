import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadDeclarations } from '@corridor/tables'
import { exampleExport } from '../../declarations/test/example.ts'
import { corridor } from './run.ts'

const { blocks, forms } = loadDeclarations()
const system = ['--country', 'SZ', '--currency', 'ZAR']
let folder: string
const file = (name: string): string => join(folder, name)
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'corridor-declaration-'))
  for (const part of ['exports', 'imports']) mkdirSync(file(part))
  const facts = { country: 'SZ', currency: 'ZAR' }
  writeFileSync(file('e.xml'), forms.get('asycuda-world-like')!.write(exampleExport(), facts).bytes)
  writeFileSync(file('exports/e.json'), blocks.write(exampleExport()))
})
after(() => rmSync(folder, { recursive: true }))

test('a declaration in the form of a system is read, and written in that of another with what it loses', async () => {
  const right = await corridor(['declaration', file('e.xml'), '--form', 'asycuda-world-like', ...system])
  assert.deepEqual([right.code, right.err], [0, ''])
  assert.match(right.out, /right$/m)
  const other = await corridor(['declaration', file('exports/e.json'), '--to', 'asycuda-pp-like', ...system])
  assert.equal(other.code, 0)
  assert.match(other.out, /^HDR\|ASYPP-LIKE\|1\n[\s\S]*\nEND\|10\n$/)
  assert.match(
    other.err,
    /^lost {2}Declaration\/AcceptanceDateTime .* → 2026-11-02T00:00:00: the form has the day only$/m,
  )
})

test('what is wrong is told with its place in the form, and the exit code is 1', async () => {
  const text = new TextDecoder().decode(
    forms.get('asycuda-pp-like')!.write(exampleExport(), { country: 'SZ', currency: 'ZAR' }).bytes,
  )
  const wrong = await corridor(
    ['declaration', '-', '--form', 'asycuda-pp-like', ...system],
    text.replace('|3300|3300|', '|3.300,0|3300|'),
  )
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /pattern {2}ITM\[2\]\/netMass/)
  const cut = await corridor(['declaration', '-', '--form', 'asycuda-pp-like', ...system], text.slice(0, 200))
  assert.match(cut.err, /incomplete/)
})

test('an import is begun from an export, and both are held against each other', async () => {
  const begun = await corridor(['declaration', file('exports/e.json'), '--import', '--country', 'ZA', '--to', 'block'])
  assert.equal(begun.code, 0)
  assert.match(begun.err, /^to complete {2}Declaration\/DeclarationOfficeID /m)
  assert.match(begun.out, /"TypeCode":"IM"/)
  const elsewhere = await corridor(['declaration', file('exports/e.json'), '--import', '--country', 'LS'])
  assert.deepEqual([elsewhere.code, elsewhere.err], [1, 'The goods go to ZA, not to LS.\n'])
  writeFileSync(file('rates.yaml'), `- { currency: ZAR, perUnit: '18.25' }\n`)
  const day = ['--currency', 'USD', '--rates', file('rates.yaml'), '--day', '2026-11-30']
  const report = await corridor([
    'declaration',
    'mirror',
    '--exports',
    file('exports'),
    '--imports',
    file('imports'),
    ...day,
  ])
  assert.match(report.out, /^agrees 0, differs 0, not-compared 0, no-import 1,/)
  assert.match(report.out, /^20 +20400\.25 +0 +2641\.13 +0\.00$/m)
  writeFileSync(file('imports/i.json'), begun.out)
  const wrong = await corridor([
    'declaration',
    'mirror',
    '--exports',
    file('exports'),
    '--imports',
    file('imports'),
    ...day,
  ])
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /i\.json is no right utility block/)
})

test('an administration’s own form is a folder; a table that is wrong stops with its line', async () => {
  const own = file('own-form')
  cpSync(new URL('../../declarations/forms/asycuda-world-like/', import.meta.url), own, { recursive: true })
  const mapping = readFileSync(join(own, 'mapping.tsv'), 'utf8')
  writeFileSync(join(own, 'mapping.tsv'), mapping.replaceAll('date M/d/yy', 'date dd.MM.yyyy'))
  const typed = ['declaration', file('exports/e.json'), '--to', own, ...system]
  assert.match((await corridor(typed)).out, /<Date>02\.11\.2026<\/Date>/)
  writeFileSync(join(own, 'mapping.tsv'), mapping.replace('date M/d/yy', 'date soon'))
  const wrong = await corridor(typed)
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /^table-syntax: own-form mapping, line \d+: soon is no way to write a day/)
})

test('what is missing or unknown is asked for in words', async () => {
  const asked: [string[], RegExp][] = [
    [['declaration'], /Say which file/],
    [['declaration', file('e.xml'), '--form', 'nothing', ...system], /There is no form and no folder “nothing”/],
    [['declaration', file('e.xml'), '--form', 'plain-json'], /Say of which country/],
    [['declaration', file('nothing.xml')], /no such file/],
    [['declaration', 'mirror', '--currency', 'USD'], /Say where the blocks are/],
    [
      [
        'declaration',
        'mirror',
        '--currency',
        'USD',
        '--mass',
        'x',
        '--exports',
        file('exports'),
        '--imports',
        file('imports'),
      ],
      /--mass is a number/,
    ],
  ]
  const runs = await Promise.all(asked.map(([typed]) => corridor(typed)))
  for (const [at, [, message]] of asked.entries()) {
    assert.equal(runs[at]!.code, 2)
    assert.match(runs[at]!.err, message)
  }
})

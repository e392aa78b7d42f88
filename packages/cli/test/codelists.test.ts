import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { corridor } from './run.ts'

let folder: string
before(() => (folder = mkdtempSync(join(tmpdir(), 'corridor-codelists-'))))
after(() => rmSync(folder, { recursive: true }))

test('all lists: version, source, how many codes; those that are not checked say why', async () => {
  const { code, out } = await corridor(['codelists', '--at', '2026-11-24'])
  assert.equal(code, 0)
  assert.match(out, /^CL251 +12 +2025-02-12 +GuaranteeType +European Commission, CS\/RD2/m)
  assert.match(out, /^CL029 +ResponseCode +values are not in our sources$/m)
})

test('one list on a day, in a corridor', async () => {
  const [now, before, missing, unknown, plain, widened] = await Promise.all(
    [
      ['cl251', '--at', '2026-11-24'],
      ['CL251', '--at', '1999-01-01'],
      ['CL029'],
      ['CL999'],
      ['CL112'],
      ['CL112', '--corridor', 'albania-kosovo'],
    ].map((typed) => corridor(['codelists', ...typed])),
  )
  assert.match(now!.out, /^CL251 {2}GuaranteeType {2}12 codes on 2026-11-24$/m)
  assert.match(now!.out, /^ {2}1 {2}Comprehensive guarantee$/m)
  assert.match(before!.out, / 0 codes on 1999-01-01/)
  assert.match(missing!.out, /ResponseCode: values are not in our sources/)
  assert.equal(unknown!.code, 2)
  assert.doesNotMatch(plain!.out, /^ {2}XK /m)
  assert.match(widened!.out, /^ {2}XK {2}Kosovo$/m)
  assert.match(widened!.out, /owned by NTA\.AL \(illustrative\)/)
})

const importing = (file: string, ...more: string[]) =>
  corridor(['codelists', 'import', file, '--list', 'CL016', '--into', folder, ...more])

test('a list is imported whole or not at all', async () => {
  const file = join(folder, 'cus.csv.gz')
  writeFileSync(
    file,
    gzipSync('code,validFrom,text_en\n0010001-6,2024-01-01,Acid\n0010002-7,2024-01-01,"Base, strong"\n'),
  )
  const first = await importing(file, '--version', '2026-01-01', '--source', 'a test')
  assert.equal(first.code, 0)
  assert.match(first.out, /2 rows: 2 codes added, 0 changed, 0 ended, 0 unchanged/)
  const kept = readFileSync(join(folder, 'CL016.tsv'), 'utf8')
  assert.match(kept, /^#list\tCL016\n#name\tCUSCode\n#source\ta test\n#version\t2026-01-01\n/)
  assert.match(kept, /^0010002-7\t2024-01-01\t\tBase, strong$/m)

  writeFileSync(
    join(folder, 'wrong.csv'),
    `code,validFrom\n1,2024-13-01\n2,${'x'.repeat(200_000)}\n\u009b1,2024-01-01\n`,
  )
  const second = await importing(join(folder, 'wrong.csv'))
  assert.equal(second.code, 1)
  assert.match(second.out, /Nothing was imported: \d+ lines are wrong/)
  assert.match(second.out, /line 2: first day 2024-13-01/)
  assert.equal(readFileSync(join(folder, 'CL016.tsv'), 'utf8'), kept)
  assert.deepEqual(readdirSync(folder).sort(), ['CL016.tsv', 'cus.csv.gz', 'wrong.csv'])

  writeFileSync(join(folder, 'next.csv'), 'code,validFrom\n0010003-8,2026-06-01\n')
  const third = await importing(join(folder, 'next.csv'), '--version', '2026-06-01', '--addition')
  assert.match(third.out, /1 codes? added, 0 changed, 0 ended, 2 unchanged/)
})

test('what is not understood is 2, and a file that is no archive ends the import', async () => {
  const file = join(folder, 'x.csv')
  writeFileSync(file, 'code\n1\n')
  for (const typed of [
    [file, '--list', 'CL016'],
    [file, '--into', folder],
    [file, '--list', '../x', '--into', folder],
    [file, '--list', 'CL016', '--into', join(folder, 'none')],
    [join(folder, 'none.csv'), '--list', 'CL016', '--into', folder],
    [file, '--list', 'CL016', '--into', folder, '--version', 'today'],
  ])
    assert.equal((await corridor(['codelists', 'import', ...typed])).code, 2, typed.join(' '))
  writeFileSync(join(folder, 'broken.csv.gz'), 'not gzip')
  const broken = await importing(join(folder, 'broken.csv.gz'))
  assert.equal(broken.code, 1)
  assert.doesNotMatch(broken.err, /at .*\.ts:/)
})

const offices = fileURLToPath(new URL('../../../../shared/ncts/codelists/COL-Generic-20241105.xml.gz', import.meta.url))

test('offices come from the Commission’s own export', { skip: !existsSync(offices) && 'needs ../shared' }, async () => {
  const { code, out } = await corridor(['codelists', 'import', offices, '--list', 'CL171', '--into', folder])
  assert.deepEqual([code, /2484 codes added/.test(out)], [0, true])
})

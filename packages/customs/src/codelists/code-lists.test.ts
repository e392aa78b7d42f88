import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadCodeLists } from '../../test/tables.ts'
import { compileCodeLists, overlayCodeLists } from './code-lists.ts'

const text = (rows: string): string =>
  `#list\tCL999\n#name\tColours\n#source\tthis test\n#version\t1\ncode\tvalidFrom\tvalidTo\ttext_en\n${rows}`

test('F64 a code is valid from its first to its last day', () => {
  const lists = compileCodeLists({
    colours: text('R\t2026-01-01\t2026-06-30\tred\nR\t2027-01-01\t\tred again\nG\t\t\tgreen\n'),
  })
  const days = ['2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01', '2027-01-01', '2099-01-01']
  assert.deepEqual(
    days.map((day) => lists.has('CL999', 'R', day)),
    [false, true, true, false, true, true],
  )
  assert.deepEqual(lists.codes('CL999', '2026-07-01'), [{ code: 'G', text: 'green' }])
  assert.equal(lists.text('CL999', 'R'), 'red again')
  assert.equal(lists.has('CL999', 'r', '2026-01-01'), false)
  assert.equal(lists.has('CL998', 'R', '2026-01-01'), false)
  assert.equal(lists.knows('CL998'), false)
})

test('an addition is dated, has its own source, and leaves the list it was laid over alone', () => {
  const before = compileCodeLists({ colours: text('R\t\t\tred\n') })
  const overlay =
    '#name\tx\n#source\tus\n#version\t1\n#status\tillustrative\nlists\tcode\tvalidFrom\tvalidTo\ttext_en\nCL999 CL997\tB\t2026-01-01\t\tblue\n'
  const after = overlayCodeLists(before, { overlay })
  assert.deepEqual([before.has('CL999', 'B', '2026-01-01'), after.has('CL999', 'B', '2026-01-01')], [false, true])
  assert.equal(after.has('CL999', 'B', '2025-12-31'), false)
  assert.deepEqual(after.lists, ['CL997', 'CL999'])
  assert.deepEqual(
    after.sources('CL999').map((source) => source.illustrative),
    [false, true],
  )
})

test('an imported list takes the place of the published one, and additions lie over it', () => {
  const before = compileCodeLists({ colours: text('R\t\t\tred\n') })
  const overlay =
    '#name\tx\n#source\tus\n#version\t1\n#status\tillustrative\nlists\tcode\tvalidFrom\tvalidTo\ttext_en\nCL999\tB\t\t\tblue\n'
  const after = overlayCodeLists(before, { addition: overlay, imported: text('G\t\t\tgreen\n') })
  assert.deepEqual(
    ['R', 'G', 'B'].map((code) => after.has('CL999', code, '2026-01-01')),
    [false, true, true],
  )
  assert.equal(before.has('CL999', 'R', '2026-01-01'), true)
  assert.deepEqual(
    after.sources('CL999').map(({ source }) => source),
    ['this test', 'us'],
  )
})

test('what is wrong in a list is named with its line', () => {
  assert.throws(() => compileCodeLists({ colours: text('R\t1.1.2026\t\tred\n') }), /line 6: validFrom 1\.1\.2026/)
  assert.throws(() => compileCodeLists({ colours: text('\t\t\tred\n') }), /line 6: no code/)
  assert.throws(() => compileCodeLists({ colours: 'code\tvalidFrom\tvalidTo\ttext_en\n' }), /#list/)
})

test('the lists of this package load, and the corridor adds its countries and offices', () => {
  const lists = loadCodeLists()
  assert.ok(lists.lists.length > 60)
  assert.deepEqual(
    ['0', '1', '4', '6'].map((type) => lists.has('CL251', type, '2026-11-24')),
    [true, true, true, false],
  )
  assert.deepEqual([lists.has('CL070', 'XK', '2026-11-24'), lists.has('CL070', 'XK', '2025-11-24')], [true, false])
  assert.equal(lists.has('CL173', 'XK000201', '2026-11-24'), true)
  assert.equal(lists.has('CL172', 'XK000201', '2026-11-24'), false)
  assert.equal(lists.text('CL027', '1'), 'YES')
})

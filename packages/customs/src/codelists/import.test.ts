import assert from 'node:assert/strict'
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import { chance, forAll } from '../../test/random.ts'
import { addDays } from '../values/dates.ts'
import { compileCodeLists } from './code-lists.ts'
import { importCodeList, type CodeListImport, type ImportOutcome } from './import.ts'

const options: CodeListImport = { list: 'CL999', name: 'Colours', source: 'this test', version: '2026-11-24' }
const run = (text: string, more: Partial<CodeListImport> = {}): Promise<ImportOutcome> =>
  importCodeList(text.split('\n'), { ...options, ...more })

/** The text of the list that an import gives. */
function made(outcome: ImportOutcome): string {
  assert.ok(outcome.ok, JSON.stringify(outcome.report))
  return `${[...outcome.lines()].join('\n')}\n`
}

const counts = ({ report: { added, changed, ended, unchanged } }: ImportOutcome): number[] => [
  added,
  changed,
  ended,
  unchanged,
]

test('a snapshot of several lists: the rows of one, by name, in any order', async () => {
  const outcome = await run(
    'list\tstate\tactiveFrom\tkey\tdescription\tother\n' +
      'COLOURS\tvalid\t2024-10-25\tR\tred⏎ and\t\nShapes\tvalid\t2024-10-25\tS\tsquare\t\n' +
      'Colours\tinvalid\t2025-01-01\tB\tblue\t\nColours\tvalid\t2024-10-25\tG\t\t{"a": 1}\n',
  )
  assert.equal(
    made(outcome),
    '#list\tCL999\n#name\tColours\n#source\tthis test\n#version\t2026-11-24\ncode\tvalidFrom\tvalidTo\ttext_en\n' +
      'B\t\t2024-12-31\tblue\nG\t2024-10-25\nR\t2024-10-25\t\tred and\n',
  )
  assert.deepEqual([outcome.report.rows, ...counts(outcome)], [3, 3, 0, 0, 0])
  assert.equal(outcome.report.form, 'tabs')
})

test('CSV with quotes, semicolons, lines in a value, a byte order mark and Windows line ends', async () => {
  const outcome = await run(
    '\u{feff}Code;ValidFrom;ValidTo;Description\r\nR;25-10-2024;;"red; ""dark"""\r\n"G";2024-10-25;2026-12-31;"green\r\nas grass"\r\n\r\n',
  )
  const lists = compileCodeLists({ CL999: made(outcome) })
  assert.equal(lists.text('CL999', 'R'), 'red; "dark"')
  assert.equal(lists.text('CL999', 'G'), 'green as grass')
  assert.deepEqual(
    ['2024-10-24', '2024-10-25', '2026-12-31', '2027-01-01'].map((day) => lists.has('CL999', 'G', day)),
    [false, true, true, false],
  )
  assert.equal(outcome.report.form, 'csv')
})

test('over the list as it stands: added, changed, ended, unchanged, and nothing loses its past', async () => {
  const current = made(
    await run('code,validFrom,text_en\nA,2024-01-01,a\nB,2024-01-01,b\nC,2024-01-01,c\nD,2025-01-01,d\n'),
  )
  const next = await run(
    'code,validFrom,text_en\nA,2026-11-01,a\nB,2026-11-01,b in new words\nD,2024-06-01,d\nE,2026-11-01,e\n',
    { current },
  )
  assert.deepEqual(counts(next), [1, 2, 1, 1])
  const lists = compileCodeLists({ CL999: made(next) })
  const on = (code: string, days: string[]): boolean[] => days.map((day) => lists.has('CL999', code, day))
  assert.deepEqual(on('A', ['2023-12-31', '2024-01-01', '2026-11-24']), [false, true, true])
  assert.deepEqual(on('B', ['2024-01-01', '2026-10-31', '2026-11-01']), [true, true, true])
  assert.deepEqual(
    ['2026-10-31', '2026-11-01'].map((day) => lists.codes('CL999', day).find(({ code }) => code === 'B')?.text),
    ['b', 'b in new words'],
  )
  assert.deepEqual(on('C', ['2026-11-23', '2026-11-24']), [true, false])
  assert.deepEqual(on('D', ['2024-05-31', '2024-06-01']), [false, true])
  const part = await run('code,validFrom,text_en\nE,2026-11-01,e\n', { current, covers: 'addition' })
  assert.deepEqual(counts(part), [1, 0, 0, 4])
  assert.equal(compileCodeLists({ CL999: made(part) }).has('CL999', 'C', '2026-11-24'), true)
})

test('an end comes as a row of its own, before or after the row that it ends', async () => {
  const head = 'list\tstate\tactiveFrom\tkey\tdescription\n'
  const [begun, over] = ['CL999\tvalid\t2024-01-01\tA\ta\n', 'CL999\tinvalid\t2026-01-01\tA\ta\n']
  for (const text of [head + begun + over, head + over + begun]) {
    const lists = compileCodeLists({ CL999: made(await run(text)) })
    assert.deepEqual(
      ['2023-12-31', '2024-01-01', '2025-12-31', '2026-01-01'].map((day) => lists.has('CL999', 'A', day)),
      [false, true, true, false],
    )
  }
  const current = made(await run(head + begun))
  const ended = await run(head + over, { current })
  assert.deepEqual(counts(ended), [0, 0, 1, 0])
  assert.equal(compileCodeLists({ CL999: made(ended) }).has('CL999', 'A', '2026-01-01'), false)
  const again = await run('list\tstate\tactiveFrom\tkey\tdescription\nCL999\tvalid\t2026-06-01\tA\ta\n', {
    current: made(ended),
  })
  const lists = compileCodeLists({ CL999: made(again) })
  assert.deepEqual(
    ['2025-12-31', '2026-03-01', '2026-06-01'].map((day) => lists.has('CL999', 'A', day)),
    [true, false, true],
  )
  const future = made(await run('code,validFrom\nA,2027-01-01\nB,2024-01-01\n'))
  assert.equal(made(await run('code,validFrom\nB,2024-01-01\n', { current: future })).includes('\nA\t'), false)
})

test('one wrong line, and nothing is imported; each is named with its line and reason', async () => {
  const outcome = await run(
    'code,validFrom,validTo,text_en,state\nA,2024-01-01,,a\n,2024-01-01,,b\nB,2024-13-01,,b\nB,,31-02-2025,b\nB,2025-01-01,2024-01-01,b\n' +
      'C,,,c,dead\nA,2025-01-01,,again\nD,,,"d"x\nE,,,e,valid,more\nF,,,f,invalid\n' +
      `${'G'.repeat(101)},,,g\nH,,,${'h'.repeat(70_000)}\nI,,,"never closed\n`,
  )
  assert.equal(outcome.ok, false)
  assert.deepEqual(
    outcome.report.wrong.map(({ line, reason }) => `${line} ${reason}`),
    [
      '3 no code',
      '4 first day 2024-13-01',
      '5 last day 31-02-2025',
      '6 ends on 2024-01-01, before it begins on 2025-01-01',
      '7 state dead',
      '8 A is there twice at one time',
      '9 a quote stands inside a value',
      '10 6 cells, 5 columns',
      '11 invalid since no day',
      '12 a code has one line of at most 100 characters',
      '13 longer than 65536 characters',
      '14 a quote is not closed',
    ],
  )
})

test('a file without columns, without a row of the list, or empty', async () => {
  const reasons = async (text: string): Promise<string[]> => (await run(text)).report.wrong.map(({ reason }) => reason)
  assert.deepEqual(await reasons(''), ['no column line'])
  assert.deepEqual(await reasons('# note\na;b\nx;y\n'), ['no column code or key in: a, b'])
  assert.deepEqual(await reasons('list\tkey\nShapes\tS\n'), ['no row of CL999 (Colours)'])
  const many = await run(`code\n${'\t\n'.repeat(1500)}`)
  assert.deepEqual([many.report.wrong.length, many.report.wrongLines], [1000, 1500])
})

test('days at the ends of the calendar', async () => {
  assert.deepEqual((await run('code,validFrom\nA,0001-01-01\n')).report.wrong, [
    { line: 2, reason: 'first day 0001-01-01' },
  ])
  const open = made(await run('code,validFrom,validTo\nA,1900-01-01,9999-12-31\n'))
  assert.equal(open.split('\n')[5], 'A\t1900-01-01')
  const current = open.replace('A\t1900-01-01', 'A\t1900-01-01\t9999-12-31')
  assert.deepEqual(counts(await run('code,validFrom,text_en\nA,2026-01-01,a\n', { current })), [0, 1, 0, 0])
})

test('an import that is described wrongly is a fault', async () => {
  await assert.rejects(run('code\nA\n', { list: '../CL999' }), { code: 'bad-value' })
  await assert.rejects(run('code\nA\n', { version: 'today' }), { code: 'bad-value' })
  await assert.rejects(run('code\nA\n', { source: 'a\tb' }), { code: 'bad-value' })
  await assert.rejects(run('code\nA\n', { current: '#list\tCL998\ncode\tvalidFrom\tvalidTo\ttext_en\n' }), {
    code: 'codelist-syntax',
  })
})

test('imported again, a list is unchanged; and today it has what the file has', async (t) => {
  const files: string[] = []
  forAll(t, 60, (drawn) => {
    const codes = [...'ABCDEFGH'].filter(() => drawn.next() < 0.6)
    const rows = codes.map((code) => `${code},${addDays('2026-01-01', drawn.whole(0, 400))},${drawn.pick(['x', 'y'])}`)
    files.push(`code,validFrom,text_en\n${(rows.length > 0 ? rows : ['A,2026-01-01,x']).join('\n')}\n`)
  })
  let current: string | undefined
  let version = '2026-11-24'
  for (const file of files) {
    const outcome = await run(file, { version, ...(current !== undefined && { current }) })
    current = made(outcome)
    const again = await run(file, { version, current })
    assert.equal(made(again), current)
    assert.deepEqual(counts(again).slice(0, 3), [0, 0, 0])
    const lists = compileCodeLists({ CL999: current })
    const day = addDays(version, drawnDay.whole(0, 30))
    const expected = file.split('\n').flatMap((line) => {
      const [code = '', from = ''] = line.split(',')
      return code.length === 1 && from <= day ? [code] : []
    })
    for (const code of expected) assert.ok(lists.has('CL999', code, day), `${code} on ${day} after ${file}`)
    for (const code of 'ABCDEFGH')
      if (!file.includes(`\n${code},`)) assert.equal(lists.has('CL999', code, day), false, `${code} on ${day}`)
    version = addDays(version, 31)
  }
})

const drawnDay = chance(7)

const snapshot = new URL('../../../../../shared/ncts/codelists/CSRD2_NCTS-P5_2025-02-12.tsv.gz', import.meta.url)
const skip = existsSync(snapshot) ? false : 'needs ../shared'

test('the large lists of a real snapshot, streamed', { skip }, async () => {
  for (const [list, name, entries] of [
    ['CL016', 'CUSCode', 57_362],
    ['CL244', 'UnLocodeExtended', 99_539],
    ['CL152', 'HScode', 5717],
  ] as const) {
    const lines = createInterface({ input: createReadStream(snapshot).pipe(createGunzip()), crlfDelay: Infinity })
    const outcome = await importCodeList(lines, { list, name, source: 'CS/RD2', version: '2025-02-12' })
    assert.deepEqual([outcome.report.rows, ...counts(outcome)], [entries, entries, 0, 0, 0])
    const lists = compileCodeLists({ [list]: made(outcome) })
    assert.equal(lists.codes(list, '2025-02-12').length, entries)
  }
})

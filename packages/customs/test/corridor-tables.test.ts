/** The tables of the corridor: what their rows say of them is true, and what they are in today's lists holds both ways. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileCorridorTables, type CorridorTable } from '../src/index.ts'
import { corridorTableTexts, loadCodeLists, loadCorridorTables } from './tables.ts'

const tables = loadCorridorTables()
const valuesOf = (number: number) => tables.table(number)!.values

/** Number, list of that time, completeness, values. */
const expected: [number: number, old: string, completeness: string, values: number][] = [
  [5, 'CL47', 'partial', 9],
  [12, 'CL15', 'complete', 103],
  [24, 'CL41', 'partial', 5],
  [25, 'CL56', 'complete', 57],
  [28, 'CL67', 'complete', 34],
  [30, 'CL20', 'complete', 8],
  [35, 'CL14', 'partial', 47],
  [42, 'CL94', 'partial', 2],
  [50, 'CL103', 'complete', 3],
  [53, 'CL87', 'partial', 9],
  [58, 'CL108', 'filled-by-administration', 1],
  [61, 'C05', 'complete', 996],
  [62, 'C04', 'complete', 3],
]

test('the thirteen tables are here, with both numbers, completeness and as many values as they have', () => {
  assert.deepEqual(
    tables.tables.map(({ number, oldList, completeness, values }) => [number, oldList, completeness, values.length]),
    expected,
  )
})

test('codes are there once, in order, with a text unless the source has none', () => {
  for (const { number, values } of tables.tables) {
    const codes = values.map(({ code }) => code)
    assert.deepEqual(codes, [...new Set(codes)].toSorted(), `table ${number}`)
    for (const { code, texts } of values)
      if (number !== 5 || code !== 'C1') assert.ok(texts['en'], `table ${number}, ${code}`)
  }
})

test('economic activities: 21 sections, 88 divisions, 272 groups, 615 classes, each under the one above', () => {
  const at = (length: number, form: RegExp) =>
    valuesOf(61).filter(({ code }) => code.length === length && form.test(code)).length
  assert.deepEqual([at(1, /[A-U]/), at(2, /\d\d/), at(3, /\d{3}/), at(4, /\d{4}/)], [21, 88, 272, 615])
  for (const { code, parent } of valuesOf(61)) {
    if (code.length > 2) assert.equal(parent, code.slice(0, -1))
    else if (code.length === 2) assert.match(parent, /^[A-U]$/)
    else assert.equal(parent, '')
  }
})

test('every mapping goes there and back; where it does not, its row says the way and why', () => {
  for (const { number, mappings } of tables.tables)
    for (const { code, list, today, direction, note } of mappings) {
      const there = tables.toToday(number, code).filter((each) => each.list === list)
      const back = tables.fromToday(list, today).filter((each) => each.table === number)
      const way = `table ${number}, ${code} and ${list} ${today}`
      if (code === '' || today === '') assert.deepEqual([there, back, note !== ''], [[], [], true], way)
      else {
        assert.equal(there[0]?.code === today, direction !== 'from-today', `${way}: there`)
        assert.equal(back[0]?.code === code, direction !== 'to-today', `${way}: back`)
        assert.ok(there.length <= 1 && back.length <= 1, way)
        if (direction !== 'both') assert.notEqual(note, '', way)
      }
    }
})

/** Codes that do not come back as they went, or do not go: the exceptions to the round trip. */
function exceptions({ number, mappings }: CorridorTable): string[] {
  return mappings
    .filter(({ direction }) => direction !== 'both')
    .map(({ code, list, today }) => (list === '' ? `${code} –` : `${code || '–'} ${list} ${today || '–'}`))
    .map((text) => `${number}: ${text}`)
}

test('the exceptions to the round trip are these and no others', () => {
  assert.deepEqual(tables.tables.flatMap(exceptions), [
    ...['B2', 'B3', 'C1'].map((code) => `5: ${code} –`),
    ...['DI', 'NE', 'NP', 'OR', 'OT'].map((code) => `24: ${code} –`),
    '30: – CL218 9',
    ...['821 CL214 N821', '822 CL214 N822', '825 CL214 N825', '830 CL214 N830', 'EU CL214 N830'].map(
      (way) => `35: ${way}`,
    ),
    ...['T2CIM CL214 N720', 'T2TIR CL214 N952', 'T2ATA CL214 N955', '– CL214 N714', '– CL214 N722'].map(
      (way) => `35: ${way}`,
    ),
    ...['822 CL178 N822', '825 CL178 N825', '830 CL228 N830', 'EU CL228 N830'].map((way) => `35: ${way}`),
    ...['CO', 'IM', 'T2SM', 'T2M', '823', 'ZZZ'].map((code) => `35: ${code} –`),
    '42: 3 –',
    ...['X', 'Y', 'Z'].map((code) => `50: ${code} –`),
    ...['B', 'C', 'E', 'F', 'X', 'Y', 'Z'].map((code) => `53: ${code} –`),
    '58: A001 –',
  ])
})

test('of each list of today that is carried, every code has a row, and no row a code that the list does not have', () => {
  const codeLists = loadCodeLists()
  for (const { number, todayLists, mappings } of tables.tables)
    for (const list of todayLists.filter((each) => codeLists.knows(each))) {
      const codes = codeLists.codes(list, '2026-11-24').map(({ code }) => code)
      const named = mappings.filter((row) => row.list === list && row.today !== '').map(({ today }) => today)
      assert.deepEqual([...new Set(named)].toSorted(), codes.toSorted(), `table ${number}, ${list}`)
    }
})

test('some that people know by heart', () => {
  const today = (number: number, code: string) =>
    tables.toToday(number, code).map((each) => `${each.list} ${each.code}`)
  assert.deepEqual(today(5, 'A3'), ['CL196 A3'])
  assert.deepEqual(today(5, 'A1'), ['CL195 A1', 'CL196 A1', 'CL197 A1', 'CL243 A1'])
  assert.deepEqual(today(35, 'T1'), ['CL214 N821'])
  assert.deepEqual(today(30, 'AIR'), ['TrafficType AIR', 'CL218 4'])
  assert.deepEqual(today(99, 'A1'), [])
  assert.deepEqual(tables.fromToday('CL214', 'N821'), [{ table: 35, code: 'T1', note: '' }])
  assert.deepEqual(tables.fromToday('CL214', 'C999'), [])
})

test('a control result at departure is checked; at destination nobody has published the values', () => {
  const codeLists = loadCodeLists()
  const codes = (list: string) => codeLists.codes(list, '2026-11-24').map(({ code }) => code)
  assert.deepEqual(
    [codes('CL195'), codes('CL196')],
    [
      ['A1', 'A2'],
      ['A1', 'A2', 'A3'],
    ],
  )
  assert.equal(codeLists.knows('CL197'), false)
})

/** A change to one of the texts, and what the fault must say. */
const wrong: [what: string, change: (texts: ReturnType<typeof corridorTableTexts>) => object, message: RegExp][] = [
  [
    'a code twice',
    valueRow('62-type-of-person', '1\t\t\tknown\tonce more'),
    /62-type-of-person, line 6: 1 is there twice/,
  ],
  [
    'a day that is none',
    valueRow('62-type-of-person', '4\t2026-02-30\t\tknown\tx'),
    /line 6: “2026-02-30” is not a day/,
  ],
  [
    'an end before the start',
    valueRow('62-type-of-person', '4\t2026-03-02\t2026-03-01\tknown\tx'),
    /line 6: it ends on/,
  ],
  [
    'a status of our own',
    valueRow('62-type-of-person', '4\t\t\tmaybe\tx'),
    /line 6: status “maybe” is none of official/,
  ],
  [
    'a code without a row in the mapping',
    ({ mappings }) => ({ mappings: mappings.replace(/^58\t.*\n/m, '') }),
    /mappings: no row says what A001 of table 58 is/,
  ],
  ['a parent that is not there', valueRow('61-economic-activity', 'W1\t\t\tknown\tW\tx'), /line 999: W1 is under W/],
  [
    'values of no table',
    () => ({
      values: { ...corridorTableTexts().values, x: '#table\t63\ncode\tvalidFrom\tvalidTo\tstatus\n1\t\t\tknown\n' },
    }),
    /x: corridor-tables has no table 63/,
  ],
  [
    'a mapping of a code that is not there',
    mappingRow('62\t9\t\t\tto-today\twhy'),
    /mappings, line \d+: table 62 has no code 9/,
  ],
  [
    'a mapping to a list that the table does not name',
    mappingRow('62\t1\tCL999\t1\tboth\t'),
    /does not name the list CL999/,
  ],
  ['two ways to go', mappingRow('35\tCO\tCL214\tN821\tboth\t'), /there is a way already for N821 of CL214 to table 35/],
  ['no counterpart and no reason', mappingRow('62\t1\t\t\tto-today\t'), /no counterpart, and no note/],
  [
    'a table that nothing is known of',
    (texts) => ({ tables: texts.tables.replace('\tpartial\t', '\tsome\t') }),
    /completeness “some”/,
  ],
  [
    'not complete, and no reason',
    (texts) => ({ tables: texts.tables.replace(/\tpartial\t[^\t]*/, '\tpartial\t') }),
    /line 2: partial without a reason/,
  ],
]

function valueRow(name: string, row: string) {
  return ({ values }: ReturnType<typeof corridorTableTexts>) => ({
    values: { ...values, [name]: `${values[name]}${row}\n` },
  })
}

function mappingRow(row: string) {
  return ({ mappings }: ReturnType<typeof corridorTableTexts>) => ({ mappings: `${mappings}${row}\n` })
}

for (const [what, change, message] of wrong)
  test(`${what} stops with file, line and reason`, () => {
    const texts = corridorTableTexts()
    assert.throws(() => compileCorridorTables({ ...texts, ...change(texts) }), message)
  })

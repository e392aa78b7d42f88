/** Reference data in its four forms: what is read, what is written, and that nothing is lost between. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFileSync } from 'node:fs'
import type { WrongLine } from '../codelists/entry-rows.ts'
import {
  customsOfficeOf,
  economicOperatorOf,
  entryOfOperator,
  isInForce,
  namesOf,
  namingOf,
  readReference,
  readReferenceLists,
  referenceForms,
  rolesOf,
  textIn,
  wordsOf,
  writeReference,
  wrongsOf,
  type ReadEntry,
  type ReferenceEntry,
  type ReferenceForm,
} from './index.ts'

const lists = readReferenceLists(readFileSync(new URL('../../reference/lists.tsv', import.meta.url), 'utf8'))
const naming = namingOf(lists)
const nameOf = (list: string): string => lists.find(({ id }) => id === list)?.names[0] ?? list
const encoder = new TextEncoder()

async function read(
  form: ReferenceForm,
  text: string | Uint8Array,
  list?: string,
  length = 7,
): Promise<(ReadEntry | WrongLine)[]> {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text
  const chunks = Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
    bytes.subarray(at * length, (at + 1) * length),
  )
  const found: (ReadEntry | WrongLine)[] = []
  for await (const each of readReference(form, chunks, naming, list)) found.push(each)
  return found
}

const wrongIn = async (form: ReferenceForm, text: string | Uint8Array, list?: string): Promise<string[]> =>
  (await read(form, text, list)).flatMap((each) => ('reason' in each ? [`${each.line} ${each.reason}`] : []))

async function write(form: ReferenceForm, entries: ReferenceEntry[]): Promise<string> {
  const languages = [...new Set(entries.flatMap(({ texts }) => Object.keys(texts)))]
  let text = ''
  for await (const chunk of writeReference(form, entries, { nameOf, languages, ends: true })) text += chunk
  return text
}

const competence = (role: string) => ({
  name: 'CustomsOfficeRoleTrafficCompetence',
  items: { Role: role, TrafficType: 'R' },
  groups: [],
})
const office: ReferenceEntry = {
  list: 'CL141',
  code: 'AL000101',
  validFrom: '2024-01-01',
  validTo: '',
  state: 'valid',
  texts: {},
  items: {
    ReferenceNumber: 'AL000101',
    ReferenceNumberHigherAuthority: 'AL000100',
    CountryCode: 'AL',
    UnLocodeId: 'DRZ',
    PhoneNumber: '+355 "1", <2> & 3',
  },
  keyItems: 1,
  groups: [
    {
      name: 'CustomsOfficeLsd',
      items: { LanguageCode: 'SQ', CustomsOfficeUsualName: 'Dega Durrës', City: 'Durrës' },
      groups: [],
    },
    {
      name: 'CustomsOfficeTimetable',
      items: { SeasonCode: '1', SeasonName: 'All year', SeasonStartDate: '20240101', SeasonEndDate: '20991231' },
      groups: [
        {
          name: 'CustomsOfficeTimetableLine',
          items: {
            DayInTheWeekBeginDay: '1',
            OpeningHoursTimeFirstPeriodFrom: '0800',
            OpeningHoursTimeFirstPeriodTo: '1600',
            DayInTheWeekEndDay: '5',
          },
          groups: [competence('DEP'), competence('DES')],
        },
      ],
    },
    { name: 'CustomsOfficeLsd', items: { LanguageCode: 'EN', CustomsOfficeUsualName: 'Branch of Durres' }, groups: [] },
    { name: 'CustomsOfficeSpecificNotes', items: { SpecificNotesCode: 'COD001' }, groups: [] },
  ],
}
const role: ReferenceEntry = {
  list: 'CL056',
  code: 'DEP',
  validFrom: '2020-01-01',
  validTo: '2026-12-31',
  state: 'valid',
  texts: { sq: 'Zyra e nisjes', en: 'Office of\ndeparture', ar: 'مكتب المغادرة' },
  items: { Role: 'DEP' },
  keyItems: 1,
  groups: [],
}
const chapter: ReferenceEntry = {
  ...role,
  list: 'CL152',
  code: '010121',
  parent: '0101',
  items: { HScode: '010121' },
  validFrom: '',
}
const ended: ReferenceEntry = {
  ...role,
  code: 'OLD',
  items: { Role: 'OLD' },
  validFrom: '',
  state: 'invalid',
  texts: {},
}
const all = [office, role, ended, chapter]

test('an entry is the same after it was written and read, in every form that has all of it', async () => {
  for (const form of referenceForms.filter((each) => each !== 'tsv')) {
    const text = await write(form, all)
    for (const length of [1, 13, 100_000])
      assert.deepEqual(
        (await read(form, text, undefined, length)).map((each) => ('reason' in each ? each : each.entry)),
        all,
        `${form}, cut into ${length}`,
      )
  }
})

test('a snapshot has English and items, and is the same row by row', async () => {
  const rows =
    'list\tstate\tactiveFrom\tkey\tdescription\tother\tactiveTo\n' +
    'UnLocodeExtended\tvalid\t2023-04-13\tADALV\t\t{"name":"Andorra la Vella"}\t\n' +
    'Role\tvalid\t2020-01-01\tDEP\tOffice of departure\t\t2026-12-31\nRole\tinvalid\t2024-01-01\tOLD\told\t\t\n'
  const entries = (await read('tsv', rows)).map((each) => ('reason' in each ? assert.fail(each.reason) : each.entry))
  assert.deepEqual(
    entries.map(({ list, validFrom, validTo }) => [list, validFrom, validTo]),
    [
      ['CL244', '2023-04-13', ''],
      ['CL056', '2020-01-01', '2026-12-31'],
      ['CL056', '', '2023-12-31'],
    ],
  )
  assert.equal(await write('tsv', entries), rows)
})

test('the columns of a file in the administration’s own words', async () => {
  const csv = 'code;validFrom;text_en;text_sq;Region\nAL1;01-02-2024;"North; all of it";Veri;N\n'
  const [entry] = await read('csv', csv, 'MyRegions')
  assert.ok(entry && 'entry' in entry)
  assert.deepEqual(entry.entry, {
    list: 'MyRegions',
    code: 'AL1',
    validFrom: '2024-02-01',
    validTo: '',
    state: 'valid',
    texts: { en: 'North; all of it', sq: 'Veri' },
    items: { Region: 'N' },
    keyItems: 0,
    groups: [],
  })
})

test('an entry that ends is in force on its last day; what it is called in a language', () => {
  assert.deepEqual(
    ['2019-12-31', '2020-01-01', '2026-12-31', '2027-01-01'].map((day) => isInForce(role, day)),
    [false, true, true, false],
  )
  assert.deepEqual(namesOf(office), { sq: 'Dega Durrës', en: 'Branch of Durres' })
  assert.equal(textIn(namesOf(office), 'sq'), 'Dega Durrës')
  assert.equal(textIn(namesOf(office), 'fr'), 'Branch of Durres')
  assert.deepEqual(wordsOf('Dega e Durrës-it, 2'), ['dega', 'e', 'durres', 'it', '2'])
})

test('an office as it is shown', () => {
  const shown = customsOfficeOf(office)
  assert.deepEqual(
    [shown.reference, shown.country, shown.unLocode, shown.higherAuthority, shown.region],
    ['AL000101', 'AL', 'ALDRZ', 'AL000100', undefined],
  )
  assert.deepEqual(shown.seasons[0]?.lines[0], {
    fromDay: 1,
    toDay: 5,
    hours: [{ from: '08:00', to: '16:00' }],
    competences: [
      { role: 'DEP', trafficType: 'R' },
      { role: 'DES', trafficType: 'R' },
    ],
  })
  assert.deepEqual([rolesOf(shown), shown.specificNotes], [['DEP', 'DES'], ['COD001']])
})

test('an economic operator is the same after it was an entry', () => {
  const operator = {
    eori: 'AL123',
    country: 'AL',
    typeOfPerson: '2',
    economicActivity: '5229',
    addresses: [{ language: 'sq', name: 'Adria', streetAndNumber: 'Rruga 1', postalCode: '1001', city: 'Tirana' }],
    certificates: [{ type: 'AEOF', number: 'AL1', validFrom: '2024-01-01', validTo: '', status: 'valid' }],
    authorisations: [
      { type: 'C521', reference: 'X', validFrom: '2024-01-01', validTo: '2025-01-01', status: 'revoked' },
    ],
  }
  assert.deepEqual(economicOperatorOf(entryOfOperator(operator, '2024-01-01')), operator)
})

test('what is wrong in a file is said with its line', async () => {
  const head = 'list\tstate\tactiveFrom\tkey\tdescription\tother\n'
  assert.deepEqual(
    await wrongIn('tsv', `${head}Role\tvalid\t2024-13-01\tA\t\t\nRole\tvalid\t\t\tx\t\nRole\told\t\tB\t\t\n`),
    ['2 A: first day 2024-13-01 is no day yyyy-mm-dd', '3 no code', '4 B: state old is neither valid nor invalid'],
  )
  assert.deepEqual(await wrongIn('tsv', `${head}Role\tvalid\t2024-01-01\tA\t\t{"a":1}\n`), [
    '2 A: its items are no JSON object of texts',
  ])
  assert.deepEqual(await wrongIn('csv', 'code,validFrom\nA,\n'), [
    '1 no column list, and no list was named for the file',
  ])
  assert.deepEqual(await wrongIn('json', '{"code":"A","list":"Role","colour":"red"}\n[1]\n{"entries":1}\n'), [
    '1 an unknown field colour',
    '2 no JSON object',
  ])
})

test('half a file is known in every form', async () => {
  for (const form of referenceForms) {
    const text = await write(form, all)
    const bytes = encoder.encode(text)
    assert.deepEqual(await wrongIn(form, text), [], form)
    for (const part of [0.3, 0.5, 0.9]) {
      const wrong = await wrongIn(form, bytes.subarray(0, Math.floor(bytes.length * part)))
      assert.ok(wrong.length > 0, `${form}, ${part}`)
    }
  }
})

test('another encoding is refused with its line', async () => {
  const rows = 'list\tkey\tdescription\nRole\tA\tone\nRole\tB\tDurr'
  const latin = Uint8Array.from([...encoder.encode(rows), 0xeb, ...encoder.encode('s\n')])
  assert.deepEqual((await wrongIn('tsv', latin)).at(-1), '3 not UTF-8: save the file as UTF-8')
  const xml = (await write('csrd2-xml', [role])).replace('UTF-8', 'ISO-8859-1')
  assert.deepEqual(await wrongIn('csrd2-xml', xml), ['1 the encoding ISO-8859-1: only UTF-8 is read'])
})

test('what no database takes is a wrong line', async () => {
  const wrong = 'it has U+0000 or half a character: take them out'
  const line = String.raw`{"list":"Role","code":"A","texts":{"en":"a\u0000b"}}`
  assert.deepEqual(await wrongIn('json', `${line}\n{"entries":1}\n`), [`1 A: ${wrong}`])
  const half = String.raw`{"list":"Role","code":"A","items":{"a":"b\ud800"}}`
  assert.deepEqual(await wrongIn('json', `${half}\n{"entries":1}\n`), [`1 A: ${wrong}`])
  assert.deepEqual(await wrongIn('csv', 'list,code,text_en\nRole,A\0,b\n'), [`2 A\ufffd: ${wrong}`])
})

test('what is wrong with an entry', () => {
  const declared = (list: string) => (list === 'Unknown' ? undefined : {})
  assert.deepEqual(wrongsOf(office, declared), [])
  assert.deepEqual(wrongsOf({ ...office, items: { ReferenceNumber: 'AL000101' } }, declared), [
    'AL000101: an office without a country: give it the item CountryCode',
  ])
  assert.deepEqual(wrongsOf({ ...role, list: 'Unknown' }, declared), [
    'nobody declared the list Unknown: declare it first',
  ])
  assert.deepEqual(wrongsOf({ ...role, validFrom: '2027-02-30' }, declared).length, 2)
})

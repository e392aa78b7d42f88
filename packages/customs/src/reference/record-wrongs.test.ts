import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadCorridorTables } from '@corridor/tables'
import { entryOfOperator } from './economic-operator.ts'
import type { ReferenceEntry } from './entry.ts'
import { recordWrongs } from './record-wrongs.ts'

const tables = loadCorridorTables()
const day = '2026-11-30'
const office = (items: Record<string, string>, role = 'DEP'): ReferenceEntry => ({
  list: 'CL141/NTA.AL',
  code: 'AL000103',
  validFrom: '2026-12-01',
  validTo: '',
  state: 'valid',
  texts: {},
  items: { CountryCode: 'AL', ...items },
  keyItems: 0,
  groups: [
    {
      name: 'CustomsOfficeTimetable',
      items: { SeasonCode: '1' },
      groups: [
        {
          name: 'CustomsOfficeTimetableLine',
          items: { DayInTheWeekBeginDay: '1', DayInTheWeekEndDay: '7' },
          groups: [{ name: 'CustomsOfficeRoleTrafficCompetence', items: { Role: role, TrafficType: 'R' }, groups: [] }],
        },
      ],
    },
  ],
})
const operator = (typeOfPerson: string, economicActivity: string): ReferenceEntry => ({
  ...entryOfOperator(
    {
      eori: 'AL123',
      country: 'AL',
      typeOfPerson,
      economicActivity,
      addresses: [],
      certificates: [],
      authorisations: [],
    },
    '2026-01-01',
  ),
  list: 'EconomicOperators/NTA.AL',
})

test('a record whose codes are in the tables is right; any other list has no records', () => {
  assert.deepEqual(recordWrongs(office({ GeoInfoCode: 'AL/MK' }), tables, day), [])
  assert.deepEqual(recordWrongs(operator('2', '5229'), tables, day), [])
  assert.deepEqual(recordWrongs({ ...office({ GeoInfoCode: '?' }), list: 'CL017' }, tables, day), [])
  assert.deepEqual(recordWrongs({ ...office({ GeoInfoCode: '?' }), state: 'invalid' }, tables, day), [])
})

test('what is wrong in a record has its place, its value and a remedy', () => {
  const [geo, ...none] = recordWrongs(office({ GeoInfoCode: 'GR/MK' }), tables, day)
  assert.match(geo ?? '', /^AL000103, \/geoInfo: “GR\/MK”\. .* Give a frontier that AL shares/)
  assert.deepEqual(none, [])
  assert.match(recordWrongs(office({}, 'NONE'), tables, day).join(), /\/competences\[1\]\/role: “NONE”.*table 25/)
  const wrong = recordWrongs(operator('9', '52.29'), tables, day)
  assert.match(wrong.join('\n'), /\/economicActivity: “52\.29”.*table 61[^]*\/typeOfPerson: “9”.*1, 2, 3|table 62/)
  assert.equal(wrong.length, 2)
})

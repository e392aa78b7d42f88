import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { loadCorridorTables } from '../../test/tables.ts'
import { officeFindings, type OfficeCodes } from './corridor-tables-records.ts'

const tables = loadCorridorTables()
const day = '2026-11-24'
const office: OfficeCodes = {
  reference: 'MK003012',
  country: 'MK',
  geoInfo: 'MK/XK',
  specificNotes: ['SN0001'],
  competences: [
    { role: 'DEP', trafficType: 'R' },
    { role: 'TRA', trafficType: 'V' },
  ],
}

test('an office whose codes are all in the tables has no findings; nor one that gives none', () => {
  assert.deepEqual(officeFindings(office, tables, day), [])
  assert.deepEqual(officeFindings({ reference: 'AL000101', country: 'AL' }, tables, day), [])
})

test('each code that is not is named with place, table and remedy', () => {
  const findings = officeFindings(
    {
      ...office,
      geoInfo: 'MK/IT',
      specificNotes: ['SN0001', 'SN9999'],
      competences: [
        { role: 'DEP', trafficType: 'X' },
        { role: 'BOSS', trafficType: 'R' },
      ],
    },
    tables,
    day,
  )
  assert.deepEqual(
    findings.map(({ rule, path, value, code }) => [rule, path, value, code]),
    [
      ['table 12', '/geoInfo', 'MK/IT', '12'],
      ['table 28', '/specificNotes[2]', 'SN9999', '12'],
      ['table 30', '/competences[1]/trafficType', 'X', '12'],
      ['table 25', '/competences[2]/role', 'BOSS', '12'],
    ],
  )
  assert.equal(findings[2]?.allowed, '5, AIR, C, N/A, P, PP, R, V')
  assert.equal(findings[0]?.allowed, '103 codes of table 12 (CL15)')
})

test('the day counts, and a frontier is one of the office’s own country', () => {
  assert.equal(officeFindings(office, tables, '2020-01-01').length, 6)
  assert.deepEqual(
    officeFindings({ ...office, country: 'GR' }, tables, day).map(({ rule, code, allowed }) => [rule, code, allowed]),
    [['table 12', '14', 'a frontier of GR']],
  )
})

const published = new URL('../../../../../shared/ncts/codelists/COL-Generic-20241105.xml.gz', import.meta.url)
test('none of the 4136 published offices has a finding', { skip: !existsSync(published) && 'needs ../shared' }, () => {
  const xml = gunzipSync(readFileSync(published)).toString('utf8')
  const part = xml.slice(xml.indexOf('RDEntity name="CustomsOffices"'), xml.indexOf('RDEntity name="GeoInfoCodes"'))
  const entries = part.split('<ns1:RDEntry>').slice(1)
  assert.equal(entries.length, 4136)
  const items = (entry: string, name: string) =>
    [...entry.matchAll(new RegExp(`name="${name}">([^<]*)<`, 'g'))].map(([, text]) => text!)
  for (const entry of entries) {
    const roles = items(entry, 'Role')
    const [geoInfo] = items(entry, 'GeoInfoCode')
    const competences = [
      ...entry.matchAll(/name="Role">([^<]*)<\/ns2:dataItem>\s*<ns2:dataItem name="TrafficType">([^<]*)</g),
    ]
    const codes: OfficeCodes = {
      reference: items(entry, 'ReferenceNumber')[0]!,
      country: items(entry, 'CountryCode')[0]!,
      ...(geoInfo !== undefined && { geoInfo }),
      specificNotes: items(entry, 'SpecificNotesCode'),
      competences: competences.map(([, role, trafficType]) => ({ role: role!, trafficType: trafficType! })),
    }
    assert.ok(competences.length <= roles.length)
    assert.deepEqual(officeFindings(codes, tables, day), [])
  }
})

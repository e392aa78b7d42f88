import assert from 'node:assert/strict'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import { compileCodeLists } from './code-lists.ts'
import { rowsOfCsrd2Xml } from './csrd2-xml.ts'
import { readOfficeLists } from './office-lists.ts'
import type { EntryRow, WrongLine } from './entry-rows.ts'
import { importCodeList, type ImportOutcome } from './import.ts'

const offices = readOfficeLists(readFileSync(new URL('../../imports/office-lists.tsv', import.meta.url), 'utf8'))

const status = (state: string, from: string): string =>
  `<b:RDEntryStatus><c:state>${state}</c:state><c:activeFrom>${from}</c:activeFrom></b:RDEntryStatus>`
const office = (number: string, roles: string[], name = 'Port'): string =>
  `<a:RDEntry>\n${status('valid', '2024-01-01')}<b:dataItem name="ReferenceNumber">${number}</b:dataItem>` +
  `<b:dataGroup name="CustomsOfficeLsd"><b:dataItem name="LanguageCode">SQ</b:dataItem><b:dataItem name="CustomsOfficeUsualName">Porti</b:dataItem></b:dataGroup>` +
  `<b:dataGroup name="CustomsOfficeLsd"><b:dataItem name="LanguageCode">EN</b:dataItem><b:dataItem name="CustomsOfficeUsualName">${name}</b:dataItem></b:dataGroup>` +
  roles.map((role) => `<b:dataGroup name="X"><b:dataItem name="Role">${role}</b:dataItem></b:dataGroup>`).join('') +
  '</a:RDEntry>\n'
const place =
  `<a:RDEntry>${status('invalid', '2025-01-01')}<b:dataItem name="CountryCode">AL</b:dataItem>` +
  '<b:dataItem name="UnLocodeId">DRZ</b:dataItem><b:dataItem name="UnLocodeName">Durr&#235;s</b:dataItem></a:RDEntry>\n'
const listed = (text: string): string =>
  `<a:RDEntry>${status('valid', '2024-01-01')}<b:dataItem name="Role">DEP</b:dataItem><b:LsdList><b:description lang="de">Abgang</b:description><b:description lang="en">${text}</b:description></b:LsdList></a:RDEntry>\n`
const whole = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<n:RDEntityList xmlns:n="n" xmlns:a="a" xmlns:b="b" xmlns:c="c">\n${body}</n:RDEntityList>\n`
const entity = (name: string, entries: string): string => `<n:RDEntity name="${name}">\n${entries}</n:RDEntity>\n`

const text = whole(
  entity('CustomsOffices', office('AL000101', ['DEP', 'ENQ']) + office('XK000201', ['TRA', 'TRA'])) +
    entity('UnLocode', place) +
    entity('Role', listed('Office of &lt;departure&gt;')),
)

/** The text cut into chunks of a length. */
function* cut(whole: string, length: number): Generator<string> {
  for (let at = 0; at < whole.length; at += length) yield whole.slice(at, at + length)
}

async function rows(xml: string, length = 64): Promise<(EntryRow | WrongLine)[]> {
  const found: (EntryRow | WrongLine)[] = []
  for await (const row of rowsOfCsrd2Xml(cut(xml, length), offices)) found.push(row)
  return found
}

test('entries of an export as rows, however it is cut', async () => {
  const expected = await rows(text, text.length)
  assert.deepEqual(
    expected.map((row) => ('reason' in row ? row.reason : `${row.line} ${row.list} ${row.code} ${row.text}`)),
    [
      '4 CustomsOffices AL000101 Port',
      '4 CustomsOfficeDeparture AL000101 Port',
      '4 CustomsOfficeEnquiry AL000101 Port',
      '4 CustomsOfficeEnquiryOrRecovery AL000101 Port',
      '6 CustomsOffices XK000201 Port',
      '6 CustomsOfficeTransit XK000201 Port',
      '10 UnLocode ALDRZ Durrës',
      '13 Role DEP Office of <departure>',
    ],
  )
  for (const length of [1, 2, 7, 100]) assert.deepEqual(await rows(text, length), expected, `cut into ${length}`)
})

const run = (xml: string, list: string, name: string): Promise<ImportOutcome> =>
  importCodeList(rowsOfCsrd2Xml(cut(xml, 50), offices), { list, name, source: 'this test', version: '2026-01-01' })

test('an export is imported like any other file', async () => {
  const outcome = await run(text, 'CL171', 'CustomsOfficeDeparture')
  assert.ok(outcome.ok)
  assert.deepEqual([outcome.report.form, outcome.report.rows, outcome.report.added], ['xml', 1, 1])
  const lists = compileCodeLists({ CL171: [...outcome.lines()].join('\n') })
  assert.deepEqual(lists.codes('CL171', '2026-01-01'), [{ code: 'AL000101', text: 'Port' }])
  const ended = await run(text, 'CL244', 'UnLocode')
  assert.ok(ended.ok)
  assert.equal([...ended.lines()].at(-1), 'ALDRZ\t\t2024-12-31\tDurrës')
})

test('an export that is broken is refused as a whole, with the place', async () => {
  const wrong = async (xml: string): Promise<string[]> => {
    const outcome = await run(xml, 'CL141', 'CustomsOffices')
    assert.equal(outcome.ok, false)
    return outcome.report.wrong.map(({ line, reason }) => `${line} ${reason.split(':')[0]}`)
  }
  const broken = office('AL000101', []).replace('</b:RDEntryStatus>', '')
  assert.match((await wrong(whole(entity('CustomsOffices', office('XK000201', []) + broken))))[0]!, /^6 /)
  assert.deepEqual(await wrong(text.slice(0, -60)), ['13 the export ends before its end'])
  assert.deepEqual(await wrong('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + text), ['1 a DOCTYPE'])
  assert.deepEqual(await wrong('<other/>'), ['1 no RDEntityList'])
  const long = office('AL000101', [], 'x'.repeat(1_100_000))
  assert.match((await wrong(whole(entity('CustomsOffices', long))))[0]!, /longer than/)
  assert.match((await wrong(whole(entity('CustomsOffices', office('AL000101', [], '<!-- x -->')))))[0]!, /^4 /)
  assert.match((await wrong(whole(entity('CustomsOffices', office('', [])))))[0]!, /^4 no code/)
})

const published = new URL('../../../../../shared/ncts/codelists/COL-Generic-20241105.xml.gz', import.meta.url)
const skip = existsSync(published) ? false : 'needs ../shared'

test('the offices of the Commission’s own export', { skip }, async () => {
  const counts = new Map<string, number>()
  const chunks = createReadStream(published).pipe(createGunzip()).setEncoding('utf8')
  for await (const row of rowsOfCsrd2Xml(chunks, offices)) {
    assert.ok(!('reason' in row), JSON.stringify(row))
    if (row.list === 'GeoInfoCodes') break
    counts.set(row.list, (counts.get(row.list) ?? 0) + 1)
  }
  assert.deepEqual(Object.fromEntries([...counts].filter(([name]) => name.startsWith('CustomsOffice'))), {
    CustomsOffices: 4136,
    CustomsOfficeDeparture: 2484,
    CustomsOfficeDestination: 2484,
    CustomsOfficeTransit: 1124,
    CustomsOfficeGuarantee: 1080,
    CustomsOfficeTransitExit: 583,
    CustomsOfficeEnquiry: 1576,
    CustomsOfficeRecovery: 1493,
    CustomsOfficeEnquiryOrRecovery: 1597,
    CustomsOfficeExit: 1463,
  })
})

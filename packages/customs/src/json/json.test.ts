import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { canonicalize, parse, type XmlElement } from '@corridor/xml'
import { groupOf } from '../../test/instances.ts'
import { notationDocument, notationMessages } from '../../test/notation-table.ts'
import { loadMessages } from '../../test/tables.ts'
import type { Doc, Finding } from '../index.ts'
import { readJson, toJson } from './json.ts'

const messages = loadMessages()
const samples = new URL('../../../../../shared/ncts/samples/', import.meta.url)
const skip = existsSync(samples) ? false : 'needs ../shared'
const encoder = new TextEncoder()
const read = (text: string) => readJson(messages, encoder.encode(text))
const short = ({ rule, path, line, column }: Finding): unknown[] => [rule, path, line, column]

test('what XML holds comes back from JSON: trailing zeros, sixteen digits, leading zeros', () => {
  const table = messages.get('CC015C')!
  const document: Doc = {
    ...groupOf(table.root.children, 'maximal'),
    messageType: 'CC015C',
    messageIdentification: '000123',
    PhaseID: 'NCTS5.1',
  }
  const consignment = document['Consignment'] as { grossMass: string }
  consignment.grossMass = '9999999999.500000'
  const text = toJson(table, document)
  assert.match(text, /"grossMass": "9999999999.500000"/)
  const reading = read(text)
  assert.deepEqual(reading.findings, [])
  assert.equal(reading.table, table)
  assert.deepEqual(table.write(reading.document!), table.write(document))
})

/** Canonical form of what a document says: no white space between elements, comments, schema locations, chosen prefixes. */
function essence(bytes: Uint8Array): string {
  const plain = (element: XmlElement): XmlElement => {
    const holdsElements = element.children.some((child) => typeof child !== 'string')
    // White space with a line break stands between elements, also in a group that is empty but for a comment.
    const between = (text: string) => holdsElements || /^\s*\n\s*$/.test(text)
    return {
      ...element,
      prefix: element.namespace === '' ? '' : 'n',
      namespaces: element.namespace === '' ? [] : [{ prefix: 'n', uri: element.namespace }],
      attributes: element.attributes.filter(({ local }) => !local.endsWith('chemaLocation')),
      children: element.children
        .filter((child) => typeof child !== 'string' || !between(child))
        .map((child) => (typeof child === 'string' ? child : plain(child))),
    }
  }
  return new TextDecoder().decode(canonicalize(plain(parse(bytes))))
}

test('XML → JSON → XML says the same for every valid sample', { skip }, () => {
  const rows = readFileSync(new URL('VERDICTS.tsv', samples), 'utf8').trimEnd().split('\n').slice(1)
  const valid = rows.map((row) => row.split('\t')).filter((cells) => cells[3] === 'valid')
  const wrong: string[] = []
  for (const [file = '', type = ''] of valid) {
    const table = messages.get(type)!
    const bytes = readFileSync(new URL(file, samples))
    const reading = read(toJson(table, table.read(bytes).document!))
    if (reading.findings.length > 0) wrong.push(`${file}: ${JSON.stringify(reading.findings[0])}`)
    else if (essence(table.write(reading.document!)) !== essence(bytes)) wrong.push(file)
  }
  assert.deepEqual(wrong, [])
  assert.ok(valid.length > 150)
})

test('everything that does not fit is found at once, with line and column', () => {
  const { table, document, findings } = read(`{"CC917C": {
  "PhaseID": "NCTS9",
  "messageSender": "NTA.AL",
  "messageSender": "NTA.XK",
  "messageType": 17,
  "Header": [{}],
  "XMLError": [
    { "errorLineNumber": "1", "errorColumnNumber": "x", "errorCode": "12", "errorText": "line\\nbreak" },
    "text"
  ],
  "__proto__": { "x": "1" }
}}`)
  assert.equal(table?.type, 'CC917C')
  assert.equal(Object.getPrototypeOf(document), Object.prototype)
  assert.deepEqual(findings.map(short), [
    ['twice', '/CC917C/messageSender', 4, 3],
    ['unknown', '/CC917C/__proto__', 11, 3],
    ['required', '/CC917C/messageRecipient', 1, 12],
    ['required', '/CC917C/preparationDateAndTime', 1, 12],
    ['required', '/CC917C/messageIdentification', 1, 12],
    ['shape', '/CC917C/messageType', 5, 18],
    ['shape', '/CC917C/Header', 6, 13],
    ['pattern', '/CC917C/XMLError[1]/errorColumnNumber', 8, 52],
    ['whiteSpace', '/CC917C/XMLError[1]/errorText', 8, 89],
    ['shape', '/CC917C/XMLError[2]', 9, 5],
    ['enumeration', '/CC917C/@PhaseID', 2, 14],
  ])
  assert.ok(findings.every(({ kind, remedy, text, code }) => kind === 'xml' && remedy && text && code))
})

test('what is no document gives one finding and no document', () => {
  for (const [text, rule, line, column] of [
    ['', 'not-json', 1, 1],
    ['{"CC015C": {}', 'not-json', 1, 14],
    ['{"CC015C": {"a": "\\x"}}', 'not-json', 1, 18],
    ['{"CC015C":\n{"a": 01}}', 'not-json', 2, 8],
    ['{"CC015C": {},}', 'not-json', 1, 15],
    ['[]', 'root', 1, 1],
    ['{}', 'root', 1, 1],
    ['{"CC999C": {}}', 'root', 1, 2],
    ['{"CC015C": {}, "CC007C": {}}', 'root', 1, 2],
    [`{"CC015C": ${'['.repeat(100_000)}`, 'not-json', 1, 75],
  ] as const) {
    const { document, findings } = read(text)
    assert.equal(document, undefined, text)
    assert.deepEqual(
      findings.map((finding) => [finding.rule, finding.line, finding.column]),
      [[rule, line, column]],
      text,
    )
  }
  assert.equal(readJson(messages, Uint8Array.of(0x22, 0xff, 0x22)).findings[0]?.text, 'The text is not UTF-8.')
})

test('an access code is never in a finding', () => {
  const { findings } = read(
    '{"CC015C": {"Guarantee": [{"GuaranteeReference": [{"accessCode": "SECRET"}, {"accessCode": 12345}]}]}}',
  )
  assert.equal(findings.filter(({ path }) => path.endsWith('/accessCode')).length, 2)
  assert.doesNotMatch(JSON.stringify(findings), /SECRET|12345/)
})

test('no more findings than a rejection can carry, and a list past its limit is named where it passes', () => {
  const many = Array.from({ length: 12 }, () => '{}').join(',')
  const { findings } = read(`{"CC015C": {"Guarantee": [${many}]}}`)
  assert.deepEqual(findings.find(({ rule }) => rule === 'maxOccurs')?.path, '/CC015C/Guarantee[10]')
  const names = Array.from({ length: 10_500 }, (_, at) => `"x${at}": ""`).join(',')
  assert.equal(read(`{"CC015C": {${names}}}`).findings.length, 9999)
})

test('choices, sequences, attributes and bounds: what is wrong is said with its place', () => {
  const own = notationMessages()
  const { 'ram:Seller': _, ...others } = notationDocument
  const form = {
    TEST1: {
      ...others,
      '@version': undefined,
      DueDate: '2026-11-24',
      Place: undefined,
      Total: [{ '@currencyID': 'EUR' }],
      Line: [{ Number: '1', Quantity: '1', Weight: '1' }, {}],
      Payment: {},
    },
  }
  const { findings } = readJson(own, encoder.encode(JSON.stringify(form)))
  assert.deepEqual(
    findings.map(({ rule, path }) => [rule, path]),
    [
      ['required', '/TEST1/@version'],
      ['required', '/TEST1/ram:Seller'],
      ['minOccurs', '/TEST1/Total[1]'],
      ['required', '/TEST1/Total[1]'],
      ['choice', '/TEST1/Days'],
      ['required', '/TEST1/Place'],
      ['choice', '/TEST1/Line[1]/Weight'],
      ['required', '/TEST1/Line[2]/Number'],
      ['required', '/TEST1/Payment'],
    ],
  )
  assert.equal(findings.at(-1)?.allowed, 'Cash or Card')
})

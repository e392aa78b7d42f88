import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadMessages } from '../../test/tables.ts'
import type { Finding } from '../index.ts'

const messages = loadMessages()
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const open = '<n:CC928C xmlns:n="http://ncts.dgtaxud.ec">'
const header = `<messageSender>NTA.AL</messageSender>
<messageRecipient>ALK12345678A</messageRecipient>
<preparationDateAndTime>2026-11-24T14:00:00</preparationDateAndTime>
<messageIdentification>1</messageIdentification>
<messageType>CC928C</messageType>
`
const body = `<TransitOperation><LRN>L1</LRN></TransitOperation>
<CustomsOfficeOfDeparture><referenceNumber>AL000101</referenceNumber></CustomsOfficeOfDeparture>
<HolderOfTheTransitProcedure><identificationNumber>ALK1</identificationNumber></HolderOfTheTransitProcedure>`

const read = (text: string) => messages.get('CC928C')!.read(bytes(text))
const short = ({ rule, code, path, line }: Finding): unknown[] => [rule, code, path, line]

test('a right document becomes its JSON form', () => {
  const { document, findings } = read(`${open}${header}${body}</n:CC928C>`)
  assert.deepEqual(findings, [])
  assert.deepEqual(document, {
    messageSender: 'NTA.AL',
    messageRecipient: 'ALK12345678A',
    preparationDateAndTime: '2026-11-24T14:00:00',
    messageIdentification: '1',
    messageType: 'CC928C',
    TransitOperation: { LRN: 'L1' },
    CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' },
    HolderOfTheTransitProcedure: { identificationNumber: 'ALK1' },
  })
})

test('what may repeat is an array, also when it occurs once', () => {
  const table = messages.get('CC015C')!
  const text =
    '<n:CC015C xmlns:n="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"><Guarantee><guaranteeType>1</guaranteeType></Guarantee></n:CC015C>'
  assert.deepEqual(table.read(bytes(text)).document, { PhaseID: 'NCTS5.1', Guarantee: [{ guaranteeType: '1' }] })
})

test('everything that is wrong is found at once, each with its place', () => {
  const { document, findings } = read(`${open}${header}<TransitOperation>
<LRN>12345678901234567890123</LRN>
<LRN>again</LRN>
<MRN>26AL000101000001J5</MRN>
</TransitOperation>
<HolderOfTheTransitProcedure Id="1">text</HolderOfTheTransitProcedure>
<CustomsOfficeOfDeparture><referenceNumber>al000101</referenceNumber></CustomsOfficeOfDeparture>
</n:CC928C>`)
  assert.deepEqual(findings.map(short), [
    ['maxLength', '39', '/CC928C/TransitOperation/LRN', 7],
    ['maxOccurs', '35', '/CC928C/TransitOperation/LRN', 8],
    ['unknown', '15', '/CC928C/TransitOperation/MRN', 9],
    ['attribute', '15', '/CC928C/HolderOfTheTransitProcedure', 11],
    ['text', '15', '/CC928C/HolderOfTheTransitProcedure', 11],
    ['order', '15', '/CC928C/CustomsOfficeOfDeparture', 12],
    ['pattern', '51', '/CC928C/CustomsOfficeOfDeparture/referenceNumber', 12],
  ])
  assert.equal(findings[0]?.value, '12345678901234567890123')
  assert.equal(findings[0]?.allowed, '1 to 22 characters')
  assert.ok(findings.every(({ kind, remedy, text, column }) => kind === 'xml' && remedy && text && column! > 0))
  assert.deepEqual(document?.['TransitOperation'], { LRN: '12345678901234567890123' })
})

test('what is missing is named where it is missing', () => {
  const { findings } = read(`${open}${header}<TransitOperation/></n:CC928C>`)
  assert.deepEqual(findings.map(short), [
    ['required', '13', '/CC928C/TransitOperation/LRN', 6],
    ['required', '13', '/CC928C/CustomsOfficeOfDeparture', 1],
    ['required', '13', '/CC928C/HolderOfTheTransitProcedure', 1],
  ])
})

test('what is no document of this message gives one finding and no document', () => {
  for (const [text, rule, code] of [
    ['', 'not-well-formed', '52'],
    [`${open}${header}`, 'not-well-formed', '52'],
    [`<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>${open}&e;</n:CC928C>`, 'doctype', '52'],
    ['<CC928C/>', 'root', '15'],
    ['<n:CC015C xmlns:n="http://ncts.dgtaxud.ec"/>', 'root', '15'],
  ] as const) {
    const { document, findings } = read(text)
    assert.equal(document, undefined)
    assert.deepEqual(
      findings.map((finding) => [finding.rule, finding.code]),
      [[rule, code]],
      text,
    )
  }
})

test('an element called __proto__ is unknown and changes nothing', () => {
  const { document, findings } = read(`${open}${header}<__proto__><LRN>1</LRN></__proto__>${body}</n:CC928C>`)
  assert.deepEqual(findings.map(short), [['unknown', '15', '/CC928C/__proto__', 6]])
  assert.equal(Object.getPrototypeOf(document), Object.prototype)
})

test('no more findings than a rejection can carry', () => {
  const { findings } = read(`${open}${header}${'<x/>'.repeat(10_500)}${body}</n:CC928C>`)
  assert.equal(findings.length, 9999)
})

test('an access code is never in a finding', () => {
  const text =
    '<n:CC015C xmlns:n="http://ncts.dgtaxud.ec"><Guarantee><GuaranteeReference><accessCode>SECRET</accessCode></GuaranteeReference></Guarantee></n:CC015C>'
  const { findings } = messages.get('CC015C')!.read(bytes(text))
  assert.ok(findings.some(({ path }) => path.endsWith('/accessCode')))
  assert.ok(!JSON.stringify(findings).includes('SECRET'))
})

const identify = (text: string) => messages.identify(bytes(text))

test('the type of a document is looked up in its first bytes', () => {
  assert.deepEqual(identify(`\ufeff<?xml version="1.0"?>\n<!-- a > b -->\n${open}`), { root: 'CC928C', type: 'CC928C' })
  assert.deepEqual(identify('<CC999C/>'), { root: 'CC999C', type: undefined })
  assert.deepEqual(identify('{"CC928C":1}'), { root: undefined, type: undefined })
  assert.deepEqual(identify('<!DOCTYPE x><CC928C/>'), { root: undefined, type: undefined })
})

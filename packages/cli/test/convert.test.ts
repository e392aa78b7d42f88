import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corridor } from './run.ts'

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<ncts:CC928C xmlns:ncts="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"><messageSender>NTA.AL</messageSender><messageRecipient>ALK12345678A</messageRecipient><preparationDateAndTime>2026-11-24T14:00:00</preparationDateAndTime><messageIdentification>000100</messageIdentification><messageType>CC928C</messageType><TransitOperation><LRN>00.10</LRN></TransitOperation><CustomsOfficeOfDeparture><referenceNumber>AL000101</referenceNumber></CustomsOfficeOfDeparture><HolderOfTheTransitProcedure><identificationNumber>ALK1</identificationNumber></HolderOfTheTransitProcedure></ncts:CC928C>
`

test('XML to JSON to XML gives the same bytes', async () => {
  const json = await corridor(['convert', '-', '--to', 'json'], xml)
  assert.equal(json.code, 0)
  const form = JSON.parse(json.out) as { CC928C: { messageIdentification: string; TransitOperation: { LRN: string } } }
  assert.equal(form.CC928C.messageIdentification, '000100')
  assert.equal(form.CC928C.TransitOperation.LRN, '00.10')
  const back = await corridor(['convert', '-', '--to', 'xml'], json.out)
  assert.deepEqual([back.code, back.out], [0, xml])
})

test('a document with an error is not converted, not even in part', async () => {
  for (const input of [
    xml.replace('<LRN>00.10</LRN>', ''),
    '{"CC928C": {"messageSender": 1}}',
    '',
    'hello',
    '<CC999C/>',
  ]) {
    const { code, out, err } = await corridor(['convert', '-', '--to', 'json'], input)
    assert.deepEqual([code, out], [1, ''], input)
    assert.match(err, /remedy/)
  }
})

test('wrong usage is 2', async () => {
  for (const typed of [[], ['x.xml'], ['x.xml', '--to', 'yaml'], ['a.xml', 'b.xml', '--to', 'json']])
    assert.equal((await corridor(['convert', ...typed])).code, 2)
})

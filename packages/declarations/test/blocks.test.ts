import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { compileCodeLists, type Doc } from '@corridor/customs'
import { compileBlocks } from '../src/index.ts'
import { elementOf, leaves } from '../src/doc.ts'
import { exampleExport } from './example.ts'
import { blocks, blockTexts } from './tables.ts'

const textOfBytes = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const declarationOf = (block: Doc): Doc => block['Declaration'] as Doc
const shipmentOf = (block: Doc): Doc => declarationOf(block)['GoodsShipment'] as Doc

test('a block is read from JSON and from XML, and both are written back to the same bytes', () => {
  const block = exampleExport()
  const json = blocks.write(block)
  const fromJson = blocks.read(json)
  assert.deepEqual(fromJson, { edition: '1.1', block: fromJson.block, findings: [], unknown: [] })
  assert.deepEqual(blocks.write(fromJson.block!), json)
  const xml = blocks.writeXml(block)
  const fromXml = blocks.read(xml)
  assert.deepEqual(fromXml.findings, [])
  assert.deepEqual(blocks.write(fromXml.block!), json)
  assert.deepEqual(blocks.writeXml(fromXml.block!), xml)
})

test('the canonical bytes do not depend on the order in which a block was put together', () => {
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([name, each]) => [name, turned(each)]),
          )
        : value
  const digest = (block: Doc): string => createHash('sha256').update(blocks.write(block)).digest('hex')
  assert.equal(digest(turned(exampleExport()) as Doc), digest(exampleExport()))
  assert.match(
    textOfBytes(blocks.write(exampleExport())),
    /^\{"UtilityBlock":\{"AgencyAssignedCustomizationVersionCode":"1\.1",/,
  )
})

test('every element of the table has a meaning and either an id of the WCO or none in the sources', () => {
  const without = blocks.elements.filter(({ format, meaning }) => format !== '' && meaning === '')
  assert.deepEqual(without, [])
  const unknownIds = blocks.elements
    .filter(({ path, wco, name }) => path.startsWith('Declaration') && wco === '' && !name.startsWith('@'))
    .map(({ path }) => path)
  // The schema that the ids are from has none for this one.
  assert.deepEqual(unknownIds, [
    'Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Classification/IdentificationTypeCode',
  ])
})

test('a reader of an older edition takes from a newer one what it knows, and names what it does not', () => {
  const block = exampleExport()
  for (const bytes of [blocks.write(block), blocks.writeXml(block)]) {
    const { edition, findings, unknown, block: known } = blocks.read(bytes, '1.0')
    assert.equal(edition, '1.1')
    assert.deepEqual(findings, [])
    assert.deepEqual(unknown, ['/UtilityBlock/Declaration/GoodsShipment/ExitDateTime'])
    assert.equal(leaves(known!).length, leaves(block).length - 1)
  }
  // What is wrong with an element that it knows is found all the same.
  shipmentOf(block)['Destination'] = { CountryCode: 'South Africa' }
  assert.deepEqual(
    blocks.read(bytesOf(JSON.stringify({ UtilityBlock: block })), '1.0').findings.map(({ rule }) => rule),
    ['maxLength'],
  )
})

test('an edition with another main number is refused, because its elements may mean something else', () => {
  const block = { ...exampleExport(), AgencyAssignedCustomizationVersionCode: '2.0' }
  const { edition, findings, block: read } = blocks.read(bytesOf(JSON.stringify({ UtilityBlock: block })))
  assert.deepEqual([edition, read, findings.length], ['2.0', undefined, 1])
  assert.match(findings[0]!.remedy, /edition 1\.1/)
  assert.throws(() => blocks.write(block), { code: 'bad-value' })
  const next = { ...exampleExport(), AgencyAssignedCustomizationVersionCode: '1.9', Novelty: 'x' }
  const newer = blocks.read(bytesOf(JSON.stringify({ UtilityBlock: next })))
  assert.deepEqual([newer.edition, newer.findings, newer.unknown], ['1.9', [], ['/UtilityBlock/Novelty']])
})

test('a block of an older edition is read by its own table, where what came later is an error', () => {
  const block = { ...exampleExport(), AgencyAssignedCustomizationVersionCode: '1.0' }
  const { findings, unknown } = blocks.read(bytesOf(JSON.stringify({ UtilityBlock: block })))
  assert.deepEqual(
    [findings.map(({ rule, path }) => [rule, path]), unknown],
    [[['unknown', '/UtilityBlock/Declaration/GoodsShipment/ExitDateTime']], []],
  )
})

test('a block for a partner with an older edition leaves out what that does not have, and says what', () => {
  const { block, left } = blocks.toEdition(exampleExport(), '1.0')
  assert.deepEqual(left, [{ path: 'Declaration/GoodsShipment/ExitDateTime', value: '2026-11-02T11:40:00' }])
  assert.deepEqual(blocks.read(blocks.write(block), '1.0'), { edition: '1.0', block, findings: [], unknown: [] })
  assert.throws(() => blocks.toEdition(exampleExport(), '3.0'))
})

const broken: [string, string, (block: Doc) => void][] = [
  ['U001', 'Declaration/GoodsItemQuantity', (block) => (declarationOf(block)['GoodsItemQuantity'] = '3')],
  [
    'U002',
    'Declaration/TotalGrossMassMeasure',
    (block) => (declarationOf(block)['TotalGrossMassMeasure'] = '21500.51'),
  ],
  ['U003', 'Declaration/TotalPackageQuantity', (block) => (declarationOf(block)['TotalPackageQuantity'] = '841')],
  [
    'U004',
    'Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/GoodsMeasure/NetNetWeightMeasure',
    (block) => (measureOf(block, 1)['NetNetWeightMeasure'] = '3500.6'),
  ],
  [
    'U005',
    'Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/SequenceNumeric',
    (block) => (itemsOf(block)[1]!['SequenceNumeric'] = '3'),
  ],
  [
    'U006',
    'Declaration/InvoiceAmount',
    (block) => (declarationOf(block)['InvoiceAmount'] = { '#text': '48200.51', '@currencyID': 'ZAR' }),
  ],
  [
    'U007',
    'Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/ID',
    (block) =>
      ((itemsOf(block)[0]!['Commodity'] as Doc)['Classification'] = [{ ID: 'PINES', IdentificationTypeCode: 'HS' }]),
  ],
  [
    'U008',
    'Declaration/GoodsShipment/Destination/CountryCode',
    (block) => (shipmentOf(block)['Destination'] = { CountryCode: 'SZ' }),
  ],
  ['U009', 'Declaration/Exporter', (block) => delete declarationOf(block)['Exporter']],
  ['U010', 'Declaration/ID', (block) => delete declarationOf(block)['ID']],
  [
    'U011',
    'Declaration/GoodsShipment/Consignment/ContainerCode',
    (block) => ((shipmentOf(block)['Consignment'] as Doc)['ContainerCode'] = '0'),
  ],
]
const itemsOf = (block: Doc): Doc[] => shipmentOf(block)['GovernmentAgencyGoodsItem'] as Doc[]
const measureOf = (block: Doc, at: number): Doc => (itemsOf(block)[at]!['Commodity'] as Doc)['GoodsMeasure'] as Doc

for (const [rule, path, breaks] of broken)
  test(`${rule} is found where it is broken, and nothing else`, () => {
    const block = exampleExport()
    breaks(block)
    const findings = blocks.check(block)
    assert.deepEqual(
      findings.map((finding) => [finding.rule, finding.path]),
      [[rule, `/UtilityBlock/${path}`]],
    )
    assert.ok(findings[0]!.remedy.length > 10 && findings[0]!.text.length > 10)
  })

test('every rule of the table has a document that breaks it', () => {
  assert.deepEqual(
    broken.map(([rule]) => rule),
    blocks.rules.map(({ id }) => id),
  )
})

test('what is no block is told as findings with line and column, whatever the bytes', () => {
  const wrong: [string, string][] = [
    ['', 'not-json'],
    ['{', 'not-json'],
    ['{"Block":{}}', 'root'],
    ['{"UtilityBlock":[]}', 'shape'],
    ['<?xml version="1.0"?><!DOCTYPE a><a/>', ''],
    ['{"UtilityBlock":{"WCOTypeName":1}}', 'required'],
  ]
  for (const [text, rule] of wrong) {
    const { findings } = blocks.read(bytesOf(text))
    assert.ok(findings.length > 0 && findings.every(({ line }) => line !== undefined), text)
    if (rule !== '')
      assert.ok(
        findings.some((finding) => finding.rule === rule),
        `${text}: ${findings.map((each) => each.rule).join()}`,
      )
  }
})

test('a table in which a later edition asks for more than the one before stops at the start', () => {
  const texts = blockTexts()
  const asking = texts.elements.replace('3\tExitDateTime\tO\t', '3\tExitDateTime\tR\t')
  assert.throws(() => compileBlocks({ ...texts, elements: asking }), { code: 'table-syntax', message: /ExitDateTime/ })
  const stray = texts.elements.replace('\t024\t1.1\t', '\t024\t1.7\t')
  assert.throws(() => compileBlocks({ ...texts, elements: stray }), { code: 'table-syntax', message: /edition 1\.7/ })
})

test('paths of leaves lead to the elements of the table', () => {
  for (const { path, element } of leaves(exampleExport())) {
    assert.equal(elementOf(path), element)
    assert.ok(blocks.element(element), element)
  }
})

test('codes are looked up in the lists of the day; lists that are not there are not missed', () => {
  const lists = compileCodeLists({
    CL008:
      '#list\tCL008\n#name\tCountries\n#source\ttest\n#version\t2026-01-01\ncode\tvalidFrom\tvalidTo\ttext_en\nSZ\t2020-01-01\t\tEswatini\n',
  })
  const found = blocks.checkCodes(exampleExport(), lists, '2026-11-30')
  assert.deepEqual(
    found.map(({ rule, path, value }) => [rule, path, value]),
    [
      ['CL008', '/UtilityBlock/Declaration/GoodsShipment/Consignee/Address/CountryCode', 'ZA'],
      ['CL008', '/UtilityBlock/Declaration/GoodsShipment/Destination/CountryCode', 'ZA'],
    ],
  )
  assert.match(found[0]!.remedy, /CL008 \(Countries\) that is valid on 2026-11-30/)
})

test('a part of a block has what is wanted and the keys around it, nothing else, and is read as a part', () => {
  const wanted = [
    'Declaration/GoodsShipment/UCR',
    'Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Classification',
    'Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/InvoiceLine/ItemChargeAmount',
  ]
  const part = blocks.only(exampleExport(), wanted)
  const item = 'Declaration/GoodsShipment/GovernmentAgencyGoodsItem'
  assert.deepEqual(
    new Set(leaves(part).map(({ element }) => element)),
    new Set([
      'WCODataModelVersionCode',
      'WCOTypeName',
      'ResponsibleCountryCode',
      'AgencyAssignedCustomizationVersionCode',
      `${item}/SequenceNumeric`,
      `${item}/Commodity/Classification/ID`,
      `${item}/Commodity/Classification/IdentificationTypeCode`,
      `${item}/Commodity/InvoiceLine/ItemChargeAmount`,
      `${item}/Commodity/InvoiceLine/ItemChargeAmount/@currencyID`,
      'Declaration/GoodsShipment/UCR/ID',
      'Declaration/GoodsShipment/UCR/TraderAssignedReferenceID',
    ]),
  )
  const bytes = blocks.write(part)
  assert.ok(!textOfBytes(bytes).includes('Malkerns'))
  assert.deepEqual(blocks.partial(bytes), {
    edition: '1.1',
    block: blocks.partial(bytes).block,
    findings: [],
    unknown: [],
  })
  assert.deepEqual(blocks.write(blocks.partial(bytes).block!), bytes)
  assert.ok(blocks.read(bytes).findings.some(({ rule }) => rule === 'required'))
  assert.throws(() => blocks.only(exampleExport(), ['Declaration/Exporter/Nmae']), { code: 'bad-value' })
})

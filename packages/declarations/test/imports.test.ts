import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Doc } from '@corridor/customs'
import { forAll } from '../../customs/test/random.ts'
import { compact, leaves, putAt } from '../src/doc.ts'
import { changesOf, compileImports } from '../src/index.ts'
import { chanceBlock } from './chance-blocks.ts'
import { exampleExport } from './example.ts'
import { blocks, formNames, formOf, imports, textOf } from './tables.ts'

const southAfrica = { country: 'ZA', agency: 'South African Revenue Service' }

/** The draft of the example; the test fails when there is none. */
function draftOf(exported: Doc = exampleExport()) {
  const outcome = imports.importFrom(exported, southAfrica)
  assert.equal(outcome.kind, 'draft')
  if (outcome.kind !== 'draft') throw new Error('no draft')
  return outcome
}
const hasAttributes = (element: string): boolean => blocks.element(`${element}/@currencyID`) !== undefined
const put = (block: Doc, path: string, value: string): void => putAt(block, path, value, hasAttributes)
const said = (block: Doc): Map<string, string> => new Map(leaves(block).map(({ path, value }) => [path, value]))
const item = 'Declaration/GoodsShipment/GovernmentAgencyGoodsItem'

test('the import begins with what both declarations have in common, its parties turned', () => {
  const { draft } = draftOf()
  const values = said(draft)
  const expected: [string, string][] = [
    ['ResponsibleCountryCode', 'ZA'],
    ['Declaration/TypeCode', 'IM'],
    ['Declaration/InvoiceAmount', '48200.50'],
    ['Declaration/GoodsShipment/Consignor/Name', 'Malkerns Fruit Canners'],
    ['Declaration/GoodsShipment/Importer/ID', '21309999'],
    ['Declaration/GoodsShipment/ExportCountry/ID', 'SZ'],
    ['Declaration/GoodsShipment/Destination/CountryCode', 'ZA'],
    ['Declaration/GoodsShipment/UCR/ID', '6SZ200300400-MFC88123'],
    ['Declaration/GoodsShipment/Consignment/ArrivalTransportMeans/ID', 'JSD 117 AM'],
    [`${item}[2]/Commodity/Classification[1]/ID`, '200912'],
    [`${item}[2]/GovernmentProcedure[1]/CurrentCode`, '40'],
    [`${item}[2]/Commodity/InvoiceLine/ItemChargeAmount`, '8200'],
    [`${item}[2]/PreviousDocument[1]/ID`, '2026 SZNGW E 4711'],
    [`${item}[2]/PreviousDocument[1]/LineNumeric`, '2'],
  ]
  for (const [path, value] of expected) assert.equal(values.get(path), value, path)
  for (const path of [
    'Declaration/ID',
    'Declaration/ExitOffice/ID',
    'Declaration/Declarant/Name',
    `${item}[1]/StatisticalValueAmount`,
  ])
    assert.equal(values.get(path), undefined, path)
})

test('what the importer must complete is listed, with what it means; with it the declaration is right', () => {
  const { draft, complete, left } = draftOf()
  assert.deepEqual(
    complete.map(({ path }) => path.replace(item, 'item')),
    [
      'Declaration/FunctionalReferenceID',
      'Declaration/DeclarationOfficeID',
      'Declaration/Declarant',
      'Declaration/GoodsShipment/Consignment/GoodsLocation/ID',
      ...['[1]', '[2]'].flatMap((at) => [
        `item${at}/CustomsValueAmount`,
        `item${at}/Commodity/Classification[1]/ID`,
        `item${at}/CustomsValuation/MethodCode`,
      ]),
    ],
  )
  assert.ok(complete.every(({ meaning, why }) => meaning !== '' && why !== ''))
  assert.ok(left.some(({ element }) => element === 'Declaration/ExitOffice'))
  put(draft, 'Declaration/FunctionalReferenceID', 'NG-88')
  put(draft, 'Declaration/DeclarationOfficeID', 'ZAJPR')
  put(draft, 'Declaration/Declarant/ID', '21300001')
  assert.deepEqual(blocks.check(draft), [])
})

test('the draft goes through every form of a national system', () => {
  const { draft } = draftOf()
  put(draft, 'Declaration/FunctionalReferenceID', 'NG-88')
  put(draft, 'Declaration/DeclarationOfficeID', 'ZAJPR')
  put(draft, 'Declaration/Declarant/ID', '21300001')
  for (const name of formNames) {
    const form = formOf(name)
    const facts = { country: 'ZA', currency: 'ZAR' }
    const { findings, block } = form.read(form.write(draft, facts).bytes, facts)
    assert.deepEqual(findings, [], name)
    for (const path of [
      'Declaration/GoodsShipment/UCR/ID',
      `${item}[1]/PreviousDocument[1]/ID`,
      'Declaration/GoodsShipment/Importer/Name',
    ])
      assert.equal(said(block!).get(path), said(draft).get(path), `${name} ${path}`)
  }
})

test('an import, a cancellation and goods for elsewhere begin no import', () => {
  const change = (path: string, value: string): Doc => {
    const block = exampleExport()
    put(block, path, value)
    return block
  }
  assert.deepEqual(imports.importFrom(change('Declaration/TypeCode', 'IM'), southAfrica), { kind: 'no-export' })
  assert.deepEqual(imports.importFrom(change('Declaration/FunctionCode', '1'), southAfrica), { kind: 'no-export' })
  assert.deepEqual(imports.importFrom(exampleExport(), { country: 'LS' }), { kind: 'not-for-here', destination: 'ZA' })
})

test('a procedure that the table does not know is for the importer to complete; an administration may give its own table', () => {
  const exported = exampleExport()
  put(exported, `${item}[1]/GovernmentProcedure[1]/CurrentCode`, '77')
  const { draft, complete } = draftOf(exported)
  assert.equal(said(draft).get(`${item}[1]/GovernmentProcedure[1]/CurrentCode`), undefined)
  assert.ok(complete.some(({ path }) => path === `${item}[1]/GovernmentProcedure[1]/CurrentCode`))
  const codes = 'list\texport\timport\nflow\tEX\tIM\nprocedure\t77 00\t45 00\n'
  const own = imports.importFrom(exported, { ...southAfrica, codes })
  assert.equal(own.kind === 'draft' && said(own.draft).get(`${item}[1]/GovernmentProcedure[1]/CurrentCode`), '45')
})

test('documents that count at export only stay there', () => {
  const exported = exampleExport()
  for (const [at, type] of ['811', '861'].entries()) {
    put(exported, `${item}[1]/AdditionalDocument[${at + 1}]/TypeCode`, type)
    put(exported, `${item}[1]/AdditionalDocument[${at + 1}]/ID`, `N ${type}`)
  }
  const values = said(draftOf(exported).draft)
  assert.equal(values.get(`${item}[1]/AdditionalDocument[1]/TypeCode`), '861')
  assert.equal(values.get(`${item}[1]/AdditionalDocument[2]/TypeCode`), undefined)
})

test('what the importer changed is told element by element, wherever the items have moved to', () => {
  const { draft } = draftOf()
  const lodged = structuredClone(draft)
  put(lodged, 'Declaration/ID', 'JPR 2026 I 900')
  put(lodged, 'Declaration/DeclarationOfficeID', 'ZAJPR')
  put(lodged, 'Declaration/TotalGrossMassMeasure', '21500.50')
  put(lodged, `${item}[2]/Commodity/GoodsMeasure/NetNetWeightMeasure`, '3100')
  const items = ((lodged['Declaration'] as Doc)['GoodsShipment'] as Doc)['GovernmentAgencyGoodsItem'] as Doc[]
  items.reverse()
  put(lodged, `${item}[3]/SequenceNumeric`, '3')
  delete ((lodged['Declaration'] as Doc)['GoodsShipment'] as Doc)['Invoice']
  assert.deepEqual(
    changesOf(draft, lodged, blocks, imports.tables).map(({ path, kind, was, is }) => [
      path.replace(item, 'item'),
      kind,
      was,
      is,
    ]),
    [
      ['Declaration/GoodsShipment/Invoice/ID', 'removed', 'MFC 88123', undefined],
      ['Declaration/GoodsShipment/Invoice/IssueDateTime', 'removed', '2026-10-30T00:00:00', undefined],
      ['item[1]/Commodity/GoodsMeasure/NetNetWeightMeasure', 'changed', '3300', '3100'],
      ['item[3]/SequenceNumeric', 'completed', undefined, '3'],
      ['Declaration/DeclarationOfficeID', 'completed', undefined, 'ZAJPR'],
    ],
  )
})

test('a declaration lodged as it was begun has no changes, whatever is in it', (t) => {
  forAll(t, 100, (drawn) => {
    const block = compact(chanceBlock(drawn))
    assert.deepEqual(changesOf(block, structuredClone(block), blocks, imports.tables), [])
    const other = compact(chanceBlock(drawn))
    const changes = changesOf(block, other, blocks, imports.tables)
    for (const { was, is } of changes) assert.notEqual(was, is)
  })
})

test('a table that says nothing of an element of the block stops at the start', () => {
  const texts = {
    draft: textOf('imports/draft.tsv'),
    codes: textOf('imports/codes.tsv'),
    documents: textOf('imports/documents.tsv'),
  }
  const without = texts.draft
    .split('\n')
    .filter((line) => !line.includes('/Warehouse'))
    .join('\n')
  assert.throws(() => compileImports({ ...texts, draft: without }, blocks), {
    code: 'table-reference',
    message: /Warehouse\/ID/,
  })
})

test('a path of a block of a newer edition reaches nothing outside of the document, and nothing in its way is a fault', () => {
  const block: Doc = {}
  for (const name of ['__proto__', 'constructor', 'prototype', 'constructor/prototype'])
    put(block, `Declaration/${name}/corridorTest`, 'x')
  put(block, 'Declaration/TypeCode[4000000000]/ID', 'x')
  assert.equal(({} as Record<string, unknown>)['corridorTest'], undefined)
  assert.equal((Object as unknown as Record<string, unknown>)['corridorTest'], undefined)
  put(block, 'Declaration/toString/valueOf', 'own')
  put(block, 'Declaration/ID', 'N')
  put(block, 'Declaration/ID/@newer', 'a')
  put(block, 'Declaration/ID', 'M')
  put(block, 'Declaration/ID[1]/Below', 'nowhere')
  assert.deepEqual(compact(block), {
    Declaration: { toString: { valueOf: 'own' }, ID: { '#text': 'M', '@newer': 'a' } },
  })
})

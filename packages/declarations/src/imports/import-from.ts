/** The import declaration begun from an export declaration: what both have in common is there, what the importer must add is listed. */
import type { Doc } from '@corridor/customs'
import type { Block, UtilityBlocks } from '../blocks/blocks.ts'
import { compact, copyOf, groupsAt, textAt } from '../doc.ts'
import { parseCommodity } from '../values/commodity.ts'
import { type DraftRow, type DraftTables, type ImportTexts, readCodes, readDraftTables } from './draft-table.ts'

/** What a draft needs beside the export. */
export interface ImportFacts {
  /** of import, ISO 3166 alpha-2 */
  readonly country: string
  /** its administration, for people */
  readonly agency?: string
  /** its own `codes.tsv` instead of that of this room */
  readonly codes?: string
}

/** Something that the importer must add, or look at again. */
export interface ToComplete {
  /** of the block; the groups above it may not be there yet */
  readonly path: string
  /** what the element means */
  readonly meaning: string
  readonly why: string
}

/** What came of an export. */
export type ImportOutcome =
  | {
      readonly kind: 'draft'
      readonly draft: Block
      readonly complete: readonly ToComplete[]
      /** what the export says and the import does not, with the reason */
      readonly left: readonly { readonly element: string; readonly why: string }[]
    }
  /** an import, or a cancellation */
  | { readonly kind: 'no-export' }
  /** the goods go to another country */
  | { readonly kind: 'not-for-here'; readonly destination: string }

/** Begins imports. */
export interface Imports {
  readonly tables: DraftTables
  importFrom(exported: Block, facts: ImportFacts): ImportOutcome
}

/** Compiles the tables of imports. Throws CustomsFault with table and line. */
export function compileImports(texts: ImportTexts, blocks: UtilityBlocks): Imports {
  const tables = readDraftTables(texts, blocks.elements)
  return { tables, importFrom: (exported, facts) => importFrom(exported, facts, tables, blocks) }
}

const shipment = 'Declaration/GoodsShipment'
const itemsOf = `${shipment}/GovernmentAgencyGoodsItem`

/** UN/EDIFACT 1001: goods declaration for exportation. */
const exportDeclaration = '830'

function importFrom(exported: Block, facts: ImportFacts, tables: DraftTables, blocks: UtilityBlocks): ImportOutcome {
  const codes = facts.codes === undefined ? tables.codes : readCodes(facts.codes)
  const flow = codes.get('flow')?.get(textAt(exported, 'Declaration/TypeCode')?.slice(0, 2) ?? '')
  if (flow === undefined || textAt(exported, 'Declaration/FunctionCode') === '1') return { kind: 'no-export' }
  const destination = textAt(exported, `${shipment}/Destination/CountryCode`) ?? ''
  if (destination !== facts.country) return { kind: 'not-for-here', destination }
  const begun: Begun = { exported, draft: {}, facts, tables, codes, complete: [], left: [] }
  const inItem = `${itemsOf}/`
  for (const row of tables.rows) if (!row.from.startsWith(inItem)) begin(row, begun, exported, begun.draft, '')
  const items = groupsAt(exported, itemsOf).map((item, at) => {
    const own: Doc = {}
    for (const row of tables.rows)
      if (row.from.startsWith(inItem)) begin(inside(row, inItem), begun, item, own, `${itemsOf}[${at + 1}]/`)
    return own
  })
  const target = ((begun.draft['Declaration'] as Doc)['GoodsShipment'] ??= {}) as Doc
  target['GovernmentAgencyGoodsItem'] = items
  const draft = compact(begun.draft)
  return { kind: 'draft', draft, complete: allToComplete(begun.complete, draft, blocks), left: begun.left }
}

interface Begun {
  readonly exported: Block
  readonly draft: Doc
  readonly facts: ImportFacts
  readonly tables: DraftTables
  readonly codes: DraftTables['codes']
  readonly complete: { path: string; why: string }[]
  readonly left: { element: string; why: string }[]
}

const inside = (row: DraftRow, above: string): DraftRow => ({
  ...row,
  from: row.from.slice(above.length),
  to: row.to.slice(above.length),
})

/** One row for one group: `from` and `to` are paths below it, `above` is where it stands. */
function begin(row: DraftRow, begun: Begun, source: Doc, target: Doc, above: string): void {
  const { how, from, to, argument, why } = row
  const value = valueAt(source, from)
  switch (how) {
    case 'registered':
      return
    case 'left':
      if (value !== undefined) leave(begun, from, why)
      return
    case 'complete':
      begun.complete.push({ path: above + to, why })
      return
    case 'is':
      put(target, to, argument)
      return
    case 'fact':
      put(target, to, begun.facts[argument as 'country' | 'agency'])
      return
    case 'same':
      if (valueAt(target, to) === undefined) put(target, to, value)
      return
    default:
      made(row, begun, source, target, above)
  }
}

function leave({ left }: Begun, element: string, why: string): void {
  if (!left.some((each) => each.element === element)) left.push({ element, why })
}

/** What is neither taken as it is nor left out. */
function made({ how, from, to, argument, why }: DraftRow, begun: Begun, source: Doc, target: Doc, above: string): void {
  const groups = groupsAt(source, from)
  if (how === 'without') {
    const kept = groups.map(({ [argument]: _out, ...rest }) => rest)
    if (kept.length > 0) put(target, to, kept)
    if (groups.some((group) => group[argument] !== undefined)) leave(begun, `${from}/${argument}`, why)
  } else if (how === 'code' && argument === 'procedure') {
    const own = groups.slice(0, 1).flatMap((group) => procedureOf(group, begun.codes))
    if (own.length > 0) put(target, to, own)
    else
      begun.complete.push({
        path: `${above}${to}[1]/CurrentCode`,
        why: 'no counterpart of the procedure at export is known',
      })
  } else if (how === 'code') {
    put(target, to, begun.codes.get(argument)?.get(textAt(source, from)?.slice(0, 2) ?? ''))
  } else if (how === 'documents') {
    const kept = groups.filter((group) => !begun.tables.exportDocuments.has(textAt(group, 'TypeCode') ?? ''))
    if (kept.length > 0) put(target, to, kept)
  } else if (how === 'subheading') {
    const code = groups.map((group) => parseCommodity(textAt(group, 'ID') ?? '')).find(({ ok }) => ok)
    if (code?.ok === true) put(target, to, [{ ID: code.commodity.subheading, IdentificationTypeCode: 'HS' }])
    begun.complete.push({ path: `${above}${to}[1]/ID`, why })
  } else {
    const id = textAt(begun.exported, 'Declaration/ID')
    const line = textAt(source, 'SequenceNumeric')
    if (id !== undefined)
      put(target, to, [{ ID: id, TypeCode: exportDeclaration, ...(line !== undefined && { LineNumeric: line }) }])
  }
}

function procedureOf(group: Doc, codes: DraftTables['codes']): Doc[] {
  const [current = '', before = '00'] = [textAt(group, 'CurrentCode'), textAt(group, 'PreviousCode')]
  const [CurrentCode, PreviousCode] = codes.get('procedure')?.get(`${current} ${before}`)?.split(' ') ?? []
  return CurrentCode === undefined ? [] : [{ CurrentCode, ...(PreviousCode !== undefined && { PreviousCode }) }]
}

/** What the table says, and what the block requires and the draft does not have. */
function allToComplete(said: Begun['complete'], draft: Block, blocks: UtilityBlocks): ToComplete[] {
  const byPath = new Map(said.map(({ path, why }) => [path, why]))
  for (const { rule, path } of blocks.check(draft)) {
    const own = path.replace('/UtilityBlock/', '')
    const isSaid = [...byPath.keys()].some((each) => each === own || own.startsWith(`${each}/`))
    if (rule === 'required' && !isSaid) byPath.set(own, 'required, and not in the export')
  }
  return [...byPath].map(([path, why]) => ({
    path,
    meaning: blocks.element(path.replaceAll(/\[\d+\]/g, ''))?.meaning ?? '',
    why,
  }))
}

type Value = string | Doc | (string | Doc)[] | undefined

/** What stands at a path of groups that do not repeat; of groups that do, from the first. */
function valueAt(doc: Doc, path: string): Value {
  let at: Value = doc
  for (const name of path.split('/')) {
    const one: Value = Array.isArray(at) ? at[0] : at
    if (one === undefined || typeof one === 'string' || Array.isArray(one)) return undefined
    at = one[name]
  }
  return at
}

function put(doc: Doc, path: string, value: Value): void {
  if (value === undefined) return
  const names = path.split('/')
  let at = doc
  for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Doc
  at[names.at(-1)!] = copyOf({ value })['value']
}

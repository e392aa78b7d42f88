/** A national system's own form of a declaration, compiled from its tables: read to a utility block and written from one. */
import { type Doc, type Finding, functionalErrorCode } from '@corridor/customs'
import type { Block, UtilityBlocks } from '../blocks/blocks.ts'
import { compact, elementOf, leaves, putAt, textAt } from '../doc.ts'
import type { Codec } from './codec.ts'
import { jsonCodec } from './codec-json.ts'
import { linesCodec } from './codec-lines.ts'
import { xmlCodec } from './codec-xml.ts'
import { noValue, readFormCodes } from './convert.ts'
import { type Layout, readLayout } from './layout.ts'
import { type Mapping, type MappingRow, type NotMapped, readMapping, standsAlone } from './mapping.ts'
import { filled, find, type FormNode, nodeOf, reach } from './tree.ts'

/** What a form does not say of itself, because in a national system everybody knows it. */
export interface FormFacts {
  /** country of the system, ISO 3166 alpha-2 */
  readonly country: string
  /** its administration, for people */
  readonly agency?: string
  /** national currency, ISO 4217 */
  readonly currency: string
}

/** A finding about a declaration in a form; `at` is the place in the form where that is known. */
export interface FormFinding extends Finding {
  readonly at?: string
}

/** What reading a form gave. */
export interface FormReading {
  /** undefined when nothing could be read; do not act on it while there are findings */
  readonly block: Block | undefined
  readonly findings: readonly FormFinding[]
  /** what the form has and the block has nothing for, in its order */
  readonly unread: readonly { readonly at: string; readonly value: string }[]
}

/** What a form could not hold. */
export interface Loss {
  /** of the block */
  readonly path: string
  readonly value: string
  /** what is left of it in the form, read back; undefined when nothing is */
  readonly became: string | undefined
  readonly why: string
}

/** A declaration written in a form. */
export interface FormWriting {
  readonly bytes: Uint8Array
  /** everything of the block that does not come back when the bytes are read */
  readonly losses: readonly Loss[]
}

/** A form, compiled. */
export interface Form {
  readonly name: string
  /** what it is like; it is not that */
  readonly like: string
  readonly mediaType: string
  /** elements of the block that it has nothing for, with the reason */
  readonly notMapped: readonly NotMapped[]
  read(bytes: Uint8Array, facts: FormFacts): FormReading
  write(block: Block, facts: FormFacts): FormWriting
}

/** The texts of a form's tables. */
export interface FormTexts {
  readonly layout: string
  readonly mapping: string
  readonly codes: string
}

const codecs: Record<Layout['codec'], Codec> = { xml: xmlCodec, lines: linesCodec, json: jsonCodec }
const mediaTypes = { xml: 'application/xml', lines: 'text/plain; charset=utf-8', json: 'application/json' }

interface Compiled extends Mapping {
  readonly name: string
  readonly layout: Layout
  readonly blocks: UtilityBlocks
  readonly hasAttributes: (element: string) => boolean
}

/** Compiles the tables of a form. Throws CustomsFault with table and line. */
export function compileForm(name: string, texts: FormTexts, blocks: UtilityBlocks): Form {
  const layout = readLayout(texts.layout, `${name} layout`)
  const codes = readFormCodes(texts.codes, `${name} codes`)
  const mapping = readMapping(texts.mapping, layout, codes, blocks.elements, `${name} mapping`)
  const withAttributes = new Set(
    blocks.elements.filter((each) => each.name.startsWith('@')).map(({ path }) => path.replace(/\/@[^/]*$/, '')),
  )
  const form: Compiled = { ...mapping, name, layout, blocks, hasAttributes: (element) => withAttributes.has(element) }
  return {
    name,
    like: layout.like,
    mediaType: mediaTypes[layout.codec],
    notMapped: mapping.notMapped,
    read: (bytes, facts) => readForm(form, bytes, facts),
    write: (block, facts) => writeForm(form, block, facts),
  }
}

function readForm(form: Compiled, bytes: Uint8Array, facts: FormFacts): FormReading {
  const { root, findings } = codecs[form.layout.codec].decode(bytes, form.layout)
  if (root === undefined || findings.length > 0) return { block: undefined, findings, unread: [] }
  const used = new Set<FormNode>()
  const wrong: FormFinding[] = []
  const block: Doc = {}
  /** where in the form the value of a path of the block stands */
  const places = new Map<string, string>()
  const rowsTo = (alone: boolean): MappingRow[] =>
    form.rows.filter((row) => row.block !== undefined && row.way !== 'write' && standsAlone(row.convert) === alone)
  for (const row of rowsTo(false)) if (holds(row, block)) fromForm(form, row, root, { block, used, wrong, places })
  // What a form says because something else says so is not forgotten either.
  for (const { form: steps, way, convert } of form.rows)
    if (steps && (way === 'write' || standsAlone(convert))) for (const { node } of find(root, steps)) used.add(node)
  // What stands alone is said of groups that are there, so these come after all others.
  for (const row of rowsTo(true)) if (holds(row, block)) alone(form, row, block, facts)
  const said = compact(block)
  const placed = form.blocks.check(said).map((finding) => {
    const at = places.get(finding.path.replace('/UtilityBlock/', ''))
    return at === undefined ? finding : { ...finding, at }
  })
  return { block: said, findings: [...wrong, ...placed], unread: unreadOf(root, used, '') }
}

/** Whether a row counts in this declaration. */
const holds = ({ when }: MappingRow, block: Doc): boolean =>
  when === '' || textAt(block, 'Declaration/TypeCode')?.startsWith(when) === true

interface Reading {
  readonly block: Doc
  readonly used: Set<FormNode>
  readonly wrong: FormFinding[]
  readonly places: Map<string, string>
}

function fromForm(form: Compiled, row: MappingRow, root: FormNode, { block, used, wrong, places }: Reading): void {
  for (const { node, parent, numbers } of find(root, row.form!)) {
    used.add(node)
    const text = row.convert.kind === 'piece' ? node.value : node.value.trim()
    if (text.trim() === '') continue
    if (row.convert.kind === 'beside' && !isBeside(row, parent)) continue
    const path = filled(row.block!, numbers)
    const value = row.convert.toBlock(text, textAt(block, path))
    if (value === undefined) continue
    const at = filled(row.form!, numbers)
    if (value === noValue) wrong.push(noCounterpart(form.name, row, path, at, node))
    else {
      putAt(block, path, value, form.hasAttributes)
      places.set(path, at)
    }
  }
}

/** `beside NAME`: whether the field of that name in the same group says something. */
const isBeside = ({ convert: { argument } }: MappingRow, parent: FormNode): boolean =>
  parent.children.some(({ name, value }) => name === argument && value !== '')

const noCounterpart = (
  form: string,
  row: MappingRow,
  path: string,
  at: string,
  { value, line }: FormNode,
): FormFinding => ({
  kind: 'codelist',
  rule: `${form} ${row.convert.argument}`,
  code: functionalErrorCode.codeList,
  path: `/UtilityBlock/${path}`,
  at,
  ...(line !== undefined && { line }),
  value,
  remedy: `Give a value that the table of the form has, or add the value to that table.`,
  text: 'The value has no counterpart in the utility block.',
})

/** Values that no field of the form has: of numbers, of facts, and those that are always the same. */
function alone(form: Compiled, { block: steps, convert }: MappingRow, block: Doc, facts: FormFacts): void {
  const value = convert.kind === 'fact' ? factsOf(form, facts)[convert.argument] : convert.argument
  for (const { numbers, place } of groupsOf(block, steps!)) {
    const text = convert.kind === 'number' ? String(numbers.at(-1) ?? 1) : value
    if (text !== undefined && textAt(block, place) === undefined) putAt(block, place, text, form.hasAttributes)
  }
}

const factsOf = ({ blocks }: Compiled, facts: FormFacts): Record<string, string | undefined> => ({
  ...facts,
  edition: blocks.newest,
})

/** The places of a path whose group is there, with the numbers on the way. */
function groupsOf(block: Doc, steps: NonNullable<MappingRow['block']>): { numbers: number[]; place: string }[] {
  let level: { group: unknown; numbers: number[]; place: string[] }[] = [{ group: block, numbers: [], place: [] }]
  for (const { name, index } of steps.slice(0, -1))
    level = level.flatMap(({ group, numbers, place }) => {
      const value = (group as Doc)[name]
      if (!Array.isArray(value)) return value === undefined ? [] : [{ group: value, numbers, place: [...place, name] }]
      return value
        .map((each, at) => ({ each, number: at + 1 }))
        .filter(({ each, number }) => each !== undefined && (index === '*' || number === (index ?? 1)))
        .map(({ each, number }) => ({
          group: each,
          numbers: index === '*' ? [...numbers, number] : numbers,
          place: [...place, `${name}[${number}]`],
        }))
    })
  const last = steps.at(-1)!
  const name = last.index === undefined ? last.name : `${last.name}[${last.index === '*' ? 1 : last.index}]`
  return level.map(({ numbers, place }) => ({ numbers, place: [...place, name].join('/') }))
}

function unreadOf(node: FormNode, used: ReadonlySet<FormNode>, above: string): { at: string; value: string }[] {
  const counts = new Map<string, number>()
  return node.children.flatMap((child) => {
    const count = (counts.get(child.name) ?? 0) + 1
    counts.set(child.name, count)
    const isOnly = count === 1 && node.children.filter(({ name }) => name === child.name).length === 1
    const at = `${above}${child.name}${isOnly ? '' : `[${count}]`}`
    if (child.children.length > 0) return unreadOf(child, used, `${at}/`)
    return used.has(child) || child.value.trim() === '' ? [] : [{ at, value: child.value }]
  })
}

function writeForm(form: Compiled, block: Block, facts: FormFacts): FormWriting {
  const root = nodeOf(form.layout.root.name)
  const said = leaves(block)
  for (const row of form.rows) {
    if (row.way === 'read' || row.form === undefined || !holds(row, block)) continue
    if (!standsAlone(row.convert)) toForm(row, root, said)
    else {
      const value = row.convert.kind === 'fact' ? factsOf(form, facts)[row.convert.argument] : row.convert.argument
      if (value !== undefined) reach(root, row.form, []).value = value
    }
  }
  const bytes = codecs[form.layout.codec].encode(root, form.layout)
  return { bytes, losses: lossesOf(form, said, readForm(form, bytes, facts).block ?? {}) }
}

function toForm(row: MappingRow, root: FormNode, said: ReturnType<typeof leaves>): void {
  const pattern = pathPattern(row.block!)
  for (const { path, value } of said) {
    const numbers = pattern.exec(path)?.slice(1).map(Number)
    if (!numbers) continue
    const node = reach(root, row.form!, numbers)
    const text = row.convert.toForm(value, node.value)
    if (text === noValue || text === '') continue
    node.value = fitting(text, row.length)
  }
}

/** A text cut to the length of its field, by characters and not in the middle of one. */
function fitting(text: string, length: number | undefined): string {
  if (length === undefined || text.length <= length) return text
  const characters = [...text]
  return characters.length <= length ? text : characters.slice(0, length).join('').trimEnd()
}

const patterns = new WeakMap<object, RegExp>()

/** What paths of a block a row means; `*` is caught. */
function pathPattern(steps: NonNullable<MappingRow['block']>): RegExp {
  let pattern = patterns.get(steps)
  if (!pattern) {
    const parts = steps.map(({ name, index }) => {
      const own = name.replaceAll('.', String.raw`\.`)
      return index === undefined ? own : `${own}\\[${index === '*' ? String.raw`(\d+)` : index}\\]`
    })
    patterns.set(steps, (pattern = new RegExp(`^${parts.join('/')}$`)))
  }
  return pattern
}

/** What a block says and the form does not, found by reading the form again: so nothing is lost without being told. */
function lossesOf(form: Compiled, said: ReturnType<typeof leaves>, back: Block): Loss[] {
  return said
    .filter(({ path }) => path.startsWith('Declaration/'))
    .flatMap(({ path, element, value }) => {
      const became = textAt(back, path)
      if (became === value) return []
      const not = form.notMapped.find((each) => element === each.element || element.startsWith(`${each.element}/`))
      const isDay = became?.slice(0, 11) === value.slice(0, 11) && /^\d{4}-\d{2}-\d{2}T/.test(value)
      const isShort = became !== undefined && value.startsWith(became)
      const cut = isDay ? 'the form has the day only' : isShort ? 'shortened' : 'changed'
      const why = became === undefined ? (not?.why ?? 'the form has no place for another one') : cut
      return [{ path, value, became, why }]
    })
}

/** The row of the block that a place means, for words about it. */
export const wordsOf = (blocks: UtilityBlocks, path: string): string => blocks.element(elementOf(path))?.meaning ?? ''

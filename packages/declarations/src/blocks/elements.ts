/** The table of harmonised elements, and what of it each edition of the utility block has. */
import { CustomsFault, type MessageTexts, readTable } from '@corridor/customs'

/** One row of `blocks/elements.tsv`. */
export interface BlockElement {
  /** `Declaration/GoodsShipment/UCR/ID`; an attribute is a step `@currencyID` */
  readonly path: string
  readonly name: string
  readonly depth: number
  readonly optionality: string
  /** how often it may occur below its parent */
  readonly repeats: boolean
  /** notation of its format, '' for a group */
  readonly format: string
  /** list that its codes are of, as customs' tables name it; '' for none */
  readonly codeList: string
  /** id in the WCO Data Model, '' where the sources name none */
  readonly wco: string
  /** edition that has it first */
  readonly since: string
  /** among repeated groups this element tells which is which */
  readonly isKey: boolean
  /** what it means, in our words; '' where a group says no more than its elements */
  readonly meaning: string
  readonly line: number
}

/** One row of `blocks/editions.tsv`. */
export interface BlockEdition {
  readonly edition: string
  /** when it was settled, yyyy-mm-dd */
  readonly date: string
  readonly adds: string
}

const columns = ['depth', 'name', 'optionality', 'cardinality', 'format', 'codelist', 'rules']
const ownColumns = ['wco', 'since', 'key', 'meaning']

/** Reads the table. Throws `table-syntax` with the line. */
export function readElements(text: string): BlockElement[] {
  const path: string[] = []
  return readTable(text, [...columns, ...ownColumns], 'elements').rows.map((row) => {
    const depth = Number(row.cell('depth'))
    const name = row.cell('name')
    if (!Number.isInteger(depth) || depth < 1 || depth > path.length + 1)
      throw new CustomsFault('table-syntax', `elements, line ${row.line}: depth ${row.cell('depth')} follows nothing`)
    path.splice(depth - 1, path.length, name)
    return {
      path: path.join('/'),
      name,
      depth,
      optionality: row.cell('optionality'),
      repeats: row.cell('cardinality') !== '1x',
      format: row.cell('format'),
      codeList: row.cell('codelist'),
      wco: row.cell('wco'),
      since: row.cell('since'),
      isKey: row.cell('key') === 'key',
      meaning: row.cell('meaning'),
      line: row.line,
    }
  })
}

/** Reads the table of editions, oldest first. Throws `table-syntax`. */
export function readEditions(text: string): BlockEdition[] {
  const rows = readTable(text, ['edition', 'date', 'adds'], 'editions').rows
  const editions = rows.map((row) => ({
    edition: row.cell('edition'),
    date: row.cell('date'),
    adds: row.cell('adds'),
  }))
  for (const [at, { edition }] of editions.entries()) {
    const before = editions[at - 1]?.edition
    if (!/^\d{1,2}\.\d{1,2}$/.test(edition) || (before !== undefined && compareEditions(before, edition) >= 0))
      throw new CustomsFault('table-syntax', `editions: ${edition} is no edition after ${before ?? 'none'}`)
  }
  return editions
}

/**
 * The message table of one edition: the rows that it has. Within one main number an edition only adds, and only what may be left out:
 * so what an older reader does not know never makes what it knows mean something else. Throws `table-syntax` for a row that breaks this.
 */
export function textsOf(edition: string, elements: readonly BlockElement[], texts: BlockTexts): MessageTexts {
  const lines = texts.elements.split('\n')
  const first = texts.editions.split('\n')[1]?.split('\t')[0]
  const head = lines.filter((line) => line.startsWith('#') && !line.startsWith('#source'))
  const columnLine = lines.find((line) => line.startsWith('depth\t')) ?? ''
  const known = new Map(elements.map((element) => [element.path, element]))
  const rows: string[] = []
  for (const element of elements) {
    const parent = known.get(element.path.split('/').slice(0, -1).join('/'))
    const isLater = element.since !== (parent?.since ?? first)
    if (isLater && (element.optionality === 'R' || compareEditions(element.since, parent?.since ?? first ?? '') < 0))
      throw new CustomsFault(
        'table-syntax',
        `elements, line ${element.line}, ${element.path}: what a later edition adds may be left out, and not be older than its group`,
      )
    if (compareEditions(element.since, edition) <= 0) rows.push(lines[element.line - 1]!)
  }
  const message = [...head, `#edition\t${edition}`, columnLine, ...rows].join('\n')
  return { messages: { UtilityBlock: message }, groups: `${columns.join('\t')}\n`, formats: texts.formats }
}

/** The texts of the tables of utility blocks. */
export interface BlockTexts {
  readonly elements: string
  readonly editions: string
  readonly formats: string
  readonly rules: string
}

/** Negative, 0 or positive as `a` is before, the same as or after `b`. */
export function compareEditions(a: string, b: string): number {
  const [first, second] = [a.split('.').map(Number), b.split('.').map(Number)]
  return (first[0] ?? 0) - (second[0] ?? 0) || (first[1] ?? 0) - (second[1] ?? 0)
}

/** Whether two editions have the same main number. */
export const sameMain = (a: string, b: string): boolean => a.split('.')[0] === b.split('.')[0]

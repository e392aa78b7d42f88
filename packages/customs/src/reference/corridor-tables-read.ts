/** The texts of the corridor's tables, read and held against each other. */
import { CustomsFault } from '../faults.ts'
import { readTable, type TableRow } from '../tsv.ts'
import { wrongValidity } from '../values/dates.ts'
import type { MappingDirection, TableMapping, TableValue, ValueStatus } from './corridor-tables.ts'
import type { Completeness } from './entry.ts'

/** What corridor-tables.tsv says of a table. */
export interface TableHead {
  /** in CS/RD */
  readonly number: number
  readonly name: string
  /** the code list of that time: `CL47`, `C05` */
  readonly oldList: string
  /** lists of today: of CS/RD2 (`CL196`, or by name where it has no number), or of EORI */
  readonly todayLists: readonly string[]
  readonly completeness: Completeness
  /** what is missing or not certain; '' when nothing is */
  readonly reason: string
  readonly source: string
  /** day or year of the source */
  readonly version: string
  /** lists of today that documents are checked with and that are made from this table */
  readonly checkedLists: readonly string[]
  /** who uses it, in words */
  readonly use: string
}

/** The values of one file. */
export interface TableValues {
  readonly what: string
  readonly values: readonly TableValue[]
}

const headColumns = 'number name old today completeness reason source version checked use'.split(' ')
const completenesses: readonly string[] = ['complete', 'partial', 'filled-by-administration'] satisfies Completeness[]
const statuses: readonly string[] = ['official', 'known', 'illustrative'] satisfies ValueStatus[]
const directions: readonly string[] = ['both', 'to-today', 'from-today'] satisfies MappingDirection[]

/** corridor-tables.tsv, by number. @throws CustomsFault with the line */
export function readTableRows(text: string): Map<number, TableHead> {
  const heads = new Map<number, TableHead>()
  for (const row of readTable(text, headColumns, 'corridor-tables').rows) {
    const stop = wrongIn('corridor-tables', row)
    const number = Number(row.cell('number'))
    if (!Number.isInteger(number) || number < 1) stop(`“${row.cell('number')}” is not the number of a table`)
    if (heads.has(number)) stop(`table ${number} is there twice`)
    for (const column of ['name', 'old', 'source', 'version', 'use']) if (row.cell(column) === '') stop(`no ${column}`)
    const completeness = row.cell('completeness')
    if (!completenesses.includes(completeness))
      stop(`completeness “${completeness}” is none of ${completenesses.join(', ')}`)
    if (completeness !== 'complete' && row.cell('reason') === '') stop(`${completeness} without a reason`)
    const todayLists = listsOf(row, 'today')
    const checkedLists = listsOf(row, 'checked')
    for (const list of checkedLists)
      if (!todayLists.includes(list)) stop(`${list} is checked but is not one of today's lists of the table`)
    heads.set(number, {
      number,
      name: row.cell('name'),
      oldList: row.cell('old'),
      todayLists,
      completeness: completeness as Completeness,
      reason: row.cell('reason'),
      source: row.cell('source'),
      version: row.cell('version'),
      checkedLists,
      use: row.cell('use'),
    })
  }
  return heads
}

/** The values of every table, by number. @throws CustomsFault with file and line */
export function readValues(texts: Readonly<Record<string, string>>): Map<number, TableValues> {
  const all = new Map<number, TableValues>()
  for (const [what, text] of Object.entries(texts)) {
    const { head, columns, rows } = readTable(text, ['code', 'validFrom', 'validTo', 'status'], what)
    const number = Number(head.get('table'))
    if (!Number.isInteger(number)) throw new CustomsFault('table-syntax', `${what}: no line #table with a number`)
    if (all.has(number))
      throw new CustomsFault('table-syntax', `${what}: the values of table ${number} are there already`)
    const languages = columns.flatMap((name) => /^text_([A-Za-z-]+)$/.exec(name)?.[1] ?? [])
    const codes = new Set(rows.map((row) => row.cell('code')))
    const seen = new Set<string>()
    const values = rows.map((row) => {
      const stop = wrongIn(what, row)
      const code = row.cell('code')
      if (code === '') stop('no code')
      if (seen.has(code)) stop(`${code} is there twice`)
      seen.add(code)
      const parent = row.cell('parent')
      if (parent !== '' && !codes.has(parent)) stop(`${code} is under ${parent}, which is not there`)
      return valueOf(row, languages, stop)
    })
    if (values.length === 0) throw new CustomsFault('table-syntax', `${what}: table ${number} has no values`)
    all.set(number, { what, values })
  }
  return all
}

function valueOf(row: TableRow, languages: readonly string[], stop: (reason: string) => never): TableValue {
  const [validFrom, validTo, status] = [row.cell('validFrom'), row.cell('validTo'), row.cell('status')]
  const wrong = wrongValidity({ validFrom, validTo })
  if (wrong !== undefined) stop(wrong)
  if (!statuses.includes(status)) stop(`status “${status}” is none of ${statuses.join(', ')}`)
  const texts = languages.map((language) => [language, row.cell(`text_${language}`)]).filter(([, text]) => text !== '')
  return {
    code: row.cell('code'),
    validFrom,
    validTo,
    status: status as ValueStatus,
    parent: row.cell('parent'),
    texts: Object.fromEntries(texts),
  }
}

/**
 * mappings.tsv by table, rows for all codes written out.
 * @throws CustomsFault with the line: unknown names, two ways to go, or a code without a row
 */
export function readMappings(
  text: string,
  heads: ReadonlyMap<number, TableHead>,
  values: ReadonlyMap<number, TableValues>,
): Map<number, TableMapping[]> {
  const all = new Map<number, TableMapping[]>([...values.keys()].map((number) => [number, []]))
  const codesOf = new Map([...values].map(([number, own]) => [number, new Set(own.values.map(({ code }) => code))]))
  const ways = new Set<string>()
  const { rows } = readTable(text, ['table', 'code', 'list', 'today', 'direction', 'note'], 'mappings')
  for (const row of rows) {
    const stop = wrongIn('mappings', row)
    const number = Number(row.cell('table'))
    const head = heads.get(number) ?? stop(`there is no table ${row.cell('table')}`)
    const codes = codesOf.get(number) ?? stop(`no file has the values of table ${number}`)
    const mapping = mappingOf(row, head, stop)
    if (mapping.code !== '' && mapping.code !== '=' && !codes.has(mapping.code))
      stop(`table ${number} has no code ${mapping.code}`)
    const written = mapping.code === '=' ? [...codes].map((code) => ({ ...mapping, code, today: code })) : [mapping]
    for (const each of written) {
      for (const way of waysOf(number, each)) {
        if (ways.has(way)) stop(`there is a way already for ${way}`)
        ways.add(way)
      }
      all.get(number)!.push(each)
    }
  }
  for (const [number, { values: own }] of values) {
    const said = new Set((all.get(number) ?? []).map(({ code }) => code))
    const silent = own.find(({ code }) => !said.has(code))
    if (silent !== undefined)
      throw new CustomsFault('table-reference', `mappings: no row says what ${silent.code} of table ${number} is today`)
  }
  return all
}

function mappingOf(row: TableRow, head: TableHead, stop: (reason: string) => never): TableMapping {
  const [code, list, today, note] = [row.cell('code'), row.cell('list'), row.cell('today'), row.cell('note')]
  const direction = row.cell('direction')
  if (!directions.includes(direction)) stop(`direction “${direction}” is none of ${directions.join(', ')}`)
  if ((code === '=') !== (today === '=')) stop('“=” stands for all codes on both sides or on none')
  if (list !== '' && !head.todayLists.includes(list)) stop(`table ${head.number} does not name the list ${list}`)
  if (code === '' && direction !== 'from-today') stop('without a code of the table only from-today can be said')
  if (today === '' && direction !== 'to-today') stop('without a code of today only to-today can be said')
  if (today !== '' && list === '') stop(`no list for ${today}`)
  if (code === '' && today === '') stop('no code on either side')
  if ((code === '' || today === '') && note === '') stop('no counterpart, and no note that says why')
  return { code, list, today, direction: direction as MappingDirection, note }
}

/** The ways that a row opens; each may be opened once, or a translation would have to choose. */
function waysOf(number: number, { code, list, today, direction }: TableMapping): string[] {
  return [
    ...(direction === 'from-today' ? [] : [`${code} of table ${number} to ${list || 'no list'}`]),
    ...(direction === 'to-today' ? [] : [`${today} of ${list} to table ${number}`]),
  ]
}

function listsOf(row: TableRow, column: string): string[] {
  return row.cell(column).split(' ').filter(Boolean)
}

function wrongIn(what: string, { line }: TableRow): (reason: string) => never {
  return (reason) => {
    throw new CustomsFault('table-reference', `${what}, line ${line}: ${reason}`)
  }
}

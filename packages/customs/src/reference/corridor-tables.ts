/**
 * The tables that the sides of a corridor agreed on before the first movement: known by their numbers in CS/RD and by the code lists of
 * that time (CL47, C05), each with its values and its mapping to the lists of today.
 */
import { CustomsFault } from '../faults.ts'
import { isInForce } from '../values/dates.ts'
import { readMappings, readTableRows, readValues, type TableHead } from './corridor-tables-read.ts'

/** `official`: read in a published list or act · `known`: not seen in one · `illustrative`: made up to show something */
export type ValueStatus = 'official' | 'known' | 'illustrative'

/** One value of a table. */
export interface TableValue {
  readonly code: string
  /** first and last day, `yyyy-mm-dd`; '' is open */
  readonly validFrom: string
  readonly validTo: string
  readonly status: ValueStatus
  /** the value above it in a table with levels (NACE); '' for none */
  readonly parent: string
  /** by language; a language that the source does not have is not here */
  readonly texts: Readonly<Record<string, string>>
}

/** Which way a mapping holds. */
export type MappingDirection = 'both' | 'to-today' | 'from-today'

/** One row of the mapping: a code of the table, a code of a list of today. One of them is '' where there is no counterpart. */
export interface TableMapping {
  readonly code: string
  readonly list: string
  readonly today: string
  readonly direction: MappingDirection
  readonly note: string
}

/** One table of the corridor. */
export interface CorridorTable extends TableHead {
  readonly values: readonly TableValue[]
  /** in the order of the mapping table; a row for all codes (`=`) is given once for each of them */
  readonly mappings: readonly TableMapping[]
}

/** What a code is on the other side, with what is lost on the way; '' for nothing. */
export interface Counterpart {
  readonly list: string
  readonly code: string
  readonly note: string
}

/** A code of a table, with what is lost on the way from the list of today; '' for nothing. */
export interface TableCounterpart {
  readonly table: number
  readonly code: string
  readonly note: string
}

/** All tables, compiled. */
export interface CorridorTables {
  /** in order of their numbers */
  readonly tables: readonly CorridorTable[]
  table(number: number): CorridorTable | undefined
  /** False for a table that is not here; a day is `yyyy-mm-dd`. */
  has(number: number, code: string, date: string): boolean
  /** What a code of a table is in today's lists: none, one, or one in each of several lists. */
  toToday(number: number, code: string): readonly Counterpart[]
  /** What a code of a list of today was: at most one code a table. */
  fromToday(list: string, code: string): readonly TableCounterpart[]
}

/** The texts of the tables: `corridor-tables.tsv`, `mappings.tsv`, and one text a table by file name. */
export interface CorridorTableTexts {
  readonly tables: string
  readonly mappings: string
  readonly values: Readonly<Record<string, string>>
}

/**
 * Compiles the tables. Throws `table-syntax` or `table-reference`, with file, line and reason: a table without values or values without a
 * table, a code twice or under a parent that is not there, a day that is none, a mapping of an unknown code or list, two ways to go, or a
 * code for which no row says where it goes.
 */
export function compileCorridorTables({ tables, mappings, values }: CorridorTableTexts): CorridorTables {
  const valuesOf = readValues(values)
  const heads = readTableRows(tables)
  for (const [number, { what }] of valuesOf)
    if (!heads.has(number)) throw new CustomsFault('table-reference', `${what}: corridor-tables has no table ${number}`)
  const mapped = readMappings(mappings, heads, valuesOf)
  const compiled = [...heads.values()]
    .sort((one, other) => one.number - other.number)
    .map((head) => {
      const own = valuesOf.get(head.number)
      if (own === undefined)
        throw new CustomsFault('table-reference', `corridor-tables: no file has the values of table ${head.number}`)
      return { ...head, values: own.values, mappings: mapped.get(head.number) ?? [] }
    })
  return tablesOf(compiled)
}

function tablesOf(tables: readonly CorridorTable[]): CorridorTables {
  const byNumber = new Map(tables.map((table) => [table.number, table]))
  const values = new Map(
    tables.map(({ number, values: own }) => [number, new Map(own.map((each) => [each.code, each]))]),
  )
  const forward = new Map<string, Counterpart[]>()
  const back = new Map<string, TableCounterpart[]>()
  for (const { number, mappings } of tables)
    for (const { code, list, today, direction, note } of mappings) {
      if (code === '' || today === '') continue
      if (direction !== 'from-today') add(forward, `${number} ${code}`, { list, code: today, note })
      if (direction !== 'to-today') add(back, `${list} ${today}`, { table: number, code, note })
    }
  return {
    tables,
    table: (number) => byNumber.get(number),
    has: (number, code, date) => {
      const value = values.get(number)?.get(code)
      return value !== undefined && isInForce(value, date)
    },
    toToday: (number, code) => forward.get(`${number} ${code}`) ?? [],
    fromToday: (list, code) => back.get(`${list} ${code}`) ?? [],
  }
}

function add<T>(groups: Map<string, T[]>, key: string, entry: T): void {
  const group = groups.get(key)
  if (group) group.push(entry)
  else groups.set(key, [entry])
}

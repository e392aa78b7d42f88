/**
 * Correspondence: what the codes of one party are with another, list by list, for documents that cross. A national code becomes the common
 * one, the common one that of the partner. Data as tables, dated, with an owner and a status, as code lists are.
 */
import { CustomsFault } from '../faults.ts'
import { readTable, type TableRow } from '../tsv.ts'
import { isInForce, overlap, wrongValidity } from '../values/dates.ts'
import type { CorridorTables } from './corridor-tables.ts'

/** `forward`: from the party named `from` to the one named `to`; `back`: the other way. */
export type Way = 'forward' | 'back'

/** One row: a code of a list here, and what it is there; '' where there is no counterpart, `=` on both sides for every other code. */
export interface CorrespondenceRow {
  /** the code list of the element that carries the code: `CL214` */
  readonly list: string
  readonly from: string
  readonly to: string
  readonly direction: 'both' | Way
  /** first and last day, `yyyy-mm-dd`; '' is open */
  readonly validFrom: string
  readonly validTo: string
  readonly note: string
}

/** What became of a code. */
export type Translation =
  | { readonly kind: 'translated'; readonly code: string }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'no-counterpart'; readonly note: string }

/** A compiled correspondence between two parties. */
export interface Correspondence {
  readonly name: string
  /** whose codes stand on either side: `NTA.AL`, `common` */
  readonly from: string
  readonly to: string
  readonly owner: string
  readonly source: string
  readonly version: string
  readonly illustrative: boolean
  /** lists that it says something of; codes of others pass unchanged */
  readonly lists: readonly string[]
  readonly rows: readonly CorrespondenceRow[]
  /** What a code of a list becomes on a day (`yyyy-mm-dd`). */
  translate(list: string, code: string, way: Way, date: string): Translation
}

const columns = ['list', 'from', 'to', 'direction', 'validFrom', 'validTo', 'note']

/**
 * Compiles a correspondence: head lines `#name #from #to #owner #source #version #status` (`official` or `illustrative`), columns
 * `list from to direction validFrom validTo note`. Throws `table-syntax`, with file, line and reason: a head line or a code missing, a
 * direction or day that is none, two ways to go on the same day, no counterpart without a note.
 */
export function compileCorrespondence(text: string, what: string): Correspondence {
  const { head, rows } = readTable(text, columns, what)
  const line = (key: string): string => {
    const value = head.get(key)
    if (!value) throw new CustomsFault('table-syntax', `${what}: no line #${key}`)
    return value
  }
  const status = line('status')
  if (status !== 'official' && status !== 'illustrative')
    throw new CustomsFault('table-syntax', `${what}: #status ${status} is neither official nor illustrative`)
  const about = { name: line('name'), from: line('from'), to: line('to'), owner: line('owner') }
  const origin = { source: line('source'), version: line('version'), illustrative: status === 'illustrative' }
  const ways = new Map<string, CorrespondenceRow[]>()
  const read = rows.map((row) => {
    const stop = (reason: string): never => {
      throw new CustomsFault('table-syntax', `${what}, line ${row.line}: ${reason}`)
    }
    const made = rowOf(row, stop)
    for (const key of keysOf(made)) {
      const same = ways.get(key) ?? []
      if (same.some((other) => overlap(other, made))) stop(`there is a way already for ${key} in these days`)
      ways.set(key, [...same, made])
    }
    return made
  })
  return { ...about, ...origin, ...compiled(read, ways) }
}

/**
 * A correspondence made of tables of the corridor: codes of the table on the side `from`, those of a list of today on the side `to`. For a
 * partner whose system still speaks the old codes.
 */
export function correspondenceOfTables(
  tables: CorridorTables,
  pairs: readonly (readonly [table: number, list: string])[],
): Correspondence {
  const rows = pairs.flatMap(([number, list]) =>
    (tables.table(number)?.mappings ?? [])
      .filter((row) => row.list === list || row.list === '')
      .map(({ code, today, direction, note }): CorrespondenceRow => {
        const way = { both: 'both', 'to-today': 'forward', 'from-today': 'back' } as const
        return { list, from: code, to: today, direction: way[direction], validFrom: '', validTo: '', note }
      }),
  )
  const ways = new Map(rows.flatMap((row) => keysOf(row).map((key) => [key, [row]])))
  const numbers = pairs.map(([number]) => number).join(', ')
  return {
    name: `tables ${numbers} of the corridor`,
    from: 'tables of the corridor',
    to: 'common',
    owner: 'common',
    source: pairs.map(([number]) => tables.table(number)?.source ?? '').join('; '),
    version: pairs.map(([number]) => tables.table(number)?.version ?? '').join('; '),
    illustrative: false,
    ...compiled(rows, ways),
  }
}

function compiled(
  rows: readonly CorrespondenceRow[],
  ways: ReadonlyMap<string, readonly CorrespondenceRow[]>,
): Pick<Correspondence, 'lists' | 'rows' | 'translate'> {
  const lists = [...new Set(rows.map(({ list }) => list))].toSorted()
  const onDay = (key: string, date: string) => ways.get(key)?.find((row) => isInForce(row, date))
  return {
    lists,
    rows,
    translate: (list, code, way, date) => {
      if (!lists.includes(list)) return { kind: 'unchanged' }
      const row = onDay(keyOf(way, list, code), date)
      const other = way === 'forward' ? row?.to : row?.from
      if (row === undefined)
        return onDay(keyOf(way, list, '='), date) === undefined
          ? { kind: 'no-counterpart', note: '' }
          : { kind: 'unchanged' }
      if (other === undefined || other === '') return { kind: 'no-counterpart', note: row.note }
      return other === code || other === '=' ? { kind: 'unchanged' } : { kind: 'translated', code: other }
    },
  }
}

function rowOf(row: TableRow, stop: (reason: string) => never): CorrespondenceRow {
  const [list, from, to, note] = [row.cell('list'), row.cell('from'), row.cell('to'), row.cell('note')]
  const [direction, validFrom, validTo] = [row.cell('direction'), row.cell('validFrom'), row.cell('validTo')]
  if (list === '') stop('no list')
  if (from === '' && to === '') stop('no code on either side')
  if ((from === '=') !== (to === '=')) stop('“=” stands for every other code on both sides or on none')
  if (direction !== 'both' && direction !== 'forward' && direction !== 'back')
    return stop(`direction “${direction}” is none of both, forward, back`)
  if (from === '' && direction !== 'back') stop('without a code in from only back can be said')
  if (to === '' && direction !== 'forward') stop('without a code in to only forward can be said')
  if ((from === '' || to === '') && note === '') stop('no counterpart, and no note that says why')
  const wrong = wrongValidity({ validFrom, validTo })
  if (wrong !== undefined) stop(wrong)
  return { list, from, to, direction, validFrom, validTo, note }
}

function keyOf(way: Way, list: string, code: string): string {
  return `${way}: ${list} ${code}`
}

function keysOf({ list, from, to, direction }: CorrespondenceRow): string[] {
  return [
    ...(direction === 'back' ? [] : [keyOf('forward', list, from)]),
    ...(direction === 'forward' ? [] : [keyOf('back', list, to)]),
  ]
}

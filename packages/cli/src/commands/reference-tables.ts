import type { CorridorTable, TableMapping, TableValue } from '@corridor/customs'
import { loadCorridorTables } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { columns, hanging } from '../documents/columns.ts'
import { safe } from '../documents/for-people.ts'
import { print } from '../print.ts'

/**
 * `corridor reference tables [NUMBER|LIST] [--json]`: the tables that the sides of a corridor agreed on, or one with its values and what
 * they are in today's lists. A table may be named by its number in CS/RD or by its code list (`CL47`).
 */
export async function referenceTables(typed: string[]): Promise<number> {
  const { words, flags } = readArguments(typed, { flags: ['json'], words: 1 })
  const { tables } = loadCorridorTables()
  const [wanted] = words
  const shown = wanted === undefined ? tables : [tableOf(tables, wanted)]
  if (flags.has('json'))
    await print(`${JSON.stringify(wanted === undefined ? shown.map(inShort) : shown[0], null, 2)}\n`)
  else await print(wanted === undefined ? allTables(shown) : oneTable(shown[0]!))
  return 0
}

function tableOf(tables: readonly CorridorTable[], wanted: string): CorridorTable {
  const name = wanted.toUpperCase()
  const found = tables.find(({ number, oldList }) => String(number) === name || oldList === name)
  if (found !== undefined) return found
  throw new UsageError(`There is no table “${wanted}”. corridor reference tables lists them.`)
}

function inShort({ values, mappings: _, ...head }: CorridorTable): object {
  return { ...head, values: values.length }
}

function allTables(tables: readonly CorridorTable[]): string {
  const rows = tables.map(({ number, oldList, todayLists, values, completeness, name }) => [
    number,
    oldList,
    todayLists.join(' ') || '–',
    values.length,
    completeness,
    name,
  ])
  const open = tables.filter(({ reason }) => reason !== '')
  return [
    columns([['table', 'list', 'today', 'values', 'completeness', 'name'], ...rows]),
    '\n',
    ...open.map(({ number, reason }) => hanging(`  ${String(number).padStart(2)}  `, reason)),
  ].join('')
}

function oneTable(table: CorridorTable): string {
  const { number, oldList, name, values, completeness, reason, source, version, checkedLists, use } = table
  const byCode = new Map<string, TableMapping[]>()
  for (const mapping of table.mappings) byCode.set(mapping.code, [...(byCode.get(mapping.code) ?? []), mapping])
  const longest = Math.max(...values.map(({ code }) => code.length))
  const back = (byCode.get('') ?? []).map(({ list, today, note }) => hanging(`  ${list} ${today}  `, note))
  return [
    `Table ${number}  ${oldList}  ${name}  ${values.length} values, ${completeness}\n`,
    ...(reason === '' ? [] : [hanging('  ', reason)]),
    hanging('  source  ', `${source}, ${version}`),
    hanging('  used    ', use),
    ...(checkedLists.length === 0 ? [] : [`  checked ${checkedLists.join(' ')}\n`]),
    '\n',
    ...values.map((value) =>
      hanging(`  ${value.code.padEnd(longest)}  `, safe(valueLine(value, byCode.get(value.code) ?? []), Infinity)),
    ),
    ...(back.length === 0 ? [] : ['\nCodes of today that no value of this table stands for\n', ...back]),
  ].join('')
}

const arrows = { both: '=', 'to-today': '→', 'from-today': '←' }

/** `Document T1 (CL214 = N821)`: where it goes, and with which loss. */
function valueLine({ texts, status }: TableValue, mappings: readonly TableMapping[]): string {
  const ways = mappings.map(({ list, today, direction, note }) =>
    today === '' ? `no counterpart: ${note}` : `${list} ${arrows[direction]} ${today}${note === '' ? '' : `, ${note}`}`,
  )
  const text = texts['en'] ?? '(no text)'
  return `${text}${status === 'official' ? '' : ` [${status}]`} (${ways.join('; ')})`
}

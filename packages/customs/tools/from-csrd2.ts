/**
 * Development tool: writes code lists from published snapshots of CS/RD2 and from the technical lists of the schema set.
 *
 *     node packages/customs/tools/from-csrd2.ts <folder with the snapshots>
 *
 * Each list comes from one source: the NCTS P5 snapshot when it has the list, else the later feed, else the technical lists. Lists of
 * the message tables that none of them has, or that are too long to be kept as text here, are written to
 * ../coverage/code-lists-not-checked.tsv, but for those that the tables of the corridor give (../reference/corridor-tables.tsv).
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { loadCorridorTables } from '../test/tables.ts'

/** A list with more entries is not carried: it is imported by command. */
const longest = 3000

interface Entry {
  code: string
  validFrom: string
  text: string
}
interface List {
  name: string
  source: string
  version: string
  entries: Entry[]
}

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('usage: from-csrd2.ts <folder with the snapshots>')
const target = fileURLToPath(new URL('../codelists/', import.meta.url))
const notChecked = fileURLToPath(new URL('../coverage/code-lists-not-checked.tsv', import.meta.url))
const tables = fileURLToPath(new URL('../messages/', import.meta.url))

/** The rows of a tab-separated file without its first line. */
function rowsOf(file: string): string[][] {
  const bytes = readFileSync(join(folder!, file))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
}

function collect(
  rows: string[][],
  make: (row: string[]) => { key: string; list: Omit<List, 'entries'>; entry: Entry },
): Map<string, List> {
  const lists = new Map<string, List>()
  for (const row of rows) {
    const { key, list, entry } = make(row)
    const known = lists.get(key) ?? { ...list, entries: [] }
    lists.set(key, known)
    known.entries.push(entry)
  }
  return lists
}

const snapshot = collect(rowsOf('CSRD2_NCTS-P5_2025-02-12.tsv.gz'), ([name, , from, code, text]) => ({
  key: name!.toLowerCase(),
  list: { name: name!, source: 'European Commission, CS/RD2, NCTS P5 snapshot', version: '2025-02-12' },
  entry: { code: code!, validFrom: from!, text: text! },
}))
const later = collect(rowsOf('CSRD2_later_feed_by_CL.tsv'), ([id, name, , code, , from, text]) => ({
  key: id!,
  list: { name: name!, source: 'European Commission, CS/RD2, later feed', version: '2025-12-03' },
  entry: { code: code!, validFrom: from!.split('-').toReversed().join('-'), text: text! },
}))
const technical = collect(
  rowsOf('technical_codelists.tsv').filter(([source]) => source === 'pipd0un-cc015c'),
  ([, id, name, code, text]) => ({
    key: id!,
    list: { name: name!, source: 'European Commission, DG TAXUD, NCTS P5 schema set', version: '51.8.0' },
    entry: { code: code!, validFrom: '', text: text! },
  }),
)

const names = new Map<string, string>([...later].map(([id, list]) => [id, list.name]))
for (const [, id, name] of rowsOf('codelist_usage.tsv')) if (!names.has(id!)) names.set(id!, name!)
const inTables = new Set(
  readdirSync(tables).flatMap((file) =>
    readFileSync(join(tables, file), 'utf8')
      .split('\n')
      .map((line) => line.split('\t')[5] ?? '')
      .filter((cell) => /^CL\d/.test(cell)),
  ),
)

/** Lists that the tables of the corridor have something of: by id, whether documents are checked with that. */
const ofCorridor = new Map<string, { table: number; isChecked: boolean }>()
for (const { number, todayLists, checkedLists } of loadCorridorTables().tables)
  for (const id of todayLists) ofCorridor.set(id, { table: number, isChecked: checkedLists.includes(id) })

for (const file of readdirSync(target)) rmSync(join(target, file))
const unchecked: string[][] = []
let written = 0
for (const id of [...new Set([...inTables, ...later.keys(), ...technical.keys()])].sort()) {
  const name = names.get(id) ?? id
  const list = snapshot.get(name.toLowerCase()) ?? later.get(id) ?? technical.get(id)
  const corridor = ofCorridor.get(id)
  if (!list) {
    if (corridor?.isChecked !== true) unchecked.push([id, name, whyNot(name, corridor?.table)])
  } else if (list.entries.length > longest)
    unchecked.push([id, name, `${list.entries.length} entries: imported by command`])
  else {
    written += 1
    writeFileSync(join(target, `${id}.tsv`), listText(id, list))
  }
}
writeFileSync(notChecked, [['list', 'name', 'why'], ...unchecked].map((row) => row.join('\t')).join('\n') + '\n')
process.stdout.write(`${written} lists written; not checked: ${unchecked.map(([id]) => id).join(' ')}\n`)

function whyNot(name: string, table: number | undefined): string {
  if (table !== undefined) return `not published; the values known are those of table ${table}`
  if (name.startsWith('CustomsOffice')) return 'offices come from a corridor, or are imported by command'
  return 'values are not in our sources'
}

function listText(id: string, { name, source, version, entries }: List): string {
  const rows = entries
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, validFrom, text }) =>
      [code, validFrom, '', text.replaceAll(/[\s⏎]+/g, ' ').trim()].join('\t').trimEnd(),
    )
  const head = [`#list\t${id}`, `#name\t${name}`, `#source\t${source}`, `#version\t${version}`]
  return [...head, 'code\tvalidFrom\tvalidTo\ttext_en', ...rows].join('\n') + '\n'
}

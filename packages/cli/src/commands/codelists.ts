import { readCorridor } from '@corridor/node'
import { type DocumentTables, loadDocuments, loadRuleBook, type RuleBook } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { importInto } from '../documents/import-into.ts'
import { columns, hanging } from '../documents/columns.ts'
import { dayOf } from '../documents/day.ts'
import { safe } from '../documents/for-people.ts'
import { print } from '../print.ts'

/**
 * `corridor codelists [LIST] [--at DATE] [--corridor CORRIDOR]`: which code lists there are, or the codes of one.
 * `corridor codelists import FILE --list LIST --into FOLDER`: a published list into a folder of code lists, all of it or nothing.
 */
export async function codelists(typed: string[]): Promise<number> {
  if (typed[0] === 'import') return importList(typed.slice(1))
  const { words, options } = readArguments(typed, { options: ['at', 'corridor'], words: 1 })
  const at = dayOf(options, 'at')
  const corridor = options.get('corridor')
  const tables = loadDocuments(corridor === undefined ? undefined : readCorridor(corridor).codelists)
  const [list] = words
  const book = loadRuleBook(tables)
  await print(list === undefined ? allLists(tables, book, at) : oneList(tables, book, list.toUpperCase(), at))
  return 0
}

function allLists({ codeLists }: DocumentTables, { listsNotChecked }: RuleBook, at: string): string {
  const rows = codeLists.lists.map((list) => {
    const [first] = codeLists.sources(list)
    return [list, codeLists.codes(list, at).length, first?.version ?? '', first?.name ?? '', first?.source ?? '']
  })
  const missing = [...listsNotChecked].filter(([list]) => !codeLists.knows(list))
  return [
    columns([['list', 'codes', 'version', 'name', 'source'], ...rows]),
    `\nNot checked (${missing.length})\n\n${columns(missing.map(([list, { name, why }]) => [list, name, why]))}`,
  ].join('')
}

function oneList({ codeLists }: DocumentTables, { listsNotChecked }: RuleBook, list: string, at: string): string {
  if (!codeLists.knows(list)) {
    const missing = listsNotChecked.get(list)
    if (missing === undefined) throw new UsageError(`There is no code list “${list}”. corridor codelists lists them.`)
    return `${list}  ${missing.name}: ${missing.why}\n`
  }
  const codes = codeLists.codes(list, at)
  const longest = Math.max(...codes.map(({ code }) => code.length))
  const [first] = codeLists.sources(list)
  return [
    `${list}  ${first?.name}  ${codes.length} codes on ${at}\n${sourcesOf(codeLists, list)}\n\n`,
    ...codes.map(({ code, text }) => hanging(`  ${code.padEnd(longest)}  `, safe(text, Infinity))),
  ].join('')
}

function sourcesOf(codeLists: DocumentTables['codeLists'], list: string): string {
  return codeLists
    .sources(list)
    .map(({ source, version, owner, illustrative }) => {
      const owned = owner === undefined ? '' : `, owned by ${owner}`
      return `${source}, ${version}${owned}${illustrative ? ' (illustrative)' : ''}`
    })
    .join('; ')
}

async function importList(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['list', 'into', 'name', 'source', 'version'],
    flags: ['addition'],
    words: 1,
  })
  const [file] = words
  const [list, into] = [options.get('list'), options.get('into')]
  if (file === undefined || list === undefined || into === undefined)
    throw new UsageError('Say what goes where: corridor codelists import FILE --list CL016 --into FOLDER.')
  if (!/^CL\d{3}$/.test(list)) throw new UsageError(`--list takes the id of a code list such as CL016, not “${list}”.`)
  const tables = loadDocuments()
  const known = tables.codeLists.sources(list)[0]?.name ?? loadRuleBook(tables).listsNotChecked.get(list)?.name
  return importInto(into, file, {
    list,
    name: options.get('name') ?? known ?? list,
    source: options.get('source'),
    version: dayOf(options, 'version'),
    covers: flags.has('addition') ? 'addition' : 'whole',
  })
}

import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MessageTable, type PageContext, pageRules, toHtml, toJsonSchema, toTypes, toXsd } from '@corridor/customs'
import { readCorridor } from '@corridor/node'
import { type DocumentTables, loadDocuments, loadMessages, loadRuleBook, type RuleBook } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

/** How documents.generated.ts is made; its header says so. */
const typesCommand = 'npx --no corridor schema --types > packages/customs/src/documents.generated.ts'

/** Files by name. */
type Files = ReadonlyMap<string, string>

/** What can be made from the table of one message; a page has the codes of a corridor too, when one is named. */
const forms: Record<string, (table: MessageTable, corridor?: string) => Files> = {
  xsd: toXsd,
  'json-schema': (table) =>
    new Map([[`${table.type}.schema.json`, `${JSON.stringify(toJsonSchema(table), undefined, 2)}\n`]]),
  html: (table, corridor) => new Map([[`${table.type}.html`, page(table, corridor)]]),
  types: (table) =>
    new Map([[`${table.type}.types.ts`, toTypes([table], `npx --no corridor schema ${table.type} --types`)]]),
}

/**
 * `corridor schema [MESSAGE] --xsd|--json-schema|--html|--types [--into FOLDER] [--corridor NAME]`: what a message may hold, in the form
 * asked for, on standard output or as files. Without MESSAGE: which messages there are, with --types the types of all of them, or with
 * --into a file each. With --corridor, a page has the codes that this corridor adds to the published lists; the other forms have no codes
 * that a corridor could add.
 */
export async function schema(typed: string[]): Promise<number> {
  const { words, flags, options } = readArguments(typed, {
    flags: Object.keys(forms),
    options: ['into', 'corridor'],
    words: 1,
  })
  const [form, ...more] = flags
  if (more.length > 0) throw new UsageError('Ask for one form at a time.')
  const tables = chosen(words[0])
  const into = options.get('into')
  const corridor = options.get('corridor')
  if (corridor !== undefined && form !== 'html')
    throw new UsageError('--corridor goes with --html: no other form has codes that a corridor adds.')
  if (form === undefined) {
    if (words.length > 0 || into !== undefined) throw new UsageError(`Say in which form: ${sayForms(tables[0]!)}.`)
    await print(tables.map(listed).join(''))
  } else if (into !== undefined)
    await write(
      into,
      tables.map((table) => forms[form]!(table, corridor)),
    )
  else if (words.length > 0) await print(onlyFile(forms[form]!(tables[0]!, corridor)))
  else if (form === 'types') await print(toTypes(tables, typesCommand))
  else throw new UsageError(`Say of which message, or into which folder: ${sayForms(tables[0]!)}.`)
  return 0
}

function chosen(type: string | undefined): MessageTable[] {
  const messages = loadMessages()
  if (type === undefined) return messages.types.map((each) => messages.get(each)!)
  const table = messages.get(type) ?? messages.get(type.toUpperCase())
  if (table === undefined) throw new UsageError(`There is no message “${type}”. corridor schema lists them.`)
  return [table]
}

function sayForms({ type }: MessageTable): string {
  const flags = Object.keys(forms).map((name) => `--${name}`)
  return `corridor schema ${type} ${flags.join('|')}`
}

function listed({ type, ie, acronym, title }: MessageTable): string {
  return `${type}  ${ie}  ${acronym.padEnd(9)}  ${title}\n`
}

/** A message in several namespaces has a schema of several files. */
function onlyFile(files: Files): string {
  const [text = '', ...others] = files.values()
  if (others.length > 0) throw new UsageError(`These are ${files.size} files; say where to: --into FOLDER.`)
  return text
}

async function write(into: string, made: readonly Files[]): Promise<void> {
  if (statSync(into, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`There is no folder “${into}” to write into.`)
  for (const files of made) {
    for (const [name, text] of files) {
      writeFileSync(join(into, name), text)
      await print(`${join(into, name)}\n`)
    }
  }
}

/** What the pages of one run have in common. */
let shared: { tables: DocumentTables; rules: RuleBook; corridor: string | undefined } | undefined

function page(table: MessageTable, corridor?: string): string {
  shared ??= load(corridor)
  const { tables, rules } = shared
  const context: PageContext = {
    codeLists: tables.codeLists,
    date: new Date().toISOString().slice(0, 10),
    rules: pageRules(table.type, rules.coverage, [...tables.rules.entries, ...rules.guidelines.entries]),
    listsNotChecked: rules.listsNotChecked,
    ...(shared.corridor !== undefined && { corridor: shared.corridor }),
  }
  return toHtml(table, context)
}

function load(name: string | undefined): NonNullable<typeof shared> {
  const corridor = name === undefined ? undefined : readCorridor(name)
  const tables = loadDocuments(corridor?.codelists)
  return { tables, rules: loadRuleBook(tables), corridor: corridor?.title }
}

import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MessageTable, pageRules, toHtml, toJsonSchema, toTypes, toXsd } from '@corridor/customs'
import { type DocumentTables, loadDocuments, loadMessages, loadRuleBook, type RuleBook } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

/** How documents.generated.ts is made; its header says so. */
const typesCommand = 'npx --no corridor schema --types > packages/customs/src/documents.generated.ts'

/** Files by name. */
type Files = ReadonlyMap<string, string>

/** What can be made from the table of one message. */
const forms: Record<string, (table: MessageTable) => Files> = {
  xsd: toXsd,
  'json-schema': (table) =>
    new Map([[`${table.type}.schema.json`, `${JSON.stringify(toJsonSchema(table), undefined, 2)}\n`]]),
  html: (table) => new Map([[`${table.type}.html`, page(table)]]),
  types: (table) =>
    new Map([[`${table.type}.types.ts`, toTypes([table], `npx --no corridor schema ${table.type} --types`)]]),
}

/**
 * `corridor schema [MESSAGE] --xsd|--json-schema|--html|--types [--into FOLDER]`: what a message may hold, in the form asked for, on
 * standard output or as files. Without MESSAGE: which messages there are, with --types the types of all of them, or with --into a file each.
 */
export async function schema(typed: string[]): Promise<number> {
  const { words, flags, options } = readArguments(typed, { flags: Object.keys(forms), options: ['into'], words: 1 })
  const [form, ...more] = flags
  if (more.length > 0) throw new UsageError('Ask for one form at a time.')
  const tables = chosen(words[0])
  const into = options.get('into')
  if (form === undefined) {
    if (words.length > 0 || into !== undefined) throw new UsageError(`Say in which form: ${sayForms(tables[0]!)}.`)
    await print(tables.map(listed).join(''))
  } else if (into !== undefined) await write(into, tables.map(forms[form]!))
  else if (words.length > 0) await print(onlyFile(forms[form]!(tables[0]!)))
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

let book: { tables: DocumentTables; rules: RuleBook } | undefined

function page(table: MessageTable): string {
  if (book === undefined) {
    const tables = loadDocuments()
    book = { tables, rules: loadRuleBook(tables) }
  }
  const { tables, rules } = book
  const said = pageRules(table.type, rules.coverage, [...tables.rules.entries, ...rules.guidelines.entries])
  return toHtml(table, { codeLists: tables.codeLists, date: new Date().toISOString().slice(0, 10), rules: said })
}

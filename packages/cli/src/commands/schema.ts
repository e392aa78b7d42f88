import { type MessageTable, type Messages, pageRules, toHtml, toJsonSchema, toTypes, toXsd } from '@corridor/customs'
import { loadDocuments, loadMessages, loadRuleBook } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

/** How documents.generated.ts is made; its header says so. */
const typesCommand = 'npx --no corridor schema --types > packages/customs/src/documents.generated.ts'

/** What can be made from the table of one message. */
const forms: Record<string, (table: MessageTable) => string> = {
  xsd: toXsd,
  html: page,
  'json-schema': (table) => `${JSON.stringify(toJsonSchema(table), undefined, 2)}\n`,
  types: (table) => toTypes([table], `npx --no corridor schema ${table.type} --types`),
}

/**
 * `corridor schema [MESSAGE] --xsd|--json-schema|--html|--types`: what a message may hold, in the form asked for. Without MESSAGE the
 * messages there are, or with --types the types of all of them.
 */
export async function schema(typed: string[]): Promise<number> {
  const { words, flags } = readArguments(typed, { flags: Object.keys(forms), words: 1 })
  const messages = loadMessages()
  const [type] = words
  const [form, ...more] = flags
  if (more.length > 0) throw new UsageError('Ask for one form at a time.')
  if (type === undefined) await print(form === undefined ? listOf(messages) : everyMessage(messages, form))
  else await print(oneMessage(messages, type, form))
  return 0
}

function listOf(messages: Messages): string {
  return messages.types
    .map((type) => {
      const { ie, acronym, title } = messages.get(type)!
      return `${type}  ${ie}  ${acronym.padEnd(9)}  ${title}\n`
    })
    .join('')
}

function everyMessage(messages: Messages, form: string): string {
  if (form !== 'types') throw new UsageError(`Say of which message: corridor schema CC015C --${form}.`)
  return toTypes(
    messages.types.map((type) => messages.get(type)!),
    typesCommand,
  )
}

function oneMessage(messages: Messages, type: string, form: string | undefined): string {
  const table = messages.get(type) ?? messages.get(type.toUpperCase())
  if (table === undefined) throw new UsageError(`There is no message “${type}”. corridor schema lists them.`)
  if (form === undefined)
    throw new UsageError(
      `Say in which form: corridor schema ${table.type} ${Object.keys(forms)
        .map((name) => `--${name}`)
        .join('|')}.`,
    )
  return forms[form]!(table)
}

function page(table: MessageTable): string {
  const tables = loadDocuments()
  const { coverage, guidelines } = loadRuleBook(tables)
  const rules = pageRules(table.type, coverage, [...tables.rules.entries, ...guidelines.entries])
  return toHtml(table, { codeLists: tables.codeLists, date: new Date().toISOString().slice(0, 10), rules })
}

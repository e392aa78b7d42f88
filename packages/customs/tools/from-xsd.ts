/**
 * Development tool: writes the message tables from an NCTS schema set.
 *
 *     node packages/customs/tools/from-xsd.ts <folder with xsd set> <p5_fields.tsv>
 *
 * The tables are what an analyst reads and edits afterwards; the product never reads a schema.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readFieldRules, type FieldRules } from './field-rules.ts'
import { formatNotation, namedFormats } from './format-notation.ts'
import { readSchema, type Schema, type SchemaField, type SchemaMessage } from './xsd-schema.ts'

const columns = ['depth', 'name', 'optionality', 'cardinality', 'format', 'codelist', 'rules']
const target = fileURLToPath(new URL('../messages/', import.meta.url))

/** Where a field is written once for several messages: the rows below it, and the messages that use it. */
interface Sharing {
  uses: Map<string, number>
  messages: Map<string, Set<string>>
}

function sharing(schema: Schema): Sharing {
  const uses = new Map<string, number>()
  const messages = new Map<string, Set<string>>()
  const visit = (fields: SchemaField[], type: string): void => {
    for (const { group } of fields) {
      if (!group) continue
      messages.set(group, (messages.get(group) ?? new Set()).add(type))
      visit(schema.groups.get(group)!, type)
    }
  }
  const count = (fields: SchemaField[]): void => {
    for (const { group } of fields) if (group) uses.set(group, (uses.get(group) ?? 0) + 1)
  }
  for (const message of schema.messages) {
    visit(message.fields, message.type)
    count(message.fields)
  }
  for (const [name, fields] of schema.groups) if (messages.has(name)) count(fields)
  messages.set('Header', new Set(schema.messages.map((message) => message.type)))
  return { uses, messages }
}

const groupName = (type: string): string => type.replace(/Type(\d*)$/, '$1')

function rows(
  fields: SchemaField[],
  depth: number,
  schema: Schema,
  shared: Sharing,
  rules: FieldRules,
  users: Set<string>,
): string[][] {
  return fields.flatMap((field) => {
    const isShared = field.group !== undefined && (shared.uses.get(field.group) ?? 0) > 1
    const format = field.facets
      ? formatNotation(field.format || headerFormat(field), field.facets)
      : isShared
        ? `=${groupName(field.group!)}`
        : ''
    const row = [
      String(depth),
      field.name,
      field.optionality,
      `${field.max}x`,
      format,
      field.codeList || (field.name === 'messageType' ? 'CL060' : ''),
      ruleColumn(rules.get(field), users),
    ]
    return [
      row,
      ...(field.group && !isShared
        ? rows(schema.groups.get(field.group)!, depth + 1, schema, shared, rules, users)
        : []),
    ]
  })
}

const officialOfHeader: Record<string, string> = {
  messageSender: 'an..35',
  messageRecipient: 'an..35',
  preparationDateAndTime: 'an19',
  messageIdentification: 'an..35',
  messageType: 'an6',
  correlationIdentifier: 'an..35',
}

function headerFormat(field: SchemaField): string {
  const official = officialOfHeader[field.name]
  if (!official) throw new Error(`${field.name} (${field.label}): no format, type ${field.facets?.typeName}`)
  return official
}

/** `R0003` for every message whose rules are known, `B1813@CC015C,CC013C` where they differ. */
function ruleColumn(said: Map<string, Set<string>> | undefined, users: Set<string>): string {
  if (!said) return ''
  const known = [...said.keys()].filter((type) => users.has(type))
  const ids = [...new Set(known.flatMap((type) => [...said.get(type)!]))].sort()
  return ids
    .map((id) => {
      const having = known.filter((type) => said.get(type)!.has(id))
      return having.length === known.length ? id : `${id}@${having.sort().join(',')}`
    })
    .join(' ')
}

function messageTable(message: SchemaMessage, schema: Schema, shared: Sharing, rules: FieldRules): string {
  const head = [
    ['#message', message.type],
    ['#ie', message.ie],
    ['#acronym', message.acronym],
    ['#title', message.title],
    ['#namespace', message.namespace],
    ['#phases', message.phases.sort().join(' ')],
    ['#edition', message.edition],
  ]
  const users = new Set([message.type])
  return text([
    ...head,
    columns,
    ['1', '+Header', '', '', '', '', ''],
    ...rows(message.fields, 1, schema, shared, rules, users),
  ])
}

function groupsTable(schema: Schema, shared: Sharing, rules: FieldRules): string {
  const out: string[][] = [columns]
  const names = [...schema.groups.keys()].filter((name) => name === 'Header' || (shared.uses.get(name) ?? 0) > 1)
  for (const name of names.sort()) {
    out.push(['0', groupName(name), '', '', '', '', ''])
    out.push(...rows(schema.groups.get(name)!, 1, schema, shared, rules, shared.messages.get(name)!))
  }
  return text(out)
}

function text(lines: string[][]): string {
  return lines.map((cells) => cells.join('\t').trimEnd()).join('\n') + '\n'
}

const [xsd, fieldTable] = process.argv.slice(2)
if (!xsd || !fieldTable) throw new Error('usage: from-xsd.ts <folder with xsd set> <p5_fields.tsv>')
const schema = readSchema(xsd)
const shared = sharing(schema)
const found = readFieldRules(fieldTable, schema)
mkdirSync(target, { recursive: true })
for (const message of schema.messages)
  writeFileSync(`${target}${message.type}.tsv`, messageTable(message, schema, shared, found.rules))
writeFileSync(`${target}groups.tsv`, groupsTable(schema, shared, found.rules))
writeFileSync(`${target}formats.tsv`, text([['name', 'whitespace', 'pattern', 'values'], ...namedFormats()]))
process.stdout.write(
  `${schema.messages.length} messages, ${readFileSync(`${target}groups.tsv`, 'utf8').match(/^0\t/gm)!.length} shared groups, ` +
    `rules found for ${found.matched} of ${found.rows} rows\n`,
)

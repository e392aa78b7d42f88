/**
 * Finds the rule and condition ids of each field: aligns the rows of a rule table (labels in document order, without paths) with
 * the fields of the schema in document order. The two are of neighbouring editions, so it is a longest common subsequence.
 */
import { readFileSync } from 'node:fs'
import type { Schema, SchemaField, SchemaMessage } from './xsd-schema.ts'

interface FieldRow {
  label: string
  isGroup: boolean
  rules: string[]
}

/** For each field object of the schema: message type → rule ids. */
export type FieldRules = Map<SchemaField, Map<string, Set<string>>>

/** Reads the rule table and returns what it says of each field, and how many of its rows found their field. */
export function readFieldRules(file: string, schema: Schema): { rules: FieldRules; matched: number; rows: number } {
  const byMessage = new Map<string, FieldRow[]>()
  for (const line of readFileSync(file, 'utf8').split('\n').slice(1)) {
    const [message, , label, , format, , rules] = line.split('\t')
    if (!message || !label) continue
    const rows = byMessage.get(message) ?? []
    byMessage.set(message, rows)
    rows.push({
      label: plain(label),
      isGroup: /^\d+x$/.test(format ?? ''),
      rules: (rules ?? '').split(' ').filter(Boolean),
    })
  }
  const found: FieldRules = new Map()
  let matched = 0
  let rows = 0
  for (const message of schema.messages) {
    const table = byMessage.get(message.ie)
    if (!table || !message.type.startsWith('CC')) continue
    rows += table.length
    for (const [field, row] of align(inOrder(message, schema), table)) {
      matched += 1
      const messages = found.get(field) ?? new Map<string, Set<string>>()
      found.set(field, messages)
      messages.set(message.type, new Set([...(messages.get(message.type) ?? []), ...row.rules]))
    }
  }
  return { rules: found, matched, rows }
}

function inOrder(message: SchemaMessage, schema: Schema): SchemaField[] {
  const visit = (fields: SchemaField[]): SchemaField[] =>
    fields.flatMap((field) => [field, ...(field.group ? visit(schema.groups.get(field.group)!) : [])])
  return visit([...schema.groups.get('Header')!, ...message.fields])
}

function align(fields: SchemaField[], rows: FieldRow[]): [SchemaField, FieldRow][] {
  const same = (field: SchemaField, row: FieldRow): boolean =>
    plain(field.label) === row.label && (field.group !== undefined) === row.isGroup
  const width = rows.length + 1
  const best = new Uint16Array((fields.length + 1) * width)
  for (let i = fields.length - 1; i >= 0; i--)
    for (let j = rows.length - 1; j >= 0; j--)
      best[i * width + j] = same(fields[i]!, rows[j]!)
        ? best[(i + 1) * width + j + 1]! + 1
        : Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!)
  const pairs: [SchemaField, FieldRow][] = []
  for (let i = 0, j = 0; i < fields.length && j < rows.length;) {
    if (same(fields[i]!, rows[j]!)) pairs.push([fields[i++]!, rows[j++]!])
    else if (best[(i + 1) * width + j]! >= best[i * width + j + 1]!) i++
    else j++
  }
  return pairs
}

function plain(label: string): string {
  return label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}

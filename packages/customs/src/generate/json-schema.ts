/** A JSON Schema (2020-12) of a message's JSON form: it accepts what the reader of that form (json/json.ts) accepts. */
import { ecmaPattern } from '../format/pattern.ts'
import type { Format } from '../format/format.ts'
import type { TableNode } from '../messages/fields.ts'
import type { MessageTable } from '../messages/messages.ts'
import { facetsOf, type Facets } from './facets.ts'
import { mayBeEmpty } from '../json/keys.ts'
import { alternatives, asks, together } from './json-presence.ts'
import { rulesOf } from './rules-of.ts'

/** A JSON Schema, as JSON. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/**
 * The schema of `{"CC015C": {…}}`. Formats and shared groups are in `$defs`; dates and numbers are patterns, since every value is a
 * string. `x-code-list` and `x-rules` say what else is checked there.
 */
export function toJsonSchema(table: MessageTable): JsonSchema {
  const defs = new Map<string, JsonSchema>()
  const { root, phases } = table
  const message = content(root, table.type, defs, phases.length > 0 ? { PhaseID: { enum: phases } } : {})
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:corridor:schema:${table.type}:${table.edition}`,
    title: `${table.type}${table.ie === '' ? '' : ` (${table.ie})`} ${table.title}`,
    type: 'object',
    required: [table.type],
    additionalProperties: false,
    properties: { [table.type]: message },
    $defs: Object.fromEntries([...defs].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

type Defs = Map<string, JsonSchema>

/** The object of an element with elements or attributes, or of a model group with a name. */
function content(node: TableNode, type: string, defs: Defs, more: JsonSchema = {}): JsonSchema {
  const { attributes = [], children = [], format, kind } = node
  const properties: Record<string, unknown> = { ...more }
  for (const attribute of attributes) properties[attribute.name] = property(attribute, type, defs)
  if (format) properties['#text'] = reference(format.notation, defs, () => text(format))
  for (const row of withKeys(children)) properties[row.name] = property(row, type, defs)
  const own = attributes.filter((each) => each.required).map(({ name }) => name)
  const asked = kind === 'choice' ? [alternatives({ ...node, required: true })] : children.map(asks)
  const { required = [], allOf = [] } = together([{ required: [...own, ...(format ? ['#text'] : [])] }, ...asked])
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    properties,
    ...(kind !== undefined && mayBeEmpty(node) && { minProperties: 1 }),
    ...(allOf.length > 0 && { allOf }),
  }
}

/** The rows that have a key of their own in an object, those of model groups without a name included. */
function withKeys(rows: readonly TableNode[]): TableNode[] {
  return rows.flatMap((row) => (row.name === '' ? withKeys(row.children!) : [row]))
}

function property(row: TableNode, type: string, defs: Defs): JsonSchema {
  const rules = rulesOf(row, type)
  const { repeats, min, max, codeList } = row
  const limits = { minItems: Math.max(min, 1), ...(max !== Infinity && { maxItems: max }) }
  return {
    ...(repeats ? { type: 'array', ...limits, items: one(row, type, defs) } : one(row, type, defs)),
    ...(codeList !== undefined && { 'x-code-list': codeList }),
    ...(rules.length > 0 && { 'x-rules': rules }),
  }
}

function one(row: TableNode, type: string, defs: Defs): JsonSchema {
  const { group, format, attributes } = row
  if (group !== undefined) return reference(group, defs, () => content(row, type, defs))
  if (format && attributes === undefined) return reference(format.notation, defs, () => text(format))
  return content(row, type, defs)
}

function reference(name: string, defs: Defs, make: () => JsonSchema): JsonSchema {
  if (!defs.has(name)) {
    defs.set(name, {})
    defs.set(name, make())
  }
  return { $ref: `#/$defs/${encodeURIComponent(name)}` }
}

/** Any character that XML keeps in a value, and no white space but single spaces inside. */
const kept = String.raw`[^\u0000-\u001F\uD800-\uDFFF\uFFFE\uFFFF]*`
const collapsed = String.raw`(?! )(?!.*  )(?!.* $)${kept}`

function text(format: Format): JsonSchema {
  const facets = facetsOf(format)
  const { base, minLength, maxLength, patterns, values } = facets
  if (values) return { type: 'string', enum: values }
  if (base === 'date') return patterned(day)
  if (base === 'dateTime') return patterned(dateTime(format.notation.includes('whole-seconds')))
  if (base === 'decimal') return patterned(decimal(facets))
  if (base === 'integer') return patterned(wholeNumbers(facets))
  const own = patterns.map((pattern) => patterned(ecmaPattern(pattern)))
  const all = [patterned(base === 'token' ? collapsed : kept), ...own]
  return {
    type: 'string',
    minLength,
    maxLength,
    ...(all.length === 1 ? { pattern: all[0]!['pattern'] } : { allOf: all.map(({ pattern }) => ({ pattern })) }),
  }
}

function patterned(pattern: string): JsonSchema {
  return { type: 'string', pattern: `^(?:${pattern})$` }
}

/** A calendar date of the years 0001 to 9999; the last part is 29 February of leap years. */
const day =
  '(?!0000)(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))' +
  '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)'

function dateTime(wholeSeconds: boolean): string {
  const [fraction, none] = wholeSeconds ? ['', ''] : [String.raw`(?:\.[0-9]+)?`, String.raw`(?:\.0+)?`]
  return `${day}T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]${fraction}|24:00:00${none})`
}

/** Digits count without the zeros at the end of the decimals and without a zero before the point (XML Schema part 2, totalDigits). */
function decimal({ totalDigits = 0, fractionDigits = 0, positive }: Facets): string {
  const whole = (digits: number) => (digits === 0 ? '0' : `(?:0|[1-9][0-9]{0,${digits - 1}})`)
  const ways = Array.from({ length: fractionDigits + 1 }, (_, decimals) =>
    decimals === 0
      ? String.raw`${whole(totalDigits)}(?:\.0+)?`
      : String.raw`${whole(totalDigits - decimals)}\.[0-9]{${decimals}}0*`,
  )
  return `${positive ? '(?=.*[1-9])' : ''}(?:${ways.join('|')})`
}

/** The whole numbers from `low` to `high` without leading zeros: `1 to 1999` → `[1-9]|[1-9][0-9]|[1-9][0-9]{2}|1[0-9]{3}`. */
function wholeNumbers({ minInclusive: low = 0, maxInclusive: high = 0 }: Facets): string {
  const runs: { prefix: string; first: string; last: string; free: number }[] = []
  let from = low
  while (from <= high) {
    let free = 0
    while (isRun(from, free + 1, high)) free += 1
    const fixed = String(from).slice(0, String(from).length - free)
    const [prefix, digit] = [fixed.slice(0, -1), fixed.slice(-1)]
    const before = runs.at(-1)
    if (before?.prefix === prefix && before.free === free) before.last = digit
    else runs.push({ prefix, first: digit, last: digit, free })
    from += 10 ** free
  }
  return runs.map(({ prefix, first, last, free }) => prefix + either(first, last) + anyDigits(free)).join('|')
}

/** Whether every number that begins as `from` and ends in `free` digits of any kind is in the range from there to `high`. */
function isRun(from: number, free: number, high: number): boolean {
  const last = from + 10 ** free - 1
  return from > 0 && from % 10 ** free === 0 && last <= high && String(last).length === String(from).length
}

const either = (first: string, last: string): string => (first === last ? first : `[${first}-${last}]`)
const anyDigits = (count: number): string => (count === 0 ? '' : count === 1 ? '[0-9]' : `[0-9]{${count}}`)

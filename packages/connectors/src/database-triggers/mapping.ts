/** What of a national database is captured: said in a file, made to SQL. */
import { ConnectorsFault } from '../faults.ts'
import { events as known, isEvent } from '../national-system.ts'

/** One table whose rows are declarations. */
export interface Capture {
  /** small letters, digits, underscores: names the functions of it */
  readonly name: string
  /** `schema.table` */
  readonly table: string
  /** columns that together are the number of a declaration */
  readonly key: readonly string[]
  /** column of the state, and what of its values is captured as which event: `{ RELEASED: released, CANCELLED: cancelled }` */
  readonly state: { readonly column: string; readonly events: Readonly<Record<string, string>> }
  /**
   * Where the declaration itself is: a column of text or XML, one of bytes, a function `schema.name` of the row that gives text, or the row as JSON.
   */
  readonly content: { readonly column: string } | { readonly bytes: string } | { readonly function: string } | 'row'
}

/** What is installed in a national database. */
export interface TriggerMapping {
  /** role that the gateway signs in with; it gets rights on the schema of the gateway alone */
  readonly gatewayRole: string
  /** role of the national system that reads results, where it is not the owner of the tables */
  readonly nationalRole?: string
  readonly captures: readonly Capture[]
}

/**
 * Reads a mapping as it came out of a file. Throws `connectors.mapping` with the place that is wrong: a mapping becomes SQL that an
 * administrator runs, so nothing in it is taken on trust.
 */
export function readMapping(value: unknown): TriggerMapping {
  const top = record(value, 'the mapping', ['gatewayRole', 'nationalRole', 'captures'])
  const captures = list(top['captures'], 'captures').map((each, at) => readCapture(each, `captures[${at}]`))
  const twice = captures.find(({ name }, at) => captures.findIndex((other) => other.name === name) < at)
  if (twice) wrong(`captures: ${twice.name} is there twice`)
  return {
    gatewayRole: identifier(top['gatewayRole'], 'gatewayRole'),
    ...(top['nationalRole'] !== undefined && { nationalRole: identifier(top['nationalRole'], 'nationalRole') }),
    captures,
  }
}

function readCapture(value: unknown, place: string): Capture {
  const given = record(value, place, ['name', 'table', 'key', 'state', 'content'])
  const name = identifier(given['name'], `${place}.name`)
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(name)) wrong(`${place}.name: small letters, digits and underscores, at most 31`)
  const state = record(given['state'], `${place}.state`, ['column', 'events'])
  const events = record(state['events'], `${place}.state.events`)
  if (Object.keys(events).length === 0) wrong(`${place}.state.events: name at least one value`)
  return {
    name,
    table: qualified(given['table'], `${place}.table`),
    key: list(given['key'], `${place}.key`).map((column, at) => identifier(column, `${place}.key[${at}]`)),
    state: {
      column: identifier(state['column'], `${place}.state.column`),
      events: Object.fromEntries(
        Object.entries(events).map(([from, to]) => [
          plain(from, `${place}.state.events`),
          eventName(to, `${place}.state.events.${from}`),
        ]),
      ),
    },
    content: readContent(given['content'], `${place}.content`),
  }
}

function readContent(value: unknown, place: string): Capture['content'] {
  if (value === 'row') return 'row'
  const given = record(value, place, ['column', 'bytes', 'function'])
  const [[kind, name] = [], ...others] = Object.entries(given)
  if (kind === undefined || others.length > 0) return wrong(`${place}: one of column, bytes, function, or the word row`)
  if (kind === 'function') return { function: qualified(name, `${place}.function`) }
  const column = identifier(name, `${place}.${kind}`)
  return kind === 'bytes' ? { bytes: column } : { column }
}

function wrong(text: string): never {
  throw new ConnectorsFault('connectors.mapping', text)
}

function record(value: unknown, place: string, known?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(`${place}: must have members`)
  const stray = known && Object.keys(value).find((name) => !known.includes(name))
  if (stray !== undefined) wrong(`${place}: there is no ${stray} here`)
  return value as Record<string, unknown>
}

function list(value: unknown, place: string): unknown[] {
  return Array.isArray(value) && value.length > 0 ? value : wrong(`${place}: must be a list with at least one entry`)
}

/** A name of PostgreSQL as it stands in its catalogues: at most 63 bytes, none of which is NUL. */
function identifier(value: unknown, place: string): string {
  const isName = typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= 63 && !value.includes('\0')
  return isName ? plain(value, place) : wrong(`${place}: must be a name of at most 63 bytes`)
}

/** Quotes hold every other character; a dollar could end the body of a function, and a line break a comment. */
function plain(text: string, place: string): string {
  return /[\p{Cc}\p{Zl}\p{Zp}$]/u.test(text) ? wrong(`${place}: no dollar sign, line break or control character`) : text
}

function qualified(value: unknown, place: string): string {
  const parts = typeof value === 'string' ? value.split('.') : []
  if (parts.length !== 2) return wrong(`${place}: must be schema.name`)
  return parts.map((part) => identifier(part, place)).join('.')
}

function eventName(value: unknown, place: string): string {
  return typeof value === 'string' && isEvent(value) ? value : wrong(`${place}: must be one of ${known.join(', ')}`)
}

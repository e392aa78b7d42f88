/** The SQL that an administrator of a national database runs, or has run for him. */
import { readFileSync } from 'node:fs'
import type { Capture, TriggerMapping } from './mapping.ts'

const file = (name: string): string => readFileSync(new URL(`sql/${name}.sql`, import.meta.url), 'utf8')

/** A name of PostgreSQL, quoted; `schema.name` in its parts. */
export const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')

/** A text of SQL. Backslashes mean themselves, as in every PostgreSQL of today (standard_conforming_strings). */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** One text: everything that is installed for a mapping. It may be run again, also with another mapping. */
export function installSql(mapping: TriggerMapping): string {
  return [
    file('install'),
    ...mapping.captures.map(captureSql),
    filled(file('rights'), { gatewayRole: quoted(mapping.gatewayRole) }),
    ...(mapping.nationalRole === undefined
      ? []
      : [filled(file('national-rights'), { nationalRole: quoted(mapping.nationalRole) })]),
  ].join('\n')
}

/** Takes all of it out again. @param discard also when something waits in the outbox */
export function uninstallSql(discard: boolean): string {
  return filled(file('uninstall'), { isKept: String(!discard) })
}

function captureSql(capture: Capture): string {
  const column = (name: string): string => `new.${quoted(name)}`
  const { column: state, events } = capture.state
  const cases = Object.entries(events).map(([value, event]) => `when ${literal(value)} then ${literal(event)}`)
  return filled(file('capture'), {
    nameLiteral: literal(capture.name),
    table: quoted(capture.table),
    capture: quoted(`capture_${capture.name}`),
    recapture: quoted(recaptureOf(capture.name)),
    trigger: quoted(`corridor_gateway_${capture.name}`),
    // In brackets, since PL/pgSQL would take the first THEN for its own.
    event: `(case ${column(state)}::text ${cases.join(' ')} end)`,
    // With || and not concat: a number of which a part is missing is none, and is told as a failure.
    declaration: capture.key.map((name) => `${column(name)}::text`).join(` || '-' || `),
    isChanged: changedSql(capture),
    order: capture.key.map(quoted).join(', '),
    content: contentSql(capture.content, column),
  })
}

/**
 * Whether an update may have made another declaration of a row. A function may read more than the row: what it gives is compared when it is captured.
 * As texts, but bytes: not each type can be compared.
 */
function changedSql({ key, state, content }: Capture): string {
  if (content !== 'row' && 'function' in content) return 'true'
  if (content === 'row') return `to_jsonb(old)::text is distinct from to_jsonb(new)::text`
  const texts = [...key, state.column, ...('column' in content ? [content.column] : [])].map(quoted)
  const changed = texts.map((name) => `old.${name}::text is distinct from new.${name}::text`)
  if ('bytes' in content) changed.push(`old.${quoted(content.bytes)} is distinct from new.${quoted(content.bytes)}`)
  return `(${changed.join(' or ')})`
}

export const recaptureOf = (name: string): string => `recapture_${name}`

function contentSql(content: Capture['content'], column: (name: string) => string): string {
  if (content === 'row') return `convert_to(to_jsonb(new)::text, 'UTF8')`
  if ('bytes' in content) return column(content.bytes)
  const text = 'function' in content ? `${quoted(content.function)}(new)` : column(content.column)
  return `convert_to(${text}::text, 'UTF8')`
}

/** Fills `{name}` in; what stands in the braces of PostgreSQL's own texts is left. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{([A-Za-z]+)\}/g, (whole, name: string) => values[name] ?? whole)
}

import type { Checked } from './check-input.ts'

/** More than these of one file are counted, not shown; `--json` has them all. */
const mostShown = 50
const mostCharacters = 160

/**
 * A text of unknown origin for a terminal: control and format characters (escape sequences, direction overrides) are written out, and what
 * is very long is cut.
 */
export function safe(text: string, most = mostCharacters): string {
  const visible = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
  return visible.length <= most ? visible : `${visible.slice(0, most)}…`
}

/**
 * One file as people read it: name, message, verdict; then each finding with place, rule, value, what is allowed, remedy; then the rules
 * that could not be evaluated.
 */
export function tell(
  { file, message, edition, valid, findings }: Checked,
  notEvaluated: readonly string[] = [],
): string {
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  const of = message === null ? '' : `  ${message} ${edition}`
  const lines = [`${safe(file)}${of}  ${valid ? 'valid' : count}`]
  for (const finding of findings.slice(0, mostShown)) {
    const { line, column, path, rule, value, allowed, text, remedy } = finding
    const place = line === undefined ? '' : `${line}:${column}`
    lines.push(
      `  ${[place.padEnd(8), rule, path].filter((part) => part !== '').join('  ')}`,
      ...[
        text,
        ...(value === undefined ? [] : [`value    ${quoted(value)}`]),
        ...allowedLine(allowed),
        `remedy   ${remedy}`,
      ].map((each) => `            ${safe(each)}`),
    )
  }
  if (findings.length > mostShown) lines.push(`  … and ${findings.length - mostShown} more; --json has them all`)
  if (notEvaluated.length > 0)
    lines.push(`  not evaluated for want of facts beyond the document: ${notEvaluated.join(' ')}`)
  return `${lines.join('\n')}\n`
}

function quoted(value: string): string {
  return value === '' ? '(empty)' : `“${value}”`
}

function allowedLine(allowed: string | undefined): string[] {
  return allowed === undefined ? [] : [`allowed  ${allowed === '' ? '(nothing)' : allowed}`]
}

import type { Remark } from '@corridor/customs'
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
 * One file as people read it: name, message, verdict; then each finding with place, rule, value, what is allowed, remedy; then remarks in
 * the same way; then the rules that could not be evaluated.
 */
export function tell(
  { file, message, edition, valid, findings, remarks }: Checked,
  notEvaluated: readonly string[] = [],
): string {
  const of = message === null ? '' : `  ${message} ${edition}`
  const verdict = [
    ...(valid ? ['valid'] : [counted(findings.length, 'finding')]),
    ...(remarks.length === 0 ? [] : [counted(remarks.length, 'remark')]),
  ]
  const lines = [`${safe(file)}${of}  ${verdict.join(', ')}`, ...shown(findings)]
  if (remarks.length > 0) lines.push('  Remarks (nobody is refused for them)', ...shown(remarks))
  if (notEvaluated.length > 0)
    lines.push(`  not evaluated for want of facts beyond the document: ${notEvaluated.join(' ')}`)
  return `${lines.join('\n')}\n`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** The first of the findings or remarks, and how many more there are. */
function shown(all: readonly Remark[]): string[] {
  const lines = all.slice(0, mostShown).flatMap(({ line, column, path, rule, value, allowed, text, remedy }) => {
    const place = line === undefined ? '' : `${line}:${column}`
    return [
      `  ${[place.padEnd(8), rule, path].filter((part) => part !== '').join('  ')}`,
      ...[
        text,
        ...(value === undefined ? [] : [`value    ${quoted(value)}`]),
        ...allowedLine(allowed),
        `remedy   ${remedy}`,
      ].map((each) => `            ${safe(each)}`),
    ]
  })
  return all.length > mostShown ? [...lines, `  … and ${all.length - mostShown} more; --json has them all`] : lines
}

function quoted(value: string): string {
  return value === '' ? '(empty)' : `“${value}”`
}

function allowedLine(allowed: string | undefined): string[] {
  return allowed === undefined ? [] : [`allowed  ${allowed === '' ? '(nothing)' : allowed}`]
}

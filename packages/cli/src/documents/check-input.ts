import { examine, type Finding, withLines } from '@corridor/customs'
import type { DocumentTables } from '@corridor/tables'
import type { Input } from './input.ts'
import { fileFinding, type FileFinding, readDocument } from './read-document.ts'

/** The verdict on one file, as `--json` writes it. */
export interface Checked {
  readonly file: string
  /** the message type; null when the file is no message that is known */
  readonly message: string | null
  readonly edition: string | null
  readonly valid: boolean
  readonly findings: readonly (Finding | FileFinding)[]
}

/** The verdict, and what could not be told. */
export interface Outcome {
  readonly checked: Checked
  /** ids of rules that would have needed a fact beyond the document */
  readonly notEvaluated: readonly string[]
}

/** How files are checked. */
export interface HowToCheck {
  readonly tables: DocumentTables
  /** structure and formats only */
  readonly structure: boolean
  /** the day whose codes and rules count, `yyyy-mm-dd` */
  readonly at: string
}

/** Structure first; code lists and rules when that is right, because they look at a document that is whole. */
export function checkInput(input: Input, { tables, structure, at }: HowToCheck): Outcome {
  const { file } = input
  if (!('bytes' in input)) {
    const findings = [fileFinding('unreadable', input.text, input.remedy)]
    return { checked: { file, message: null, edition: null, valid: false, findings }, notEvaluated: [] }
  }
  const { form, table, document, findings: found } = readDocument(tables.messages, input.bytes)
  let findings = found
  let notEvaluated: readonly string[] = []
  if (table !== undefined && document !== undefined && found.length === 0 && !structure) {
    const examined = examine(table, document, { ...tables, date: at })
    findings = form === 'xml' ? withLines(examined.findings, input.bytes) : examined.findings
    notEvaluated = [...new Set(examined.notEvaluated.map(({ rule }) => rule))].sort()
  }
  const { type: message = null, edition = null } = table ?? {}
  return { checked: { file, message, edition, valid: findings.length === 0, findings }, notEvaluated }
}

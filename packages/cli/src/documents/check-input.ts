import { examine, type Finding, type Guidelines, type Remark, withLines } from '@corridor/customs'
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
  /** what guidelines say; a document is valid with them */
  readonly remarks: readonly Remark[]
}

/** The verdict, and what could not be told. */
export interface Outcome {
  readonly checked: Checked
  /** ids of rules and guidelines that would have needed a fact beyond the document */
  readonly notEvaluated: readonly string[]
}

/** How files are checked. */
export interface HowToCheck {
  readonly tables: DocumentTables
  readonly guidelines: Guidelines
  /** structure and formats only */
  readonly structure: boolean
  /** the day whose codes and rules count, `yyyy-mm-dd` */
  readonly at: string
}

/** Structure first; code lists, rules and guidelines when that is right, because they look at a document that is whole. */
export function checkInput(input: Input, { tables, guidelines, structure, at }: HowToCheck): Outcome {
  const { file } = input
  if (!('bytes' in input)) {
    const findings = [fileFinding('unreadable', input.text, input.remedy)]
    return { checked: { file, message: null, edition: null, valid: false, findings, remarks: [] }, notEvaluated: [] }
  }
  const { form, table, document, findings: found } = readDocument(tables.messages, input.bytes)
  let findings = found
  let remarks: readonly Remark[] = []
  let notEvaluated: readonly string[] = []
  if (table !== undefined && document !== undefined && found.length === 0 && !structure) {
    const located = <T extends Finding | Remark>(all: readonly T[]): readonly T[] =>
      form === 'xml' ? withLines(all, input.bytes) : all
    const context = { ...tables, date: at }
    const examined = examine(table, document, context)
    const remarked = guidelines.remark(table.type, document, context)
    findings = located(examined.findings)
    remarks = located(remarked.remarks)
    const open = [...examined.notEvaluated, ...remarked.notEvaluated]
    notEvaluated = [...new Set(open.map(({ rule }) => rule))].sort()
  }
  const { type: message = null, edition = null } = table ?? {}
  return { checked: { file, message, edition, valid: findings.length === 0, findings, remarks }, notEvaluated }
}

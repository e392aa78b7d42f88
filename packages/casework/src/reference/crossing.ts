/** Documents that cross between administrations: national codes become common ones on the way out, common ones national on the way in. */
import { type Doc, type Finding, type MessageTable, translate, type Way } from '@corridor/customs'
import { reason } from '@corridor/procedures'
import type { CaseworkPorts } from '../ports.ts'

/** A document as the other side, or we, call things; what has no counterpart stands in it as it was. */
export interface Crossed {
  document: Doc
  /** one for each code that has no counterpart */
  missing: Finding[]
  /** The findings of a check of the crossed document, with the values that stand in the document as it came. */
  asItCame(findings: readonly Finding[]): Finding[]
}

/** Why a document is refused whose code has no counterpart: a partner's, and a trader's that would have to cross later. */
const refusals = { back: 'N0018', forward: 'N0019' } as const

/** Translates a document as of a day (`yyyy-mm-dd`); without a correspondence it stays as it is. */
export function crossing(ports: CaseworkPorts, table: MessageTable, doc: Doc, way: Way, date: string): Crossed {
  if (ports.correspondence === undefined) return { document: doc, missing: [], asItCame: (findings) => [...findings] }
  const { document, changed, missing } = translate(doc, table, ports.correspondence, way, date)
  const came = new Map(changed.map(({ path, from }) => [path, from]))
  const without = new Set(missing.map(({ path }) => path))
  return {
    document,
    missing: missing.map(({ path, list, code, note }): Finding => {
      const refusal = reason(ports.law, refusals[way], doc, path)
      const text = `${code} has no counterpart in ${list} of the other side. ${note}`.trim()
      return { ...refusal, kind: 'codelist', text, ...(code !== '' && { value: code }) }
    }),
    asItCame: (findings) =>
      findings
        .filter((finding) => finding.kind !== 'codelist' || !without.has(finding.path))
        .map((finding) => (came.has(finding.path) ? { ...finding, value: came.get(finding.path)! } : finding)),
  }
}

/** Findings as a problem document (RFC 9457): what an HTTP interface answers to a document that it cannot take. */
import type { Finding } from './finding.ts'

/** One finding in a problem document. */
export interface ProblemError {
  /** what is wrong */
  readonly detail: string
  /** where, in the JSON form: a JSON Pointer in its URI fragment form (RFC 6901 section 6), `#/CC015C/Guarantee/0/guaranteeType` */
  readonly pointer: string
  /** where, in the XML form: an XPath, `/CC015C/Guarantee[1]/guaranteeType` */
  readonly path: string
  /** id of the rule or code list, or the facet that failed */
  readonly rule: string
  /** code of CL030 (structure and format) or CL180 (the others) */
  readonly code: string
  readonly line?: number
  readonly column?: number
  readonly value?: string
  readonly allowed?: string
  readonly remedy: string
}

/** A problem document (RFC 9457 section 3.1) with every finding. */
export interface DocumentProblem {
  readonly type: string
  readonly title: string
  readonly status: 422
  readonly detail: string
  readonly instance?: string
  readonly errors: readonly ProblemError[]
}

/** Findings as a problem document; serve it as `application/problem+json`. `instance` is a URI that names this occurrence. */
export function toProblem(findings: readonly Finding[], instance?: string): DocumentProblem {
  const count = findings.length === 1 ? 'one finding' : `${findings.length} findings`
  return {
    type: 'urn:corridor:problem:document-findings',
    title: 'The document has errors',
    status: 422,
    detail: `The document was not taken: ${count}, each with its place and a remedy.`,
    ...(instance !== undefined && { instance }),
    errors: findings.map(({ text, path, rule, code, line, column, value, allowed, remedy }) => ({
      detail: text,
      pointer: pointerOf(path),
      path,
      rule,
      code,
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column }),
      ...(value !== undefined && { value }),
      ...(allowed !== undefined && { allowed }),
      remedy,
    })),
  }
}

/** The place of an XPath in the JSON form: occurrences count from 0 there, and an attribute is a name like any other. */
function pointerOf(path: string): string {
  const steps = path.split('/').slice(1).filter(Boolean)
  const names = steps.flatMap((step) => {
    const [, name = step, index] = /^@?([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? []
    return index === undefined ? [name] : [name, String(Number(index) - 1)]
  })
  return `#${names.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`
}

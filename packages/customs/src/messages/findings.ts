/** What readers find wrong with structure and format, in words; one wording for both readers. */
import { pathOf, type Place } from '../document.ts'
import { isSecret, maxFindings, xmlErrorCode, type Finding } from '../finding.ts'
import type { Format, FormatProblem } from '../format/format.ts'
import { trim } from '../format/texts.ts'
import type { TableNode } from './fields.ts'
import type { Member } from './plan.ts'

/** A finding before it has a place; made for one finding each. */
export type Problem = Omit<Finding, 'kind' | 'path' | 'line' | 'column'>

type Placed = { -readonly [K in keyof Finding]: Finding[K] }

/** Collects the findings of one reading. `W` is what a reader knows the place of an element by. */
export class Findings<W> {
  readonly list: Finding[] = []
  readonly #locate: (where: W) => { line: number; column: number }

  constructor(locate: (where: W) => { line: number; column: number }) {
    this.#locate = locate
  }

  /** There are as many as a rejection can carry; what more is wrong is not looked for. */
  get isFull(): boolean {
    return this.list.length >= maxFindings
  }

  add(problem: Problem, at: Place, where: W): void {
    if (this.isFull) return
    const { line, column } = this.#locate(where)
    // A wrong document can have thousands of these; copying each would take longer than reading it.
    const finding = problem as Placed
    finding.kind = 'xml'
    finding.path = pathOf(at)
    finding.line = line
    finding.column = column
    this.list.push(finding)
  }
}

export const wrongFormat = (name: string, { notation }: Format, problem: FormatProblem, value: string): Problem => {
  const { facet: rule, code, allowed, remedy } = problem
  const text = `The value does not have the form ${notation}.`
  return isSecret(name) ? { rule, code, allowed, remedy, text } : { rule, code, value, allowed, remedy, text }
}

export const strayAttribute = (local: string, value: string): Problem => ({
  rule: 'attribute',
  code: xmlErrorCode.position,
  value,
  remedy: `Remove the attribute ${local}.`,
  text: `The attribute ${local} is not allowed here.`,
})

export const missingAttribute = ({ name, format }: TableNode): Problem => ({
  rule: 'required',
  code: xmlErrorCode.missing,
  ...(format && { allowed: format.notation }),
  remedy: `Add the attribute ${name.slice(1)}.`,
  text: `The attribute ${name.slice(1)} is required and missing.`,
})

export const strayText = (text: string): Problem => ({
  rule: 'text',
  code: xmlErrorCode.position,
  value: trim(text),
  remedy: 'Remove the text between the elements.',
  text: 'A group holds elements, no text.',
})

/** `expected` is the namespace in which the group has an element of this name. */
export const unknownElement = (local: string, namespace: string, expected: string | undefined): Problem => {
  const qualify =
    expected === ''
      ? `Write ${local} without a namespace: only the document element has one.`
      : `Write ${local} in the namespace ${expected}.`
  return {
    rule: 'unknown',
    code: xmlErrorCode.position,
    value: local,
    remedy: expected === undefined ? `Remove ${local}.` : qualify,
    text:
      namespace === ''
        ? `${local} is not part of this group.`
        : `${local} in the namespace ${namespace} is not part of this group.`,
  }
}

export const outOfOrder = (name: string, after: string): Problem => ({
  rule: 'order',
  code: xmlErrorCode.position,
  value: name,
  remedy: `Put ${name} before ${after}.`,
  text: `${name} comes too late in its group.`,
})

export const tooMany = ({ name, max }: Pick<Member, 'name' | 'max'>): Problem => ({
  rule: 'maxOccurs',
  code: xmlErrorCode.repetitions,
  allowed: `${max}x`,
  remedy: `Give ${name} at most ${max} times.`,
  text: `${name} occurs too often.`,
})

export const tooFew = ({ name, min }: Pick<Member, 'name' | 'min'>): Problem => ({
  rule: 'minOccurs',
  code: xmlErrorCode.repetitions,
  allowed: `at least ${min}x`,
  remedy: `Give ${name} at least ${min} times.`,
  text: `${name} occurs too seldom.`,
})

export const notBoth = (name: string, chosen: string): Problem => ({
  rule: 'choice',
  code: xmlErrorCode.position,
  value: name,
  remedy: `Give ${chosen} or ${name}, not both.`,
  text: `${name} is not allowed beside ${chosen}.`,
})

export const missing = ({ name, format }: Pick<TableNode, 'name' | 'format'>): Problem => ({
  rule: 'required',
  code: xmlErrorCode.missing,
  ...(format && { allowed: format.notation }),
  remedy: `Add ${name}.`,
  text: `${name} is required and missing.`,
})

export const missingChoice = (names: readonly string[]): Problem => ({
  rule: 'required',
  code: xmlErrorCode.missing,
  allowed: names.join(' or '),
  remedy: `Add ${names.join(' or ')}.`,
  text: `One of ${names.join(', ')} is required and missing.`,
})

export const wrongPhase = (value: string, phases: readonly string[]): Problem => ({
  rule: 'enumeration',
  code: xmlErrorCode.enumeration,
  value,
  allowed: phases.join(', '),
  remedy: 'Give a PhaseID of this edition, or none.',
  text: 'The PhaseID is not one of this edition.',
})

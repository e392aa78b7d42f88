/** What can be wrong in JSON only, in words. */
import { valueToShow, xmlErrorCode } from '../finding.ts'
import type { TableNode } from '../messages/fields.ts'
import { wrongFormat, type Problem } from '../messages/findings.ts'
import type { JsonNode } from './parse.ts'

/** What a value does wrong against its format, or against what XML keeps of it. */
export function valueProblem({ name, format }: TableNode, value: string): Problem | undefined {
  const { normalise, check } = format!
  const problem = unwritable.test(value) || normalise(value) !== value ? unclean : check(value)
  return problem && wrongFormat(name, format!, problem, value)
}

/** What XML could not hold (XML 1.0 section 2.2) or would not keep: line breaks, tabs, and in a token double spaces. */
// oxlint-disable-next-line no-control-regex
const unwritable = /[^\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

const unclean = {
  facet: 'whiteSpace',
  code: xmlErrorCode.pattern,
  allowed: 'a value as XML keeps it',
  remedy: 'Write the value without control characters, line breaks, tabs and needless spaces.',
}

const sayKind = { object: 'an object', array: 'an array', string: 'a string', number: 'a number', literal: 'a literal' }

/** Another kind of value than the table has there. */
export function wrongShape(name: string, wanted: string, node: JsonNode): Problem {
  const shown = node.kind === 'number' || node.kind === 'literal' ? valueToShow(name, node.value) : {}
  const bends = node.kind === 'number' ? ' A number would lose trailing zeros and long digits.' : ''
  return {
    rule: 'shape',
    code: xmlErrorCode.type,
    ...shown,
    allowed: wanted,
    remedy: `Give ${name} as ${wanted}.${bends}`,
    text: `${name} is ${sayKind[node.kind]}.`,
  }
}

export const unknownName = (name: string): Problem => ({
  rule: 'unknown',
  code: xmlErrorCode.position,
  value: name,
  remedy: `Remove ${name}.`,
  text: `${name} is not part of this group.`,
})

export const twice = (name: string): Problem => ({
  rule: 'twice',
  code: xmlErrorCode.repetitions,
  value: name,
  remedy: `Give ${name} once.`,
  text: `The name ${name} occurs twice in one object.`,
})

export const noContent = (name: string): Problem => ({
  rule: 'required',
  code: xmlErrorCode.missing,
  remedy: `Leave ${name} out, or give what it holds.`,
  text: `${name} is empty: there is no element that would say so.`,
})

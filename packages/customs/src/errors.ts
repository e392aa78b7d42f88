/**
 * Findings as the error groups of rejection messages: FunctionalError (CC056C, CC057C, CC906C, CD906C) and XMLError (CC917C, CD917C).
 * Texts are cut to the lengths that these groups have in every one of those messages (errorPointer, errorText and
 * originalAttributeValue an..512, errorReason an..7, line and column n..9).
 */
import type { Doc } from './document.ts'
import { functionalErrorCode, maxFindings, xmlErrorCode, type Finding } from './finding.ts'

const longText = 512
const reasonLength = 7
const greatestNumber = 999_999_999

/**
 * FunctionalError groups, at most 9999, in the order of the findings: errorPointer = path, errorCode of CL180, errorReason = id of the
 * rule or list, originalAttributeValue = the value found. A finding of structure or format gets the nearest code of CL180.
 */
export function toFunctionalErrors(findings: readonly Finding[]): Doc[] {
  return findings.slice(0, maxFindings).map(({ kind, path, code, rule, value }) => ({
    errorPointer: cut(path, longText),
    errorCode: kind === 'xml' ? functionalCodeOf(code) : code,
    errorReason: cut(rule, reasonLength),
    ...original(value),
  }))
}

/**
 * XMLError groups, at most 9999, in the order of the findings: line, column, errorPointer = path, errorCode of CL030, errorText = what is
 * wrong, what is allowed and what to do. Give findings of kind `xml` only; another one becomes code 18 (other).
 */
export function toXmlErrors(findings: readonly Finding[]): Doc[] {
  return findings
    .slice(0, maxFindings)
    .map(({ kind, path, code, line = 0, column = 0, value, text, allowed, remedy }) => ({
      errorLineNumber: String(Math.min(line, greatestNumber)),
      errorColumnNumber: String(Math.min(column, greatestNumber)),
      errorPointer: cut(path, longText),
      errorCode: kind === 'xml' ? code : xmlErrorCode.other,
      errorText: cut(
        [text, allowed === undefined ? '' : `Allowed: ${allowed}.`, remedy].filter(Boolean).join(' '),
        longText,
      ),
      ...original(value),
    }))
}

function functionalCodeOf(xmlCode: string): string {
  if (xmlCode === xmlErrorCode.enumeration) return functionalErrorCode.codeList
  if (xmlCode === xmlErrorCode.missing) return functionalErrorCode.missing
  return xmlCode === xmlErrorCode.position || xmlCode === xmlErrorCode.repetitions
    ? functionalErrorCode.notAllowed
    : functionalErrorCode.rule
}

/** An empty value cannot be sent: the element must have at least one character. */
function original(value: string | undefined): { originalAttributeValue?: string } {
  return value ? { originalAttributeValue: cut(value, longText) } : {}
}

/** At most `length` characters, and no half of a surrogate pair at the end. */
function cut(text: string, length: number): string {
  return text.length <= length
    ? text
    : Array.from(text.slice(0, length * 2))
        .slice(0, length)
        .join('')
}

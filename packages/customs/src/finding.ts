/**
 * What is wrong with a document. A finding is data: it is collected, shown, and sent back as an error of a rejection message.
 */
export interface Finding {
  /** `xml`: structure and format; the others are functional */
  readonly kind: 'xml' | 'codelist' | 'rule' | 'condition' | 'state'
  /** the id of the rule or code list (`R0318`, `CL251`), or the facet that failed (`maxLength`, `required`) */
  readonly rule: string
  /** code of CL030 for kind `xml`, of CL180 for the others */
  readonly code: string
  /** XPath of the element; of the missing element where one is missing */
  readonly path: string
  readonly line?: number
  readonly column?: number
  /** the value found, as the document has it */
  readonly value?: string
  /** what would have been allowed there */
  readonly allowed?: string
  /** what the author of the document can do */
  readonly remedy: string
  /** what is wrong, in one sentence */
  readonly text: string
}

/** Codes of CL030 (NCTS P5 DDNTA, technical code list XmlErrorCodes) for what a reader of structure and format can find. */
export const xmlErrorCode = {
  enumeration: '12',
  missing: '13',
  position: '15',
  other: '18',
  repetitions: '35',
  tooLong: '39',
  tooShort: '40',
  type: '50',
  pattern: '51',
  notWellFormed: '52',
  tooLow: '54',
  tooHigh: '55',
} as const

/** Codes of CL180 (NCTS P5 DDNTA, technical code list AesNctsP5FunctionalErrorCodes) for what the engines here can find. */
export const functionalErrorCode = {
  codeList: '12',
  missing: '13',
  rule: '14',
  notAllowed: '15',
  duplicateMessage: '26',
  transitional: '50',
  unknownMrn: '90',
  outOfSequence: '92',
  invalidMrn: '93',
} as const

/** A rejection message carries at most this many errors (FunctionalError, XMLError 9999x), so no more are collected. */
export const maxFindings = 9999

/** Access codes of guarantees never leave the document: no finding carries the value of an element of this name. */
export function isSecret(name: string): boolean {
  return name.startsWith('accessCode')
}

/** The value of an element as a finding may carry it. */
export function valueToShow(name: string, value: string): { value?: string } {
  return isSecret(name) ? {} : { value }
}

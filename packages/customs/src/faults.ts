/** Every fault of this package: a mistake of the caller or in a table, never something wrong with a partner's document. */
export const faults = {
  'table-syntax': 'Correct the table at the line named.',
  'table-reference': 'Add the group, format or list that the table refers to, or correct its name.',
  'unknown-name': 'Give only names that the message table has at that place.',
  'wrong-shape':
    'Give a string for a field, an object for a group, and an array of them where the table allows more than one.',
  'too-many': 'Give no more occurrences than the table allows.',
  'bad-value': 'Give a value of the documented form.',
  'codelist-syntax': 'Correct the code list at the line named.',
  'rule-syntax': 'Correct the rule at the line named.',
} as const

export type CustomsFaultCode = keyof typeof faults

/** Thrown for programming and table mistakes; `code` is stable, `message` is for people. */
export class CustomsFault extends Error {
  readonly code: CustomsFaultCode
  readonly remedy: string
  constructor(code: CustomsFaultCode, message: string) {
    super(`${code}: ${message}`)
    this.name = 'CustomsFault'
    this.code = code
    this.remedy = faults[code]
  }
}

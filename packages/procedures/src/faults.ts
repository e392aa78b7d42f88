/** The faults of this room. Each means that the law or the program is wrong, never the trader. */
export const faultCatalogue = {
  TABLE: 'A table of the law cannot be read. Mend the row that the message names.',
  UNKNOWN_GUARD: 'A machine row names a guard that does not exist. Mend the table or write the guard.',
  UNKNOWN_DOES: 'A machine row names an effect that does not exist. Mend the table or write the effect.',
  UNKNOWN_DOCUMENT: 'A decision wants to make a document that no message table describes.',
  MISSING_DATA: 'A decision needs something that the movement should hold in this state.',
} as const

/** A coded fault of the procedures room. */
export class ProcedureFault extends Error {
  readonly code: keyof typeof faultCatalogue
  constructor(code: keyof typeof faultCatalogue, detail: string) {
    super(`${code}: ${detail}. ${faultCatalogue[code]}`)
    this.name = 'ProcedureFault'
    this.code = code
  }
}

/** The faults of this room. */
export const faultCatalogue = {
  INVALID_OUTGOING:
    'A document that we made does not pass our own tables. Nothing was sent or saved; the tables or the procedure must be mended.',
  UNKNOWN_OFFICE: 'A decision wants to send to an office that no list has. Add it to the corridor’s office list.',
  NUMBERS: 'Ten numbers in a row were taken already. The source of random characters is broken; nothing was reserved.',
  LEDGER: 'The guarantee ledger refused an entry three times in a row.',
} as const

/** A coded fault of casework. */
export class CaseworkFault extends Error {
  readonly code: keyof typeof faultCatalogue
  constructor(code: keyof typeof faultCatalogue, detail: string) {
    super(`${code}: ${detail}. ${faultCatalogue[code]}`)
    this.name = 'CaseworkFault'
    this.code = code
  }
}

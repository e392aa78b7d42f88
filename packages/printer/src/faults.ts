/** What can be wrong with printing, by code: what it means, and what to do. */
export const faults = {
  NO_BROWSER:
    'There is no Chromium on this machine to make PDF files with. Install one (Debian: apt-get install chromium fonts-noto-core), or name the program in CORRIDOR_CHROMIUM and start the node again.',
  BROWSER_FAILED:
    'The Chromium of this machine did not make the PDF file. The log has what it said; a container without user namespaces may refuse its sandbox.',
  BUSY: 'Too many documents wait to be printed. Try again in a while.',
} as const

/** Code of a fault of this room. */
export type PrinterFaultCode = keyof typeof faults

/** Nothing was printed, and why. */
export class PrinterFault extends Error {
  readonly code: PrinterFaultCode
  /** What the browser said, for the log. */
  readonly said: string

  constructor(code: PrinterFaultCode, said = '') {
    super(faults[code])
    this.name = 'PrinterFault'
    this.code = code
    this.said = said
  }
}

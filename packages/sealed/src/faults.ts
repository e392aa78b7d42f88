const catalogue = {
  'sealed.bad-value':
    'Give every value of the head as text of its form, without control characters or spaces at its ends, and within its length.',
  'sealed.too-large': 'Send a smaller document, or send it over a direct link.',
  'sealed.wrong-key':
    'Install the private key and the certificate that belong together: they were made as a pair, and renewed as one.',
  'sealed.unfit-certificate':
    'Take an RSA certificate of 2048 to 8192 bits that allows digitalSignature (sender) and keyEncipherment (addressee).',
  'sealed.not-valid-now': 'Renew the certificate, give it to the partners, and name the new one in the configuration.',
} as const

/** Codes of this room's faults. */
export type SealedFaultCode = keyof typeof catalogue

/** A coded fault: an object that cannot be made as asked. What others send is never a fault. */
export class SealedFault extends Error {
  override readonly name = 'SealedFault'
  readonly code: SealedFaultCode
  readonly remedy: string

  constructor(code: SealedFaultCode, detail: string) {
    super(`${code}: ${detail}`)
    this.code = code
    this.remedy = catalogue[code]
  }
}

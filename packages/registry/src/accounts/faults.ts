/** The catalogue: every fault this folder can raise. A fault is a mistake of the calling program or of configuration. */
const catalogue = {
  'account-shape':
    'an officer at an office needs that alone, a trader a trader id, an outside system the name of it, a reference-data manager and the operations desk none of them',
  'secret-form': 'a secret is 256 random bits as 43 characters of base64url',
  'unknown-account': 'there is no account with this id',
  'token-name-taken': 'the account has a live API token with this name',
  'answer-missing': 'a committed idempotency key has no answer: it was claimed without rememberAnswer',
} as const

/** Code of a fault of this folder. */
export type RegistryAccountsFaultCode = keyof typeof catalogue

/** A coded fault. `subject` is an account id or a name, never a secret. */
export class RegistryAccountsFault extends Error {
  readonly code: RegistryAccountsFaultCode

  constructor(code: RegistryAccountsFaultCode, subject?: string) {
    super(subject === undefined ? catalogue[code] : `${catalogue[code]} (${subject})`)
    this.name = 'RegistryAccountsFault'
    this.code = code
  }
}

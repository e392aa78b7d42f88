const catalogue = {
  'webhooks.secret-form': 'A secret is whsec_ and base64 of 24 to 64 bytes.',
  'webhooks.address-table': 'Mend addresses.tsv: each row is a range (10.0.0.0/8) and what it is.',
} as const

/** Codes of this room's faults. */
export type WebhooksFaultCode = keyof typeof catalogue

/** A coded fault: a call that cannot be right, or a file that cannot. What owners ask for and receivers answer is never a fault. */
export class WebhooksFault extends Error {
  readonly code: WebhooksFaultCode
  readonly remedy: string

  constructor(code: WebhooksFaultCode, detail: string) {
    super(`${code}: ${detail}`)
    this.name = 'WebhooksFault'
    this.code = code
    this.remedy = catalogue[code]
  }
}

import type { Checked } from './checked.ts'

/** Which addresses a node may call to tell traders' software of its documents. */
export interface WebhookRules {
  ports: number[]
  loopback: boolean
  /** PEM files, relative to the corridor file. */
  authorities: string[]
}

/** `webhooks: { ports: ['443', '8443'], authorities: [keys/traders.pem], loopback: 'yes' }` */
export function webhooksFrom(webhooks: Checked | null): WebhookRules {
  if (webhooks === null) return { ports: [443], loopback: false, authorities: [] }
  const loopback = webhooks.optionalText('loopback')
  if (loopback !== null && !/^(yes|no)$/.test(loopback))
    webhooks.refuse('loopback', `“${loopback}” is neither yes nor no`)
  const ports = webhooks.has('ports') ? webhooks.texts('ports', /^[1-9]\d{0,4}$/).map(Number) : [443]
  return { ports, loopback: loopback === 'yes', authorities: webhooks.optionalTexts('authorities') }
}

import { createHmac } from 'node:crypto'
import { WebhooksFault } from './faults.ts'

const prefix = 'whsec_'

/** Writes a signing key as its owner's program takes it: `whsec_` and base64 (Standard Webhooks 1.0.0, “Signature scheme”). */
export function writeSecret(key: Uint8Array): string {
  if (key.length < 24 || key.length > 64) throw new WebhooksFault('webhooks.secret-form', `${key.length} bytes`)
  return prefix + Buffer.from(key).toString('base64')
}

/**
 * The `webhook-signature` of one delivery: a version and HMAC-SHA256 in base64 for each key, with spaces between, so that a receiver
 * that has either key of a rotation can verify it.
 * @param at seconds since 1970, as in `webhook-timestamp`
 */
export function signatureOf(keys: readonly Uint8Array[], event: string, at: number, body: string): string {
  const signed = `${event}.${at}.${body}`
  return keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`).join(' ')
}

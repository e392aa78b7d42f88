import { type KeyObject } from 'node:crypto'
import { AGREEMENTS, type KeyAgreement } from './key-agreement.ts'
import type { KeyTransport } from './key-transport.ts'
import { isStrongRsa } from './signature.ts'

/** How a content key reaches the recipient. */
export type KeyManagement = KeyTransport | KeyAgreement

/** Whether a recipient's key can be used so. */
export function fitsKeyManagement(scheme: KeyManagement, key: KeyObject): boolean {
  return 'transport' in scheme ? isStrongRsa(key) : AGREEMENTS[scheme.agreement].fits(key)
}

/** The key that a scheme needs, for messages to people. */
export function keyTextOf(scheme: KeyManagement): string {
  return 'transport' in scheme ? 'an RSA key of 2048 bits or more' : AGREEMENTS[scheme.agreement].keyText
}

/** The key usages (RFC 5280, 4.2.1.3), one of which a recipient's certificate must allow if it restricts them. */
export function usagesFor(scheme: KeyManagement): readonly ('keyEncipherment' | 'dataEncipherment' | 'keyAgreement')[] {
  return 'transport' in scheme ? ['keyEncipherment', 'dataEncipherment'] : ['keyAgreement']
}

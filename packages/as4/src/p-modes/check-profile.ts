import { CONTENTS } from '../algorithms/content.ts'
import { AGREEMENTS, WRAPS } from '../algorithms/key-agreement.ts'
import { SIGNATURES } from '../algorithms/signature.ts'
import type { Profile } from '../profiles/profile.ts'
import type { PModeFinding } from './finding.ts'

const TOKENS = ['x509v3', 'x509-pki-path', 'key-identifier', 'issuer-serial']

/** What is wrong with a profile of one's own: algorithms that the library does not have, expressions that are none. */
export function checkProfile(profile: Profile): PModeFinding[] {
  const findings: PModeFinding[] = []
  const oneOf = (place: string, value: unknown, names: readonly string[]): void => {
    if (typeof value === 'string' && names.includes(value)) return
    findings.push({ place, text: `${JSON.stringify(value)} is not known`, remedy: `Use one of ${names.join(', ')}.` })
  }
  const expression = (place: string, text: string | undefined): void => {
    try {
      if (text !== undefined) RegExp(`^(?:${text})$`)
    } catch {
      findings.push({ place, text: 'is no regular expression', remedy: 'Write one that JavaScript understands.' })
    }
  }
  oneOf('/signature', profile.signature, Object.keys(SIGNATURES))
  oneOf('/digest', profile.digest, ['sha256'])
  oneOf('/tokens/send', profile.tokens.send, TOKENS)
  for (const [n, form] of profile.tokens.accept.entries()) oneOf(`/tokens/accept/${n}`, form, TOKENS)
  for (const [n, each] of profile.receiptSigns.entries()) oneOf(`/receiptSigns/${n}`, each, ['Messaging', 'Body'])
  if (!profile.receiptSigns.includes('Messaging')) {
    const text = 'a receipt that does not sign Messaging proves nothing'
    findings.push({ place: '/receiptSigns', text, remedy: 'Add Messaging.' })
  }
  oneOf('/compression', profile.compression, ['required', 'optional'])
  for (const [n, each] of profile.exchangePatterns.entries()) {
    oneOf(`/exchangePatterns/${n}`, each, ['one-way', 'two-way'])
  }
  for (const [n, { value }] of (profile.partyIds ?? []).entries()) expression(`/partyIds/${n}/value`, value)
  expression('/messageId', profile.messageId)
  if (!profile.encryption) return findings
  const { content, key } = profile.encryption
  oneOf('/encryption/content', content, Object.keys(CONTENTS))
  if ('transport' in key) {
    oneOf('/encryption/key/transport', key.transport, ['rsa-oaep'])
    oneOf('/encryption/key/digest', key.digest, ['sha256'])
    oneOf('/encryption/key/mask', key.mask, ['mgf1sha256'])
  } else {
    oneOf('/encryption/key/agreement', key.agreement, Object.keys(AGREEMENTS))
    oneOf('/encryption/key/derivation', key.derivation, ['hkdf-sha256'])
    oneOf('/encryption/key/wrap', key.wrap, Object.keys(WRAPS))
  }
  return findings
}

import type { XmlElement } from '@corridor/xml'
import { type Encryption, readEncryption } from './encryption-read.ts'
import { elementsOnly } from './envelope-read.ts'
import { NS } from './names.ts'
import { demand } from './refusal.ts'
import { readSignature, type Signature } from './signature-read.ts'
import { readToken, type Token } from './token-read.ts'

/** A wsse:Security header of a form that profiles have. Nothing in it is verified. */
export interface Security {
  /** Certificates and paths of them, by the wsu:Id of their BinarySecurityToken. */
  tokens: ReadonlyMap<string, Token>
  signature: Signature | undefined
  encryption: Encryption | undefined
}

const POLICY = 'EBMS:0103'

/**
 * Reads the Security header (WS-Security 1.1.1, X.509 token profile, SwA profile 1.1; eDelivery AS4 1.15, 1.4.2.6).
 * Refuses with EBMS:0103 everything that no profile has; what the P-Mode demands is checked by who opens.
 */
export function readSecurity(element: XmlElement): Security {
  const tokens = new Map<string, Token>()
  const keys: XmlElement[] = []
  const data: XmlElement[] = []
  let signature: Signature | undefined
  for (const child of elementsOnly(element)) {
    if (is(child, NS.wsse, 'BinarySecurityToken')) tokens.set(...readToken(child))
    else if (is(child, NS.xenc, 'EncryptedKey')) keys.push(child)
    else if (is(child, NS.xenc, 'EncryptedData')) data.push(child)
    else if (is(child, NS.ds, 'Signature')) signature = readSignature(child)
    else demand(false, POLICY, `the security header has ${child.local}`)
  }
  if (keys.length === 0 && data.length === 0) return { tokens, signature, encryption: undefined }
  demand(keys.length === 1, POLICY, 'there is not just one EncryptedKey')
  return { tokens, signature, encryption: readEncryption(keys[0]!, data) }
}

function is(element: XmlElement, namespace: string, local: string): boolean {
  return element.namespace === namespace && element.local === local
}

import type { X509Certificate } from 'node:crypto'
import { encryptPayloads } from './encryption-write.ts'
import type { Identity, Reference } from './model.ts'
import { NS } from './names.ts'
import type { SealPolicy } from './policy.ts'
import type { RandomBytes } from './random.ts'
import { type DigestedPayload, newId, type Payload, referencesTo, writeSignature } from './security-write.ts'
import { sha256 } from './verify.ts'

/** A finished envelope, its attachments, and what its signature covers. */
export interface SignedEnvelope {
  envelope: Buffer
  /** Encrypted, or as they were. */
  attachments: { contentId: string; body: Uint8Array }[]
  references: Reference[]
}

/** What an envelope protects beside eb:Messaging. */
export interface Protection {
  payloads?: readonly Payload[]
  /** Whose certificate the payloads are encrypted for; left out for payloads that are signed only. */
  recipient?: X509Certificate
  /** What of the envelope is signed; both when left out. */
  signs?: readonly ('Messaging' | 'Body')[]
}

/**
 * Puts the content of eb:Messaging (canonical form, prefix eb declared around it) into a SOAP 1.2 envelope, signs
 * Messaging, the empty Body and every payload, then encrypts the payloads for the recipient, if the policy does.
 */
export function writeEnvelope(
  content: string,
  identity: Identity,
  random: RandomBytes,
  policy: SealPolicy,
  { payloads = [], recipient, signs }: Protection = {},
): SignedEnvelope {
  const digested = payloads.map(({ contentId, bytes, signed = bytes }) => ({ contentId, digest: sha256(signed) }))
  const { xml, encrypted } =
    recipient && policy.encryption
      ? encryptPayloads(payloads, recipient, policy.encryption, policy.token, random)
      : { xml: '', encrypted: payloads.map(({ contentId, bytes }) => ({ contentId, body: bytes })) }
  const written = writeSignedEnvelope(content, identity, random, policy, { payloads: digested, encryption: xml, signs })
  return { ...written, attachments: encrypted }
}

/** The same with payloads that are elsewhere: signed by their digests, and encrypted as some header elements say. */
export function writeSignedEnvelope(
  content: string,
  identity: Identity,
  random: RandomBytes,
  policy: SealPolicy,
  protect: { payloads: readonly DigestedPayload[]; encryption: string; signs?: Protection['signs'] },
): Omit<SignedEnvelope, 'attachments'> {
  const { payloads, encryption, signs = ['Messaging', 'Body'] } = protect
  const messagingId = newId('MSG', random)
  const bodyId = newId('BODY', random)
  const messaging =
    `<eb:Messaging xmlns:eb="${NS.eb}" xmlns:env="${NS.env}" xmlns:wsu="${NS.wsu}" wsu:Id="${messagingId}" ` +
    `env:mustUnderstand="true">${content}</eb:Messaging>`
  const body = `<env:Body xmlns:env="${NS.env}" xmlns:wsu="${NS.wsu}" wsu:Id="${bodyId}"></env:Body>`
  const elements = [
    { id: messagingId, canonical: messaging },
    ...(signs.includes('Body') ? [{ id: bodyId, canonical: body }] : []),
  ]
  const references = referencesTo(elements, payloads)
  const signature = writeSignature(references, identity, policy, random)
  const text =
    `<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="${NS.env}"><env:Header>` +
    `<wsse:Security xmlns:wsse="${NS.wsse}" xmlns:wsu="${NS.wsu}" env:mustUnderstand="true">${encryption}${signature}` +
    `</wsse:Security>${messaging}</env:Header>${body}</env:Envelope>`
  return { envelope: Buffer.from(text, 'utf8'), references }
}

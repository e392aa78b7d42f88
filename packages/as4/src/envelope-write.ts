import type { Identity, Reference } from './model.ts'
import { NS } from './names.ts'
import {
  encryptPayloads,
  type Encrypted,
  newId,
  type Payload,
  type RandomBytes,
  referencesTo,
  writeSignature,
} from './security-write.ts'
import type { X509Certificate } from 'node:crypto'

/** A finished envelope, its attachments, and what its signature covers. */
export interface SignedEnvelope {
  envelope: Buffer
  encrypted: Encrypted[]
  references: Reference[]
}

/**
 * Puts the content of eb:Messaging (canonical form, prefix eb declared around it) into a SOAP 1.2 envelope, signs
 * Messaging, the empty Body and every payload, then encrypts the payloads, if there are any, for the recipient.
 */
export function writeEnvelope(
  content: string,
  identity: Identity,
  random: RandomBytes,
  protect?: { payloads: readonly Payload[]; recipient: X509Certificate },
): SignedEnvelope {
  const messagingId = newId('MSG', random)
  const bodyId = newId('BODY', random)
  const messaging =
    `<eb:Messaging xmlns:eb="${NS.eb}" xmlns:env="${NS.env}" xmlns:wsu="${NS.wsu}" wsu:Id="${messagingId}" ` +
    `env:mustUnderstand="true">${content}</eb:Messaging>`
  const body = `<env:Body xmlns:env="${NS.env}" xmlns:wsu="${NS.wsu}" wsu:Id="${bodyId}"></env:Body>`
  const payloads = protect?.payloads ?? []
  const elements = [
    { id: messagingId, canonical: messaging },
    { id: bodyId, canonical: body },
  ]
  const references = referencesTo(elements, payloads)
  const signature = writeSignature(references, identity, random)
  const { xml, encrypted } = protect ? encryptPayloads(payloads, protect.recipient, random) : { xml: '', encrypted: [] }
  const text =
    `<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="${NS.env}"><env:Header>` +
    `<wsse:Security xmlns:wsse="${NS.wsse}" xmlns:wsu="${NS.wsu}" env:mustUnderstand="true">${xml}${signature}` +
    `</wsse:Security>${messaging}</env:Header>${body}</env:Envelope>`
  return { envelope: Buffer.from(text, 'utf8'), encrypted, references }
}

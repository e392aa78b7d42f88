import assert from 'node:assert/strict'
import { createHash, randomBytes, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Identity, PMode, Wire } from '@corridor/as4'
import { writeEnvelope } from '../src/envelope-write.ts'
import { writeMultipart } from '../src/mime-write.ts'
import { policyOf } from '../src/policy.ts'
import type { Payload } from '../src/security-write.ts'
import { albania, atAlbania, openAtKosovo, sealed } from './support.ts'

// What a forger can do: change bytes without any key, or, being a partner gone bad, sign what should not be signed.

/** Asserts that Kosovo refuses, with which code; returns the detail. */
export function refused(wire: Wire, code: string, now?: Date): string {
  const result = openAtKosovo(wire, now)
  assert.equal(result.kind, 'refused', 'it was accepted')
  assert.equal(result.error.code, code, result.detail)
  return result.detail
}

/** Changes the whole body, as latin1 text so that no octet is lost. */
export function rewriteBody(wire: Wire, change: (body: string) => string): Wire {
  const before = Buffer.from(wire.body).toString('latin1')
  const after = change(before)
  assert.notEqual(after, before, 'the change changed nothing')
  return { contentType: wire.contentType, body: Buffer.from(after, 'latin1') }
}

/** Changes the envelope only. */
export function rewrite(wire: Wire, change: (envelope: string) => string): Wire {
  return rewriteBody(wire, (body) => {
    const start = body.indexOf('<?xml')
    const end = body.indexOf('</env:Envelope>') + '</env:Envelope>'.length
    const envelope = Buffer.from(body.slice(start, end), 'latin1').toString('utf8')
    const changed = Buffer.from(change(envelope), 'utf8').toString('latin1')
    return body.slice(0, start) + changed + body.slice(end)
  })
}

/** Replaces one occurrence, which must be there. */
export function replace(text: string, what: string | RegExp, by: string | ((found: string) => string)): string {
  const after = text.replace(what, by as string)
  assert.notEqual(after, text, `${what} is not there`)
  return after
}

/** The first match of a pattern in a text. */
export function find(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[0] ?? assert.fail(`${pattern} is not there`)
}

/** Changes SignedInfo, which is in canonical form, and signs it again. */
export function resign(wire: Wire, change: (signedInfo: string) => string, signer: Identity = albania): Wire {
  return rewrite(wire, (envelope) => {
    const before = find(envelope, /<ds:SignedInfo.*<\/ds:SignedInfo>/s)
    const after = change(before)
    const value = sign('sha256', Buffer.from(after), signer.privateKey).toString('base64')
    const changed = envelope.replace(before, () => after)
    return replace(changed, /(?<=<ds:SignatureValue>)[^<]+/, value)
  })
}

/** Changes eb:Messaging, still in canonical form, and signs its new digest. */
export function resignMessaging(
  change: (messaging: string) => string,
  wire: Wire = sealed(),
  signer: Identity = albania,
): Wire {
  let digest = ''
  const changed = rewrite(wire, (envelope) => {
    const before = find(envelope, /<eb:Messaging.*<\/eb:Messaging>/s)
    const after = change(before)
    assert.notEqual(after, before, 'the change changed nothing')
    digest = createHash('sha256').update(after).digest('base64')
    return envelope.replace(before, () => after)
  })
  return resign(changed, (info) => replace(info, /(?<=<ds:DigestValue>)[^<]+/, digest), signer)
}

/** A message with payloads as they are given: not compressed, or compressed in a way that the library would not. */
export function sealPayloads(
  payloads: readonly (Payload & { properties?: string })[],
  pmode: PMode = atAlbania,
  signer: Identity = albania,
): Wire {
  const template = Buffer.from(sealed().body).toString('utf8')
  const content = find(template, /<eb:UserMessage>.*<\/eb:UserMessage>/s)
  const infos = payloads.map(({ contentId, properties }) => {
    const list = properties ?? property('MimeType', 'text/plain') + property('CompressionType', 'application/gzip')
    return `<eb:PartInfo href="cid:${contentId}"><eb:PartProperties>${list}</eb:PartProperties></eb:PartInfo>`
  })
  const all = `<eb:PayloadInfo>${infos.join('')}</eb:PayloadInfo>`
  const changed = content.replace(/<eb:PayloadInfo>.*<\/eb:PayloadInfo>/s, all)
  const recipient = pmode.partnerCertificate
  const written = writeEnvelope(changed, signer, randomBytes, policyOf(pmode), { payloads, recipient })
  const attachments = written.attachments.map((each) => ({ ...each, mimeType: 'application/octet-stream' }))
  return writeMultipart(written.envelope, attachments, randomBytes(16).toString('hex'))
}

/** One part property in canonical form. */
export function property(name: string, value: string): string {
  return `<eb:Property name="${name}">${value}</eb:Property>`
}

/** A payload that says it is compressed. */
export function gzipped(bytes: Uint8Array): Payload {
  return { contentId: 'a@b', mimeType: 'application/gzip', bytes: gzipSync(bytes) }
}

import { type X509Certificate } from 'node:crypto'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'
import {
  type MessageObject,
  openObject,
  type OpenedObject,
  type OpenOptions,
  type ReceiptObject,
} from '../src/index.ts'

export const now = new Date('2026-11-30T12:00:00Z')
export const purpose = 'Border database Nasib – Jaber'
const validity = { notBefore: new Date('2026-11-01T00:00:00Z'), notAfter: new Date('2027-11-01T00:00:00Z') }

const authority = await makeAuthority('Sealed test authority')
/** Three parties and one whom nobody knows. */
export const syria = await authority.issue({ commonName: 'Syria', subject: 'C=SY', ...validity })
export const jordan = await authority.issue({ commonName: 'Jordan', subject: 'C=JO', ...validity })
export const iraq = await authority.issue({ commonName: 'Iraq', subject: 'C=IQ', ...validity })
export const stranger = await authority.issue({ commonName: 'Syria', subject: 'C=SY', ...validity })
export { authority, validity }

export const pinned: Readonly<Record<string, readonly X509Certificate[]>> = {
  SY: [syria.certificate],
  JO: [jordan.certificate],
  IQ: [iraq.certificate],
}

export function message(change: Partial<MessageObject> = {}): MessageObject {
  return {
    kind: 'message',
    id: 'object-1@sy.example',
    sender: 'SY',
    addressee: 'JO',
    purpose,
    issuedAt: now,
    expiresAt: new Date('2026-12-30T12:00:00Z'),
    messageId: 'message-1@sy.example',
    conversation: '26SYABCDEFGHIJKLM0',
    documentType: 'CD001C',
    refTo: 'message-0@jo.example',
    mediaType: 'application/xml',
    document: Buffer.from('<CD001C>\n\n\u0000 بضائع</CD001C>'),
    ...change,
  }
}

export function receipt(change: Partial<ReceiptObject> = {}): ReceiptObject {
  return {
    kind: 'receipt',
    id: 'object-2@sy.example',
    sender: 'SY',
    addressee: 'JO',
    purpose,
    issuedAt: now,
    expiresAt: new Date('2026-12-30T12:00:00Z'),
    objectId: 'object-1@jo.example',
    objectDigest: 'ab'.repeat(32),
    outcome: 'refused',
    reason: 'مرفوض – no such document',
    ...change,
  }
}

/** Opens as Jordan does, unless told otherwise. */
export function open(bytes: Uint8Array, change: Partial<OpenOptions> = {}): Promise<OpenedObject> {
  const senderCertificates = (party: string) => pinned[party] ?? []
  return openObject(bytes, { own: [jordan], party: 'JO', purpose, senderCertificates, now, ...change })
}

/** What came of it, in one word. */
export async function outcomeOf(bytes: Uint8Array, change: Partial<OpenOptions> = {}): Promise<string> {
  const opened = await open(bytes, change)
  return opened.kind === 'opened' ? 'opened' : opened.code
}

export type { TestIdentity }

import { createHash } from 'node:crypto'
import { type As4Error, ebmsError, type Reference, type SentMessage, type UserMessage, type Wire } from '@corridor/as4'
import type { Sealing } from '@corridor/exchange'

/** What a body of the stand-in calls itself, so that nobody takes it for AS4. */
export const standInType = 'application/x-corridor-simulated'

interface UserHead {
  kind: 'user'
  message: Omit<UserMessage, 'parts' | 'timestamp'> & { timestamp: string }
  digest: string
  by: string
}

interface SignalHead {
  kind: 'receipt' | 'error'
  messageId: string
  timestamp: string
  refToMessageId: string | undefined
  references: Reference[]
  errors: As4Error[]
  by: string
}

/**
 * A STAND-IN FOR AS4, for simulations only: one line of JSON and the document behind it. Nothing is signed or encrypted; a certificate's
 * fingerprint stands where its signature would. It answers with the same outcomes as AS4's functions, a hundred times as fast.
 */
export const standInSealing: Sealing = {
  sealUserMessage(message, _pmode, identity) {
    const { parts, timestamp, ...header } = message
    const [part] = parts
    const bytes = part?.bytes ?? new Uint8Array()
    const references = [referenceOf(part?.contentId ?? '', bytes)]
    const by = identity.certificate.fingerprint256
    const head: UserHead = {
      kind: 'user',
      message: { ...header, timestamp: timestamp.toISOString() },
      digest: references[0]?.digest ?? '',
      by,
    }
    return { ...wireOf(head, bytes), messageId: message.messageId, references }
  },
  sealReceipt: ({ message, references }, { messageId, timestamp, identity }) =>
    signal('receipt', {
      messageId,
      timestamp: timestamp.toISOString(),
      refToMessageId: message.messageId,
      references: [...references],
      errors: [],
      by: identity.certificate.fingerprint256,
    }),
  sealError: (error, { messageId, timestamp, identity, refToMessageId }) =>
    signal('error', {
      messageId,
      timestamp: timestamp.toISOString(),
      refToMessageId,
      references: [],
      errors: [error],
      by: identity.certificate.fingerprint256,
    }),
  open(wire, { findPMode }) {
    const refused = (code: 'EBMS:0007' | 'EBMS:0010' | 'EBMS:0101', detail: string, refToMessageId?: string) =>
      ({ kind: 'refused', error: ebmsError(code), detail, refToMessageId, header: undefined }) as const
    const read = headOf(wire)
    if (read === undefined) return refused('EBMS:0007', 'not a body of the stand-in')
    const { head, bytes } = read
    if (head.kind !== 'user') return signalOf(head)
    const message = { ...head.message, timestamp: new Date(head.message.timestamp) }
    const pmode = findPMode(message)
    if (pmode === undefined) return refused('EBMS:0010', 'no agreement', message.messageId)
    const signer = pmode.partnerCertificate
    const references = [referenceOf('document@corridor', bytes)]
    if (signer?.fingerprint256 !== head.by || references[0]?.digest !== head.digest)
      return refused('EBMS:0101', 'not from the partner', message.messageId)
    const parts = [{ contentId: 'document@corridor', mimeType: 'application/xml', properties: [], bytes }]
    return { kind: 'user', message: { ...message, parts }, pmode, references, signer, test: false, remarks: [] }
  },
  readResponse(wire, { sent, pmode }) {
    const head = headOf(wire)?.head
    if (head === undefined || head.kind === 'user') return { kind: 'unusable', reason: 'not an answer of the stand-in' }
    const { messageId, references } = 'references' in sent ? sent : standInSent(sent)
    if (head.refToMessageId !== messageId) return { kind: 'unusable', reason: 'the answer is about another message' }
    const signed = head.by === pmode.partnerCertificate?.fingerprint256
    const read = signalOf(head)
    if (read.kind === 'error') return { kind: 'error', signed, errors: head.errors, signal: read }
    const digests = (list: readonly Reference[]) => list.map(({ uri, digest }) => `${uri} ${digest}`).join()
    if (!signed || digests(references) !== digests(read.references))
      return { kind: 'unusable', reason: 'the receipt is not for just what was sent' }
    return { kind: 'receipt', receipt: read }
  },
}

/** What is kept of a sent body of the stand-in, read from it. @throws Error for other bodies */
export function standInSent(wire: Wire): SentMessage {
  const read = headOf(wire)
  if (read?.head.kind !== 'user') throw new Error('not a message of the stand-in')
  return { messageId: read.head.message.messageId, references: [referenceOf('document@corridor', read.bytes)] }
}

function referenceOf(contentId: string, bytes: Uint8Array): Reference {
  return { uri: `cid:${contentId}`, transforms: [], digest: createHash('sha256').update(bytes).digest('base64') }
}

function signal(kind: SignalHead['kind'], rest: Omit<SignalHead, 'kind'>): Wire {
  return wireOf({ kind, ...rest }, new Uint8Array())
}

function signalOf(head: SignalHead) {
  const common = {
    messageId: head.messageId,
    timestamp: new Date(head.timestamp),
    refToMessageId: head.refToMessageId,
  }
  return head.kind === 'receipt'
    ? { kind: 'receipt' as const, ...common, references: head.references }
    : { kind: 'error' as const, ...common, errors: head.errors }
}

function wireOf(head: UserHead | SignalHead, bytes: Uint8Array): Wire {
  return { contentType: standInType, body: Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes]) }
}

function headOf(wire: Wire): { head: UserHead | SignalHead; bytes: Uint8Array } | undefined {
  const body = Buffer.from(wire.body.buffer, wire.body.byteOffset, wire.body.byteLength)
  const end = body.indexOf(10)
  if (wire.contentType !== standInType || end < 0) return undefined
  try {
    return {
      head: JSON.parse(body.subarray(0, end).toString()) as UserHead | SignalHead,
      bytes: body.subarray(end + 1),
    }
  } catch {
    return undefined
  }
}

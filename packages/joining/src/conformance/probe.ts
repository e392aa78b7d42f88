import { createHash, createPrivateKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { type SealedMessage, sealUserMessage } from '@corridor/as4'
import { sendMessage, type SendOutcome, type TlsOptions } from '@corridor/as4/http'
import { type NodeSettings, partnersOf } from '@corridor/node'
import { JoinFault } from '../faults.ts'
import type { OwnCorridor } from '../own.ts'

/** Whoever signs. */
export interface Signer {
  certificate: X509Certificate
  privateKey: KeyObject
}

/** A stand-in for our own gateway: it sends what our node itself would never send, with our node's keys. */
export interface Probe {
  own: OwnCorridor
  settings: NodeSettings
  partner: ReturnType<typeof partnersOf>['direct'][number]
  signer: Signer
  tls: TlsOptions
  now: () => Date
  newMessageId: () => string
}

/** @throws JoinFault join.bad-value when there is no direct link with this member; NodeFault KEY_FILE */
export function probeOf(own: OwnCorridor, settings: NodeSettings, id: string): Probe {
  const known = settings.partners.find(({ node, direct }) => node === id && direct !== null)
  if (known === undefined) {
    const there = settings.partners.filter(({ direct }) => direct !== null).map(({ node }) => node)
    throw new JoinFault(
      'join.bad-value',
      `There is no member “${id}” with a direct link. There are: ${there.join(', ') || 'none'}.`,
    )
  }
  const party = own.corridor.nodes.find((node) => node.id === id)?.party
  const partner = partnersOf(own.corridor, own.own, settings, []).direct.find((each) => each.party === party)!
  const { certificate, key } = settings.tls
  return {
    own,
    settings,
    partner,
    signer: {
      certificate: new X509Certificate(settings.signing.certificate),
      privateKey: createPrivateKey(settings.signing.key),
    },
    tls: { certificate, key, ca: [...partner.ca], pinned: [...partner.tlsCertificates] },
    now: () => new Date(),
    newMessageId: () => `${randomUUID()}@${own.own.domain}`,
  }
}

/** A document to be sent. */
export interface ProbeDocument {
  type: string
  conversation: string
  bytes: Uint8Array
  /** Otherwise than agreed. */
  agreement?: string
  signer?: Signer
}

/** One message, sealed as our node would seal it. */
export function sealProbe(
  probe: Probe,
  { type, conversation, bytes, agreement, signer }: ProbeDocument,
): SealedMessage {
  const { sending } = probe.partner
  const pmode = {
    ...sending,
    actions: [...(sending.actions ?? []), type],
    ...(agreement !== undefined && { agreement: { value: agreement } }),
  }
  return sealUserMessage(
    {
      messageId: probe.newMessageId(),
      timestamp: probe.now(),
      conversationId: conversation,
      from: pmode.initiator,
      to: pmode.responder,
      service: pmode.service,
      action: type,
      ...(pmode.agreement !== undefined && { agreement: pmode.agreement }),
      properties: [],
      parts: [{ contentId: 'document@corridor', mimeType: 'application/xml', properties: [], bytes }],
    },
    pmode,
    signer ?? probe.signer,
  )
}

/** Sends it once. @param url where another than the partner's */
export function sendProbe(probe: Probe, sealed: SealedMessage, url = probe.partner.url): Promise<SendOutcome> {
  return sendMessage(url, sealed, {
    pmode: probe.partner.sending,
    now: probe.now,
    tls: probe.tls,
    timeoutMs: 60_000,
    retry: { count: 0, intervalMs: 0 },
  })
}

/** A document that a partner notes and answers nothing to: it refuses a document that never was. */
export function harmless(probe: Probe, padding = ''): ProbeDocument {
  const { party } = probe.own.own
  const id = randomUUID().replaceAll('-', '').slice(0, 30)
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<ncts:CD906C xmlns:ncts="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1">${padding}
  <messageSender>${party}</messageSender>
  <messageRecipient>${probe.partner.party}</messageRecipient>
  <preparationDateAndTime>${probe.now().toISOString().slice(0, 19)}</preparationDateAndTime>
  <messageIdentification>${id}</messageIdentification>
  <messageType>CD906C</messageType>
  <FunctionalError>
    <errorPointer>/conformance-test</errorPointer>
    <errorCode>92</errorCode>
    <errorReason>TEST</errorReason>
  </FunctionalError>
</ncts:CD906C>
`
  return { type: 'CD906C', conversation: `conformance-${id}`, bytes: Buffer.from(xml) }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

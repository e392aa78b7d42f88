import { createPrivateKey } from 'node:crypto'
import { type SealedMessage, sealUserMessage } from '@corridor/as4'
import { sendMessage } from '@corridor/as4/http'
import type { Corridor } from './config/corridor.ts'
import { NodeFault } from './faults.ts'
import { certificateOf, partnersOf } from './partners.ts'
import type { NodeSettings } from './settings.ts'

/** A document that a stand-in sends: its type is the action under which it goes. */
export interface StandInDocument {
  messageId: string
  type: string
  conversation: string
  xml: string
}

/**
 * A stand-in for the gateway of a node of a demonstration: it sends over AS4 what the node itself would never send, with the node's own keys
 * and under its own agreement, so that the partner cannot tell it from the node. What the partner answers goes to the node.
 * @param to name of the partner's node
 * @throws NodeFault NO_RECEIPT when the partner gives no signed receipt
 */
export async function sendInPlaceOf(
  corridor: Corridor,
  settings: NodeSettings,
  to: string,
  document: StandInDocument,
): Promise<void> {
  const own = corridor.nodes.find(({ id }) => id === settings.node)
  const party = corridor.nodes.find(({ id }) => id === to)?.party
  const partner =
    own && partnersOf(corridor, own, settings, [document.type]).direct.find((known) => known.party === party)
  if (partner === undefined)
    throw new NodeFault('CORRIDOR_FILE', `there is no link between ${settings.node} and ${to}.`)
  const now = (): Date => new Date(Date.now() + (settings.clockAheadMs ?? 0))
  const { signing, tls } = settings
  const outcome = await sendMessage(partner.url, sealed(document, partner.sending, { signing, now: now() }), {
    pmode: partner.sending,
    now,
    tls: {
      certificate: tls.certificate,
      key: tls.key,
      ca: [...partner.ca],
      pinned: [...partner.tlsCertificates],
      ...(partner.tunnel && { localAddress: partner.tunnel.local }),
    },
  })
  if (outcome.kind === 'receipt') return
  const why = outcome.kind === 'error' ? outcome.errors.map(({ code }) => code).join(', ') : outcome.reason
  throw new NodeFault('NO_RECEIPT', `${to} gave no receipt for ${document.type}: ${why}.`)
}

function sealed(
  { messageId, type, conversation, xml }: StandInDocument,
  pmode: ReturnType<typeof partnersOf>['direct'][number]['sending'],
  { signing, now }: { signing: NodeSettings['signing']; now: Date },
): SealedMessage {
  return sealUserMessage(
    {
      messageId,
      timestamp: now,
      conversationId: conversation,
      from: pmode.initiator,
      to: pmode.responder,
      service: pmode.service,
      action: type,
      agreement: pmode.agreement,
      properties: [],
      parts: [
        {
          contentId: 'document@corridor',
          mimeType: 'application/xml',
          properties: [],
          bytes: Buffer.from(xml, 'utf8'),
        },
      ],
    },
    pmode,
    {
      certificate: certificateOf(signing.certificate, 'signing certificate'),
      privateKey: createPrivateKey(signing.key),
    },
  )
}

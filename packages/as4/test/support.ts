import { EBMS, open, type Opened, type PMode, sealUserMessage, type UserMessage, type Wire } from '@corridor/as4'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'

/** Keys are slow to make: one set for a test file. */
export const authority = await makeAuthority('Test Authority of Albania')
export const albania: TestIdentity = await authority.issue({ commonName: 'NTA.AL' })
export const kosovo: TestIdentity = await authority.issue({ commonName: 'NTA.XK' })

export const NOW = new Date()
const TYPE = 'urn:oasis:names:tc:ebcore:partyid-type:unregistered:corridor'

/** The agreement for what Albania sends to Kosovo, as one of the two holds it: with the other's certificate. */
export function pmodeOf(partner: TestIdentity): PMode {
  return {
    id: 'al-xk',
    agreement: { value: 'urn:corridor:agreement:al-xk' },
    initiator: { id: 'NTA.AL', type: TYPE, role: EBMS.initiator },
    responder: { id: 'NTA.XK', type: TYPE, role: EBMS.responder },
    service: { value: 'urn:corridor:service:transit' },
    profile: 'edelivery-1.15',
    partnerCertificate: partner.certificate,
  }
}

export const atAlbania = pmodeOf(kosovo)
export const atKosovo = pmodeOf(albania)

export const DOCUMENT = Buffer.from(`<CD001C><MRN>26AL00010112345678</MRN>${'<item>ë</item>'.repeat(300)}</CD001C>`)

/** A message of Albania with one part. */
export function messageOf(changes: Partial<UserMessage> = {}): UserMessage {
  return {
    messageId: 'c0ffee@nta.al',
    timestamp: NOW,
    conversationId: '26AL00010112345678',
    from: atAlbania.initiator,
    to: atAlbania.responder,
    service: atAlbania.service,
    ...(atAlbania.agreement ? { agreement: atAlbania.agreement } : {}),
    action: 'CD001C',
    properties: [{ name: 'originalSender', value: 'AL000101' }],
    parts: [
      { contentId: 'doc@nta.al', mimeType: 'application/xml', characterSet: 'UTF-8', properties: [], bytes: DOCUMENT },
    ],
    ...changes,
  }
}

export const sealed = (changes: Partial<UserMessage> = {}): ReturnType<typeof sealUserMessage> =>
  sealUserMessage(messageOf(changes), atAlbania, albania)

/** Opens as Kosovo does. */
export function openAtKosovo(wire: Wire, now = NOW): Opened {
  return open(wire, { identity: kosovo, findPMode: () => atKosovo, now })
}

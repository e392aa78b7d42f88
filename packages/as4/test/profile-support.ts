import { EBMS, type Identity, open, type Opened, type PMode, type UserMessage, type Wire } from '@corridor/as4'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'

export const NOW = new Date()
export const root = await makeAuthority('Root of the Profiles', 1)
export const issuing = await root.subordinate({ commonName: 'Issuing of the Profiles' })

/** The keys of a party: of each kind, for the profiles to choose from. */
export interface Party {
  rsa: TestIdentity
  ed25519: TestIdentity
  x25519: TestIdentity
  ec: TestIdentity
  ecAgreement: TestIdentity
}

async function makeParty(commonName: string): Promise<Party> {
  const usages = { sign: ['digitalSignature'], agree: ['keyAgreement'] } as const
  return {
    rsa: await issuing.issue({ commonName, subject: 'O=Profiles' }),
    ed25519: await issuing.issue({ commonName, keyType: 'ed25519', usages: [...usages.sign] }),
    x25519: await issuing.issue({ commonName, keyType: 'x25519' }),
    ec: await issuing.issue({ commonName, keyType: 'ec', usages: [...usages.sign] }),
    ecAgreement: await issuing.issue({ commonName, keyType: 'ec', usages: [...usages.agree] }),
  }
}

export const trader = await makeParty('trader')
export const customs = await makeParty('customs')

/** Which keys a profile uses. */
export const KEYS: Record<string, { sign: keyof Party; decrypt?: keyof Party }> = {
  'edelivery-1.15': { sign: 'rsa' },
  'edelivery-2.0': { sign: 'ed25519', decrypt: 'x25519' },
  'edelivery-2.0-ec': { sign: 'ec', decrypt: 'ecAgreement' },
  ics2: { sign: 'rsa' },
}

/** A party's identity under a profile. */
export function identityOf(party: Party, profile: string): Identity {
  const { sign, decrypt } = KEYS[profile]!
  return { ...party[sign], ...(decrypt ? { encryption: party[decrypt] } : {}) }
}

const EORI = 'urn:oasis:names:tc:ebcore:partyid-type:unregistered:eu-customs'

/** What the trader sends to customs, as one of them holds it: with the other's certificates. */
export function pmodeOf(partner: Party, profile: string, changes: Partial<PMode> = {}): PMode {
  const { sign, decrypt } = KEYS[profile]!
  const parties =
    profile === 'ics2'
      ? {
          initiator: { id: 'NL0987654321', type: `${EORI}:EORI`, role: 'Trader' },
          responder: { id: 'sti-taxud', type: `${EORI}:auth`, role: 'Customs' },
        }
      : {
          initiator: { id: 'trader', role: EBMS.initiator },
          responder: { id: 'customs', role: EBMS.responder },
        }
  return {
    id: `t2c-${profile}`,
    ...parties,
    service: { value: 'urn:test:service' },
    profile,
    partnerCertificate: partner[sign].certificate,
    ...(decrypt ? { partnerEncryptionCertificate: partner[decrypt].certificate } : {}),
    ...changes,
  }
}

export const DOCUMENT = Buffer.from(`<a xmlns="urn:a">${'<b c="d">é</b>'.repeat(200)}</a>`)

/** A message of the trader under a P-Mode. */
export function messageOf(pmode: PMode, changes: Partial<UserMessage> = {}): UserMessage {
  return {
    messageId: '74808734-f037-4e47-a1dc-08fdf0834b09@trader.test',
    timestamp: NOW,
    conversationId: '1',
    from: pmode.initiator,
    to: pmode.responder,
    service: pmode.service,
    ...(pmode.agreement ? { agreement: pmode.agreement } : {}),
    action: 'IE3F32',
    properties: [],
    parts: [{ contentId: 'one@trader.test', mimeType: 'application/xml', properties: [], bytes: DOCUMENT }],
    ...changes,
  }
}

/** Opens as customs does. */
export function openAtCustoms(wire: Wire, pmode: PMode, profile: string, now = NOW): Opened {
  return open(wire, { identity: identityOf(customs, profile), findPMode: () => pmode, now })
}

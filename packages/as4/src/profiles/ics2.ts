import type { Profile } from './profile.ts'

const PARTY_ID = 'urn:oasis:names:tc:ebcore:partyid-type:unregistered:eu-customs'
const HEX = '[0-9A-Fa-f]'

/**
 * EU customs, ICS2 harmonised trader interface: signed and not encrypted, the whole certificate chain in the token, a
 * receipt whose signature covers the empty Body too.
 */
export const ics2: Profile = {
  name: 'ics2',
  source: 'DG TAXUD ICS2 HTI Interface Control Document 3.30 (2022-03-02), 4.1.1.3, 4.1.3.4, 4.6.1, 4.6.2',
  signature: 'rsa-sha256',
  digest: 'sha256',
  tokens: { send: 'x509-pki-path', accept: ['x509-pki-path'], fullChain: true },
  receiptSigns: ['Messaging', 'Body'],
  compression: 'required',
  partyIds: [
    { type: `${PARTY_ID}:auth`, value: 'sti-taxud|nti-[a-z]{2}' },
    // [system@]EORI[@member state]; an EORI is a country and up to 15 characters (Regulation (EU) 2015/2447).
    { type: `${PARTY_ID}:EORI`, value: '([A-Za-z0-9]{1,12}@)?[A-Z]{2}[A-Za-z0-9]{1,15}(@[A-Z]{2})?' },
  ],
  roles: ['Trader', 'Customs'],
  messageId: `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}@[A-Za-z0-9.-]+`,
  messageProperties: false,
  exchangePatterns: ['one-way'],
}

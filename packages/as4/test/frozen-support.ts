import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { EBMS, type Identity, type KeyPair, type PMode, type Wire } from '@corridor/as4'

// Messages that phase4 4.4.1 (Java, WSS4J) exchanged with itself, and the keys for them.

const as4 = new URL('../../../../shared/as4/', import.meta.url)

/** The reason for which the frozen exchanges cannot be read here, as node:test takes it. */
export const skip = existsSync(as4) ? false : 'needs ../shared'
export const NOW = new Date('2026-11-24T12:00:00Z')

/** The names of all exchanges. */
export function exchanges(): string[] {
  const names = readdirSync(new URL('wire/', as4)).map((file) => /^(.*)\.request\.raw$/.exec(file)?.[1])
  return names.filter((name) => name !== undefined)
}

export function certificate(name: string): X509Certificate {
  return new X509Certificate(readFileSync(new URL(`keys/${name}.pem`, as4)))
}

function keyPair(name: string): KeyPair {
  const store = new URL(`keys/${name.replace(/_rsa$/, '')}.p12`, as4)
  const options = ['pkcs12', '-in', store.pathname, '-nodes', '-nocerts', '-passin', 'pass:testtest']
  return { certificate: certificate(name), privateKey: createPrivateKey(execFileSync('openssl', options)) }
}

/** A party's identity; for eDelivery 2.0 with another pair of keys for decrypting. */
export function identity(signing: string, encryption?: string): Identity {
  return { ...keyPair(signing), ...(encryption === undefined ? {} : { encryption: keyPair(encryption) }) }
}

/** One side of an exchange; `body` is without transfer and content encoding. */
export function read(name: string): Wire & { status: string } {
  const { start, headers } = JSON.parse(readFileSync(new URL(`wire/${name}.headers.json`, as4), 'utf8')) as {
    start: string
    headers: [string, string][]
  }
  const contentType = headers.find(([field]) => field.toLowerCase() === 'content-type')?.[1] ?? ''
  return { contentType, body: readFileSync(new URL(`wire/${name}.body`, as4)), status: start }
}

/** A payload that was sent. */
export function payload(name: string): Buffer {
  return readFileSync(new URL(`wire/${name}`, as4))
}

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What party a sends to party b, as one of them holds it: with the other's certificate. */
export function pmodeOf(partner: string, changes: Partial<PMode> = {}): PMode {
  return {
    id: 'a-b',
    agreement: { value: 'urn:as4:agreement' },
    initiator: { id: 'party-a', role: EBMS.initiator },
    responder: { id: 'party-b', role: EBMS.responder },
    service: { value: 'urn:test:customs:service' },
    actions: ['SubmitDeclaration'],
    profile: 'edelivery-1.15',
    partnerCertificate: certificate(partner),
    ...changes,
  }
}

const CUSTOMS = 'urn:oasis:names:tc:ebcore:partyid-type:unregistered:eu-customs'

/** The agreement of a trader with customs. phase4 answers with a single certificate, whatever it was sent. */
export function ics2PModeOf(partner: string, changes: Partial<PMode> = {}): PMode {
  return {
    id: 'ics2-t2c',
    agreement: { value: 'EU-ICS2-TI-V2.0', type: 'ics2-interface-version' },
    initiator: { id: 'NL0987654321', type: `${CUSTOMS}:EORI`, role: 'Trader' },
    responder: { id: 'sti-taxud', type: `${CUSTOMS}:auth`, role: 'Customs' },
    service: { value: 'eu_ics2_t2c', type: 'eu-customs-service-type' },
    actions: ['IE3F32'],
    profile: 'ics2',
    partnerCertificate: certificate(partner),
    ...changes,
  }
}

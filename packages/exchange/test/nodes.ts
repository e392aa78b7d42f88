import { EBMS, sealUserMessage, type Identity, type PMode, type Wire } from '@corridor/as4'
import { makeAuthority, type TestAuthority, type TestIdentity } from '@corridor/as4/testing'
import { connect, migrate, statement, type Database } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { createHash, createPrivateKey, createSecretKey, randomUUID, X509Certificate, type KeyObject } from 'node:crypto'
import {
  createExchange,
  httpsTransport,
  makeVault,
  migrations,
  type As4Server,
  type Exchange,
  type ExchangeOptions,
  type Handler,
  type Kept,
  type Outgoing,
  type Partner,
  type ServeOptions,
  type Vault,
} from '../src/index.ts'

/** Certificates of one party, as PEM so that they can be handed to another process. */
export interface Papers {
  party: string
  caPem: string
  certificatePem: string
  privateKeyPem: string
}

export async function makePapers(party: string, authority?: TestAuthority): Promise<Papers> {
  const ca = authority ?? (await makeAuthority(`CA of ${party}`))
  const leaf: TestIdentity = await ca.issue({ commonName: party })
  return { party, caPem: ca.certificatePem, certificatePem: leaf.certificatePem, privateKeyPem: leaf.privateKeyPem }
}

export function identityOf(papers: Papers): Identity {
  return { certificate: new X509Certificate(papers.certificatePem), privateKey: createPrivateKey(papers.privateKeyPem) }
}

function pmode(from: string, to: string, partnerCertificate: X509Certificate): PMode {
  return {
    id: `${from} ${to}`,
    initiator: { id: from, type: 'urn:test', role: EBMS.initiator },
    responder: { id: to, type: 'urn:test', role: EBMS.responder },
    service: { value: 'urn:test:service' },
    profile: 'edelivery-1.15',
    partnerCertificate,
  }
}

export function partnerOf(own: string, other: Papers, url: string): Partner {
  const certificate = new X509Certificate(other.certificatePem)
  return {
    party: other.party,
    url,
    tlsCertificates: [certificate],
    ca: [other.caPem],
    sending: pmode(own, other.party, certificate),
    receiving: pmode(other.party, own, certificate),
  }
}

/** What the tests' handler does with a message: one row for each effect, so that doubles can be counted. */
export const effects = statement('effect', 'insert into effect (message_id, conversation) values ($1, $2)')

export const recordEffect: Handler = async (tx, message) => {
  await tx.run(effects, [message.messageId, message.conversation])
  return { done: true }
}

/** A database with the tables of the exchange and the test's own; `connections` as of `connect`. */
export async function makeStore(connections?: number): Promise<{ url: string; db: Database; drop(): Promise<void> }> {
  const made = await testDatabase()
  const db = await openStore(made.url, connections)
  return {
    url: made.url,
    db,
    async drop() {
      await db.close()
      await made.drop()
    },
  }
}

/** Makes the tables in an empty database. */
export async function openStore(url: string, connections?: number): Promise<Database> {
  const db = connect(url, { max: connections })
  await migrate(db, [migrations])
  await db.query('create table effect (n bigint generated always as identity, message_id text, conversation text)')
  return db
}

/** The patience of tests: the same rules, in milliseconds. */
export const impatient: ExchangeOptions['patience'] = {
  backOffMs: 20,
  backOffMostMs: 100,
  leaseMs: 600,
  pollMs: 50,
  failurePausesMs: [10, 10],
  waitPausesMs: [30, 30],
}

export function vaultOf(party: string): Vault {
  return makeVault(dataKeyOf(party))
}

/** The sealed columns of a row of the inbox or the outbox, opened. */
export function openedRow(party: string, row: Record<string, unknown> = {}): Partial<Record<Kept, Buffer>> {
  const kept = (['payload', 'raw', 'sealed', 'receipt'] as const).filter((name) => row[name] instanceof Buffer)
  const open = (name: Kept) => vaultOf(party).open(name, String(row['message_id']), row[name] as Buffer)
  return Object.fromEntries(kept.map((name) => [name, open(name)]))
}

/** A test's key: the processes of one node have the same, those of another have another. */
function dataKeyOf(party: string): KeyObject {
  return createSecretKey(createHash('sha256').update(party).digest())
}

export function optionsOf(papers: Papers, db: Database, partners: readonly Partner[]): ExchangeOptions {
  return {
    db,
    party: papers.party,
    identity: identityOf(papers),
    partners,
    dataKey: dataKeyOf(papers.party),
    transport: httpsTransport({ certificate: papers.certificatePem, key: papers.privateKeyPem }).send,
    clock: () => new Date(),
    newId: () => `${randomUUID()}@${papers.party.toLowerCase()}.test`,
    random: Math.random,
    patience: impatient,
  }
}

export function serverOf(
  exchange: Exchange,
  papers: Papers,
  port: number,
  more: Partial<ServeOptions> = {},
): Promise<As4Server> {
  const { certificatePem: certificate, privateKeyPem: key } = papers
  return exchange.serve({ host: '127.0.0.1', port, certificate, key, ...more })
}

let serial = 0

/** A document of about 2 kB for a partner. */
export function document(to: string, more: Partial<Outgoing> = {}): Outgoing {
  serial++
  return {
    messageId: `${randomUUID()}@nta-al.test`,
    link: 'partner',
    sender: 'NTA.AL',
    recipient: to,
    conversation: `26AL0000000000000${serial}`,
    documentType: 'CD001C',
    payload: Buffer.from(
      `<ncts:CD001C xmlns:ncts="urn:test"><number>${serial}</number>${'<x/>'.repeat(400)}</ncts:CD001C>`,
    ),
    ...more,
  }
}

/** Seals a document as its sender's node would, with the certificate of `papers`. */
export function seal(message: Outgoing, partner: Partner, papers: Papers): Wire {
  const { sending } = partner
  return sealUserMessage(
    {
      messageId: message.messageId,
      timestamp: new Date(),
      conversationId: message.conversation,
      from: sending.initiator,
      to: sending.responder,
      service: sending.service,
      action: message.documentType,
      properties: [],
      parts: [{ contentId: 'd', mimeType: 'application/xml', properties: [], bytes: message.payload }],
    },
    sending,
    identityOf(papers),
  )
}

export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  limitMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export async function count(db: Database, from: string, values: unknown[] = []): Promise<number> {
  const [row] = await db.query<{ n: number }>(`select count(*) as n from ${from}`, values)
  return row?.n ?? -1
}

export { createExchange }

/** Two administrations whose exchanges are joined by real AS4, without the network: what is due goes when a test says so. */
import assert from 'node:assert/strict'
import { createHash, createSecretKey, randomUUID } from 'node:crypto'
import { EBMS, type PMode } from '@corridor/as4'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'
import type { ReferenceEntry } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { createExchange, type Exchange, migrations as exchangeMigrations, type Steps } from '@corridor/exchange'
import { migrations as registryMigrations, reference } from '@corridor/registry'
import { type Casework, createCasework, referenceDocuments, referenceMediaType, type SharedList } from '../src/index.ts'
import { readAcknowledgement, readReferenceData, readRequest } from '../src/reference/documents.ts'
import { directoryOf, law, type NodeId, parties, rules } from './corridor.ts'

const dayMs = 86_400_000
let now = Date.UTC(2026, 10, 24, 14)

/** The clock of both nodes. */
export const clock = (): Date => new Date(now)
export const passDay = (): void => void (now += dayMs + 1)

export interface ReferenceNode {
  id: NodeId
  party: string
  db: Database
  exchange: Exchange
  casework: Casework
  /** The same with another corridor file. */
  caseworkWith(lists: SharedList[]): Casework
  steps: Steps
  /** false: what is sent to it does not arrive */
  there: boolean
  stop(): Promise<void>
}

export const shared = (id: string, owner: NodeId, subscribers: NodeId[] = ['al', 'xk']): SharedList => ({
  id,
  name: `List ${id}`,
  kind: id.includes('/') ? 'national' : 'corridor',
  illustrative: true,
  owner: parties[owner],
  country: owner.toUpperCase(),
  subscribers: subscribers.filter((node) => node !== owner).map((node) => parties[node]),
})

/** Two nodes that know of each other. @param lists what each node's corridor file says */
export async function startPair(lists: SharedList[]): Promise<Record<NodeId, ReferenceNode>> {
  const nodes = new Map<string, ReferenceNode>()
  const [al, xk] = await Promise.all([startOne('al', lists, nodes), startOne('xk', lists, nodes)])
  return { al, xk }
}

const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') }
let papers: Promise<TestIdentity> | undefined

async function startOne(id: NodeId, lists: SharedList[], nodes: Map<string, ReferenceNode>): Promise<ReferenceNode> {
  const [party, other] = id === 'al' ? [parties.al, parties.xk] : [parties.xk, parties.al]
  papers ??= makeAuthority('Test').then((authority) => authority.issue({ commonName: 'Test', ...validity }))
  const keys = await papers
  const made = await testDatabase()
  const db = connect(made.url, { max: 4 })
  await migrate(db, [exchangeMigrations, { room: 'registry', directory: registryMigrations }])
  const pmode = (from: string, to: string): PMode => ({
    id: `${from} ${to}`,
    initiator: { id: from, type: 'urn:test', role: EBMS.initiator },
    responder: { id: to, type: 'urn:test', role: EBMS.responder },
    service: { value: 'urn:test' },
    profile: 'edelivery-1.15',
    partnerCertificate: keys.certificate,
  })
  const dataKey = createSecretKey(Buffer.alloc(32, 7))
  const exchange = createExchange({
    db,
    party,
    identity: keys,
    partners: [
      {
        party: other,
        url: other,
        tlsCertificates: [keys.certificate],
        ca: [],
        sending: pmode(party, other),
        receiving: pmode(other, party),
      },
    ],
    dataKey,
    mediaTypes: Object.fromEntries(referenceDocuments.map((type) => [type, referenceMediaType])),
    transport: async (url, wire) => {
      const node = nodes.get(url)
      if (node?.there !== true) throw new Error('nobody is there')
      const { status, wire: answer } = await node.exchange.receive(wire)
      return { status, headers: {}, wire: answer ?? { contentType: '', body: Buffer.alloc(0) } }
    },
    clock,
    newId: () => `${randomUUID()}@${id}.test`,
    random: Math.random,
    patience: { failurePausesMs: [], waitPausesMs: [0, 0], backOffMs: 0, backOffMostMs: 0 },
  })
  const caseworkWith = (reference: SharedList[]) =>
    createCasework({
      db,
      exchange,
      law,
      rules,
      directory: directoryOf(id),
      clock,
      newId: randomUUID,
      randomBody: () => assert.fail('no movement'),
      dataKey,
      domain: `${id}.test`,
      reference,
    })
  const casework = caseworkWith(lists)
  const node: ReferenceNode = {
    id,
    party,
    db,
    exchange,
    casework,
    caseworkWith,
    steps: exchange.steps(casework.handle),
    there: true,
    async stop() {
      await db.close()
      await made.drop()
    },
  }
  nodes.set(party, node)
  return node
}

/** Lets both nodes do all that is due, until nothing is. Nothing may be given up. */
export async function settle(nodes: Record<NodeId, ReferenceNode>): Promise<void> {
  const { al, xk } = nodes
  for (let rounds = 0, busy = true; busy; rounds += 1) {
    assert.ok(rounds < 300, 'two nodes go on for ever')
    busy = false
    for (const [node, other] of [
      [al, xk],
      [xk, al],
    ] as const) {
      while (await node.steps.decide()) busy = true
      // With the partner away a try is no work: it would be tried for ever.
      if (other.there) while (await node.steps.send()) busy = true
    }
  }
  for (const node of [al, xk])
    assert.deepEqual(await node.db.query(`select document_type, reason from inbox where state = 'parked'`), [])
}

/** Publishes entries as a new version of a node's own list, as an import does. @returns its number */
export async function publish(node: ReferenceNode, list: string, entries: ReferenceEntry[]): Promise<number> {
  const report = await node.db.transaction((tx) =>
    reference.importEntries(
      tx,
      entries.map((each, at) => ({ line: at + 1, entry: { ...each, list } })),
      { author: 'tariff', at: clock(), effective: '2026-12-01', party: node.party, ending: true },
    ),
  )
  assert.ok(report.ok, JSON.stringify(report.wrong))
  return report.lists[0]?.version ?? assert.fail('nothing changed')
}

export const entry = (code: string, more: Partial<ReferenceEntry> = {}): ReferenceEntry => ({
  list: '',
  code,
  validFrom: '2026-01-01',
  validTo: '',
  state: 'valid',
  texts: { en: `Office ${code}`, sq: 'Zyra e Durrësit' },
  items: { CountryCode: code.slice(0, 2) },
  keyItems: 0,
  groups: [],
  ...more,
})

/** What a node has of a list: head of the version in use, and all its entries. */
export interface Contents {
  version: number
  digest: string
  effective: string
  entries: ReferenceEntry[]
}

export async function contents({ db }: ReferenceNode, list: string): Promise<Contents> {
  const version = (await reference.listSummary(db, list))?.published ?? 0
  const head = (await reference.versionsOf(db, list)).find(({ number }) => number === version)
  const { digest = '', effective = '' } = head ?? {}
  return { version, digest, effective, entries: await Array.fromAsync(reference.exportList(db, list)) }
}

/** Documents of a type that a node sent, read, oldest first. */
export async function sent(node: ReferenceNode, type: (typeof referenceDocuments)[number]): Promise<object[]> {
  const rows = await node.db.query<{ id: number }>('select id from outbox where document_type = $1 order by id', [type])
  const read = {
    ReferenceData: readReferenceData,
    ReferenceDataAcknowledgement: readAcknowledgement,
    ReferenceDataRequest: readRequest,
  }
  return Promise.all(
    rows.map(async ({ id }) => {
      const payload = (await node.exchange.message('out', String(id)))?.payload ?? assert.fail()
      const document = read[type](payload)
      return typeof document === 'object' ? document : assert.fail(document)
    }),
  )
}

/** A message of the partner's is in the inbox, as if it had come over AS4, and is decided. */
export async function take(
  node: ReferenceNode,
  documentType: string,
  payload: Uint8Array,
  conversation = 'reference CL141/NTA.AL',
): Promise<void> {
  await node.db.query(
    `insert into inbox (sender, message_id, link, recipient, conversation, document_type, payload, payload_digest, raw,
      raw_content_type, receipt, receipt_content_type, state, tries, waits, due_at, received_at)
    values ($1, $2, 'as4', $3, $4, $5, $6, $7, '', '', '', '', 'received', 0, 0, $8, $8)`,
    [
      node.id === 'al' ? parties.xk : parties.al,
      `${randomUUID()}@partner.test`,
      node.party,
      conversation,
      documentType,
      payload,
      createHash('sha256').update(payload).digest(),
      clock(),
    ],
  )
  while (await node.steps.decide()) continue
  assert.deepEqual(await node.db.query(`select document_type, reason from inbox where state = 'parked'`), [])
}

/** What the journal tells of reference data, as `kind note`. */
export async function journal(node: ReferenceNode): Promise<string[]> {
  const rows = await node.db.query<{ line: string }>(
    `select kind || coalesce(' ' || (detail ->> 'note'), '') as line from journal where kind like 'reference.%' order by id`,
  )
  return rows.map(({ line }) => line)
}

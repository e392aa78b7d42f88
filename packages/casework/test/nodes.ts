/** Nodes of the corridor for tests: real PostgreSQL, real tables, a real exchange whose transport reaches nobody. */
import assert from 'node:assert/strict'
import { createHash, createSecretKey, type KeyObject, randomInt, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { EBMS, type PMode } from '@corridor/as4'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'
import type { Correspondence, Doc } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { createExchange, type Exchange, migrations as exchangeMigrations, type Running } from '@corridor/exchange'
import { groups, type GuaranteeTerms, text } from '@corridor/procedures'
import {
  type Account,
  accessCodeDigest,
  migrations as registryMigrations,
  registerGuarantee,
  saveAccount,
} from '@corridor/registry'
import {
  type ActFields,
  type ActName,
  type ActOutcome,
  type Casework,
  type CaseworkPorts,
  createCasework,
  type DeclarationPorts,
  type Directory,
  type FileSettings,
  type GuaranteeRules,
  type MovementView,
} from '../src/index.ts'
import {
  accessCode,
  accountsOf,
  clock,
  consignee,
  declarant,
  declaration,
  directoryOf,
  grn,
  law,
  type NodeId,
  parties,
  rules,
} from './corridor.ts'

export * from './corridor.ts'
export type { GuaranteeReach } from '../src/index.ts'

/** A document that the node sent. */
export interface SentDocument {
  id: number
  messageId: string
  type: string
  link: string
  recipient: string
  refTo: string | null
  payload: Buffer
  doc: Doc
}

/** A document as it is read back; it must be right. */
export function readDocument(type: string, payload: Uint8Array): Doc {
  const { document, findings } = law.messages.get(type)?.read(payload) ?? assert.fail(`no table ${type}`)
  assert.deepEqual(findings, [], Buffer.from(payload).toString())
  return document ?? assert.fail(type)
}

export interface TestNode {
  id: NodeId
  db: Database
  exchange: Exchange
  casework: Casework
  /** Of everybody, by id. */
  accounts: Map<string, Account>
  account(id: string): Account
  /** A trader posts a document; the answer is awaited. */
  post(trader: string, xml: string | Uint8Array): Promise<void>
  /** A partner's message is in the inbox, as if it had come over AS4; its effect is awaited. */
  take(
    type: string,
    document: Doc | Uint8Array,
    from?: Partial<{ sender: string; conversation: string; messageId: string }>,
  ): Promise<void>
  /** Waits until nothing is left to decide. */
  settle(): Promise<void>
  /** What was sent of NCTS after the document with this number, oldest first. */
  sent(after?: number): Promise<SentDocument[]>
  lastSent(type: string): Promise<SentDocument>
  /** An officer acts on the version that he sees now. */
  act(
    account: string,
    mrn: string,
    act: ActName,
    fields?: ActFields,
    more?: { version?: number; key?: string },
  ): Promise<ActOutcome>
  view(account: string, mrn: string): Promise<MovementView | undefined>
  /** Messages that were given up, with the reason. */
  parked(): Promise<{ document_type: string; reason: string }[]>
  states(): Promise<string[]>
  stop(): Promise<void>
}

let papers: Promise<TestIdentity> | undefined
const identity = (): Promise<TestIdentity> =>
  (papers ??= makeAuthority('Test').then((authority) => authority.issue({ commonName: 'Test' })))

const pmode = (from: string, to: string, partner: TestIdentity): PMode => ({
  id: `${from} ${to}`,
  initiator: { id: from, type: 'urn:test', role: EBMS.initiator },
  responder: { id: to, type: 'urn:test', role: EBMS.responder },
  service: { value: 'urn:test' },
  profile: 'edelivery-1.15',
  partnerCertificate: partner.certificate,
})

const testDataKey = createSecretKey(Buffer.alloc(32, 7))

/** What may differ from the corridor's. */
export interface Surroundings extends Pick<CaseworkPorts, 'regional' | 'nationalTransit'> {
  clock?: () => Date
  law?: typeof law
  guaranteeRules?: GuaranteeRules
  correspondence?: Correspondence
  files?: FileSettings
  declarations?: DeclarationPorts
  languageOf?: (country: string) => string | undefined
}

/** Starts a node with a database of its own; `directory` may differ from the corridor's to see what a mistake in it does. */
export async function startNode(
  id: NodeId,
  directory: Directory = directoryOf(id),
  surroundings: Surroundings = {},
): Promise<TestNode> {
  const around: Surroundings & Required<Pick<Surroundings, 'clock' | 'law'>> = { clock, law, ...surroundings }
  const [own, other] = id === 'al' ? [parties.al, parties.xk] : [parties.xk, parties.al]
  const [made, keys] = await Promise.all([testDatabase(), identity()])
  const db = connect(made.url, { max: 8 })
  await migrate(db, [exchangeMigrations, { room: 'registry', directory: registryMigrations }])
  const accounts = new Map<string, Account>()
  for (const account of accountsOf[id])
    accounts.set(account.id, await saveAccount(db, { ...account, locale: 'en' }, clock()))
  const exchange = createExchange({
    db,
    party: own,
    identity: keys,
    partners: [
      {
        party: other,
        url: 'https://127.0.0.1:9/',
        tlsCertificates: [keys.certificate],
        ca: [],
        sending: pmode(own, other, keys),
        receiving: pmode(other, own, keys),
      },
    ],
    dataKey: testDataKey,
    transport: () => Promise.reject(new Error('nobody is there')),
    clock: around.clock,
    newId: () => `${randomUUID()}@${id}.test`,
    random: Math.random,
    patience: { pollMs: 50, failurePausesMs: [10, 10], waitPausesMs: [30, 30], backOffMs: 600_000 },
  })
  const casework = createCasework({
    db,
    exchange,
    law: around.law,
    rules,
    ...(around.correspondence && { correspondence: around.correspondence }),
    directory,
    clock: around.clock,
    newId: randomUUID,
    randomBody: (length) => Array.from({ length }, () => 'ABCDEFGHJKLMNPQR'[randomInt(16)]).join(''),
    dataKey: testDataKey,
    domain: `${id}.test`,
    timeZone: 'Europe/Tirane',
    nationalTransit: around.nationalTransit === true,
    ...(around.files && { files: around.files }),
    ...(around.regional && { regional: around.regional }),
    ...(around.declarations && { declarations: around.declarations }),
    ...(around.languageOf && { languageOf: around.languageOf }),
    ...(around.guaranteeRules === undefined ? {} : { guaranteeRules: around.guaranteeRules }),
  })
  if (id === 'al') await registerGuarantees(db, testDataKey)
  const running = await exchange.start(casework.handle)
  return node({ id, db, exchange, casework, accounts, running, drop: () => made.drop() })
}

/** Registers one more guarantee with a node: 9,000.00, with the access code of the tests. */
export async function registerFor(
  { db }: TestNode,
  {
    grn: number,
    holder,
    currency,
    type = '1',
    terms = {},
  }: { grn: string; holder: string; currency: string; type?: string; terms?: GuaranteeTerms },
): Promise<void> {
  await registerGuarantee(db, {
    grn: number,
    holder,
    type,
    terms,
    currency,
    referenceAmount: '9000.00',
    validFrom: '2026-01-01',
    validTo: null,
    notValidIn: [],
    accessCodeDigest: accessCodeDigest(testDataKey, number, accessCode),
    at: clock(),
  })
}

async function registerGuarantees(db: Database, dataKey: KeyObject): Promise<void> {
  const guarantee = {
    type: '1',
    currency: 'EUR',
    validFrom: '2026-01-01',
    validTo: null,
    notValidIn: [],
  }
  for (const [number, holder, referenceAmount] of [
    [grn, declarant, '250000.00'],
    ['26AL0009010000028', declarant, '7000.00'],
    ['26AL0009010000037', consignee, '9000.00'],
  ] as const)
    await registerGuarantee(db, {
      ...guarantee,
      grn: number,
      holder,
      referenceAmount,
      accessCodeDigest: accessCodeDigest(dataKey, number, accessCode),
      at: clock(),
    })
}

interface Parts {
  id: NodeId
  db: Database
  exchange: Exchange
  casework: Casework
  accounts: Map<string, Account>
  running: Running
  drop(): Promise<void>
}

async function settled(db: Database): Promise<void> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const [row] = await db.query<{ left: number }>(
      `select count(*) as left from inbox where state in ('received', 'waiting')`,
    )
    if (row?.left === 0) return
    assert.ok(performance.now() < deadline, `${row?.left} messages are still undecided`)
    await pause(10)
  }
}

async function sentDocuments(db: Database, exchange: Exchange, after: number): Promise<SentDocument[]> {
  const rows = await db.query<
    Omit<SentDocument, 'messageId' | 'type' | 'doc' | 'refTo'> & {
      message_id: string
      document_type: string
      ref_to: string | null
    }
  >(
    'select id, message_id, document_type, link, recipient, ref_to from outbox where id > $1 and document_type ~ $2 order by id',
    [after, '^C[CD]'],
  )
  return Promise.all(
    rows.map(async ({ message_id: messageId, document_type: type, ref_to: refTo, ...row }) => {
      const payload = Buffer.from((await exchange.message('out', String(row.id)))?.payload ?? [])
      return { ...row, messageId, type, refTo, payload, doc: readDocument(type, payload) }
    }),
  )
}

function node({ id, db, exchange, casework, accounts, running, drop }: Parts): TestNode {
  const account = (name: string): Account => accounts.get(name) ?? assert.fail(`no account ${name}`)
  const settle = () => settled(db)
  const sent = (after = 0) => sentDocuments(db, exchange, after)
  return {
    id,
    db,
    exchange,
    casework,
    accounts,
    account,
    settle,
    sent,
    async post(trader, xml) {
      await casework.submitTraderMessage(account(trader), Buffer.from(xml))
      await settle()
    },
    async take(type, document, from = {}) {
      const payload =
        document instanceof Uint8Array ? document : (law.messages.get(type)?.write(document) ?? assert.fail(type))
      // The row that a receipted AS4 message leaves; the wire itself is tested where it belongs, in the exchange.
      await db.query(
        `insert into inbox (sender, message_id, link, recipient, conversation, document_type, payload, payload_digest, raw, raw_content_type,
          receipt, receipt_content_type, state, tries, waits, due_at, received_at)
        values ($1, $2, 'as4', $3, $4, $5, $6, $7, '', '', '', '', 'received', 0, 0, $8, $8)
        on conflict (sender, message_id) do nothing`,
        [
          from.sender ?? (id === 'al' ? parties.xk : parties.al),
          from.messageId ?? `${randomUUID()}@partner.test`,
          parties[id],
          from.conversation ?? 'a conversation',
          type,
          payload,
          createHash('sha256').update(payload).digest(),
          clock(),
        ],
      )
      await settle()
    },
    async lastSent(type) {
      return (await sent()).findLast((document) => document.type === type) ?? assert.fail(`no ${type} was sent`)
    },
    async act(name, mrn, act, fields = {}, more = {}) {
      const version = more.version ?? (await casework.movement(account(name), mrn))?.version ?? 0
      const key = more.key ?? randomUUID()
      const requestDigest = createHash('sha256')
        .update(JSON.stringify([mrn, act, version, fields]))
        .digest()
      const outcome = await casework.act(account(name), mrn, {
        act,
        version,
        fields,
        idempotency: { accountId: name, key, requestDigest },
      })
      await settle()
      return outcome
    },
    view: (name, mrn) => casework.movement(account(name), mrn),
    parked: () => db.query(`select document_type, reason from inbox where state = 'parked' order by id`),
    async states() {
      const rows = await db.query<{ line: string }>(`select role || ' ' || state as line from movement order by id`)
      return rows.map(({ line }) => line)
    },
    async stop() {
      await running.stop()
      await db.close()
      await drop()
    },
  }
}

/** A new declaration is posted and accepted. @returns its MRN */
export async function accepted(al: TestNode, xml = declaration()): Promise<string> {
  await al.post('adria', xml)
  const { doc } = await al.lastSent('CC028C')
  const mrn = text(doc, 'TransitOperation.MRN') ?? assert.fail()
  assert.equal((await al.view('durres', mrn))?.status.code, 'accepted')
  return mrn
}

/** A declaration that is released for transit. @returns MRN and the records for the other administration */
export async function released(al: TestNode): Promise<{ mrn: string; CD001C: Buffer; CD050C: Buffer }> {
  const mrn = await accepted(al)
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  assert.equal((await al.view('durres', mrn))?.status.code, 'released')
  const [CD001C, CD050C] = [await al.lastSent('CD001C'), await al.lastSent('CD050C')]
  return { mrn, CD001C: CD001C.payload, CD050C: CD050C.payload }
}

/** The functional errors of a refusal as `pointer code reason value`. */
export const errorsOf = (doc: Doc): string[] =>
  groups(doc, 'FunctionalError').map((error) =>
    ['errorPointer', 'errorCode', 'errorReason', 'originalAttributeValue']
      .map((name) => text(error, name) ?? '-')
      .join(' '),
  )

/** Brings what two nodes owe each other over the border until there is nothing more. @returns the types, in order */
export function carrier(one: TestNode, other: TestNode): (held?: readonly string[]) => Promise<string[]> {
  const carried = new Set<string>()
  return async (held = []) => {
    const types: string[] = []
    for (;;) {
      const moved = types.length
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const) {
        for (const { id, messageId, type, link, payload, doc } of await from.sent()) {
          if (link !== 'as4' || held.includes(type) || carried.has(`${from.id} ${id}`)) continue
          carried.add(`${from.id} ${id}`)
          types.push(type)
          await to.take(type, payload, { conversation: text(doc, 'TransitOperation.MRN') ?? '', messageId })
        }
      }
      if (types.length === moved) return types
    }
  }
}

import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { createReferenceActs, createReferenceVersions, type MovementView } from '@corridor/casework'
import { connect, migrate, type Database } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { makeVault, migrations as exchangeMigrations } from '@corridor/exchange'
import { referencePort } from '@corridor/node'
import { encodeSecret, issueApiToken, issueSignInLink, migrations, saveAccount, type Account } from '@corridor/registry'
import { loadLaw, loadOfficeLists, loadCorridorTables } from '@corridor/tables'
import { createWebhooks, httpsPost, migrations as webhookMigrations, type Webhooks } from '@corridor/webhooks'
import type { FastifyInstance } from 'fastify'
import { movementFiles } from './movement-files.ts'
import { createApi, type ApiPorts, type Health, type LogEntry, type NodeEvent } from '../src/index.ts'

/** A new random secret as programs make it. */
export const secret = () => encodeSecret(randomBytes(32))

/** An empty database with the tables of exchange and registry. */
export async function registryDatabase(): Promise<{ db: Database; close: () => Promise<void> }> {
  const { url, drop } = await testDatabase()
  const db = connect(url, { max: 10 })
  await migrate(db, [exchangeMigrations, { room: 'registry', directory: migrations }, webhookMigrations])
  return {
    db,
    close: async () => {
      await db.close()
      await drop()
    },
  }
}

/** A clock that a test moves. */
export class TestClock {
  now = new Date('2026-11-24T10:00:00Z')
  readonly read = () => this.now

  forward(ms: number): void {
    this.now = new Date(this.now.getTime() + ms)
  }
}

export const durresOfficer = {
  id: 'al-departure',
  name: 'Arta Hoxha',
  role: 'departure',
  office: 'AL000101',
  locale: 'en',
} as const
export const guaranteeOfficer = {
  id: 'al-guarantee',
  name: 'Besnik Leka',
  role: 'guarantee',
  office: 'AL000901',
  locale: 'en',
} as const
export const operationsDesk = {
  id: 'al-operations',
  name: 'Ilir Prifti',
  role: 'operations',
  locale: 'en',
} as const
export const secretariat = {
  id: 'secretariat',
  name: 'Béatrice Assoumou',
  role: 'regional',
  locale: 'en',
} as const
export const trader = {
  id: 'trans-al',
  name: 'Trans Adria',
  role: 'trader',
  trader: 'AL12345678',
  locale: 'en',
} as const

/** A movement with every member that a view can have. */
export const movementView: Required<MovementView> = {
  mrn: '26ALAL0001010000J5',
  lrn: 'LRN-1',
  role: 'departure',
  office: { ref: 'AL000101', name: 'Durrës Port', country: 'AL' },
  status: { code: 'under-control', tone: 'warn' },
  version: 3,
  holder: { id: 'AL12345678', name: 'Trans Adria' },
  vehicle: { plate: 'AA123BB', country: 'AL' },
  route: [{ role: 'departure', office: { ref: 'AL000101', name: 'Durrës Port', country: 'AL' }, own: true }],
  acts: [
    {
      act: 'release',
      primary: true,
      undoable: false,
      fields: [
        { name: 'code', kind: 'code', required: true, codes: [{ code: 'A1', text: 'Satisfactory' }], value: 'A1' },
        { name: 'remark', kind: 'text', required: false, maxLength: 512 },
      ],
      effect: { code: 'release', values: { amount: '5000.00', items: 2 } },
    },
  ],
  waitingFor: { party: 'NTA.XK', code: 'crossing' },
  trouble: [{ code: 'not-receipted', since: '2026-11-24T09:00:00.000Z', detail: 'NTA.XK' }],
  journey: {
    from: '2026-11-24T08:00:00.000Z',
    to: '2026-11-26T08:00:00.000Z',
    events: [{ id: 'e1', lane: 0, at: '2026-11-24T08:00:00.000Z', code: 'accepted', tone: 'ok' }],
    messages: [
      {
        id: 'm1',
        type: 'CD001C',
        fromLane: 0,
        toLane: 0,
        sentAt: '2026-11-24T08:00:00.000Z',
        receiptedAt: null,
        state: 'sent',
      },
    ],
  },
  messages: [
    {
      id: 'm1',
      messageId: 'a@corridor',
      at: '2026-11-24T08:00:00.000Z',
      type: 'CD001C',
      from: { id: 'NTA.AL', name: 'Albania' },
      to: { id: 'NTA.XK', name: 'Kosovo' },
      direction: 'out',
      receiptMs: 41.5,
      tries: 1,
      state: 'receipted',
      refTo: null,
    },
  ],
  timers: [
    {
      timer: 'arrival-limit',
      due: '2026-12-10T00:00:00.000Z',
      pausedAt: '2026-12-01T08:00:00.000Z',
      pausedBy: 'durres',
      note: 'the road is closed',
    },
  ],
  files: movementFiles,
  papers: ['accompanying-document'],
  goods: [{ item: 1, hs: '080510', description: 'Oranges', packages: 400, packageType: 'CT', grossMassKg: 8000.5 }],
  documents: [{ type: 'N730', name: 'Road consignment note', reference: 'CMR-1' }],
  seals: ['AL-SEAL-1'],
  incidents: [],
  guarantees: [
    {
      grn: '26AL0000000000001',
      type: '1',
      typeName: 'Comprehensive',
      amount: '5000.00',
      currency: 'EUR',
      state: 'held',
      reference: { limit: '250000.00', used: '99000.00', currency: 'EUR' },
    },
    {
      grn: '26AL0000000000002',
      type: '1',
      typeName: 'Other',
      amount: '1.00',
      currency: 'EUR',
      state: 'none',
      reference: null,
    },
  ],
  controls: [{ code: 'A1', text: 'Satisfactory', at: '2026-11-24T08:30:00.000Z', office: 'AL000101' }],
  audit: [
    { at: '2026-11-24T08:30:00.000Z', who: 'Arta Hoxha', office: 'AL000101', code: 'control', detail: null },
    { at: '2026-11-24T08:00:00.000Z', who: 'Trans Adria', office: null, code: 'declared', detail: 'LRN-1' },
  ],
}

/** The ports that casework and the exchange will fill. */
type Asked = Exclude<
  keyof ApiPorts,
  | 'node'
  | 'db'
  | 'clock'
  | 'newId'
  | 'newSecret'
  | 'log'
  | 'officeName'
  | 'events'
  | 'reference'
  | 'declarations'
  | 'referenceVersions'
  | 'referenceActs'
  | 'webhooks'
  | 'consoleDirectory'
  | 'allowedHosts'
  | 'fileBytes'
  | 'reconciliation'
  | 'heartbeatMs'
>

/** A node that has compared nothing. */
export const noReconciliation: ApiPorts['reconciliation'] = {
  list: async () => [],
  one: async () => undefined,
  differences: async () => [],
  returned: async () => undefined,
  want: async () => ({ kind: 'unknown-partner' }),
  mend: async () => ({ kind: 'not-now' }),
}

/** What the stand-in of casework was asked, and what a test makes it answer. */
export interface StandIn {
  asked: unknown[][]
  answers: Partial<Pick<ApiPorts, Asked>>
  publish: (event: NodeEvent | undefined) => void
  listeners: number
}

export interface TestApi {
  app: FastifyInstance
  db: Database
  webhooks: Webhooks
  clock: TestClock
  standIn: StandIn
  logged: LogEntry[]
  /** Options of a request by a new bearer token of an account. */
  bearer: (account: Pick<Account, 'id'>) => Promise<{ authorization: string }>
  /** The cookie of a new session of an account, through the API. */
  signIn: (account: Pick<Account, 'id'>) => Promise<string>
  link: (account: Pick<Account, 'id'>) => Promise<string>
  close: () => Promise<void>
}

/** A health with every member that there can be. */
export const wholeHealth: Health = {
  status: 'degraded',
  reasons: ['messages-parked'],
  database: { fault: null, writeMs: 3 },
  disk: { freeBytes: 4_000_000_000, totalBytes: 9_000_000_000 },
  clock: {
    setAheadMs: 0,
    databaseAheadMs: -12,
    databaseWindowMs: 5_000,
    partners: [{ party: 'NTA.XK', aheadMs: 40, at: '2026-11-24T10:00:00.000Z' }],
    partnerWindowMs: 300_000,
  },
  certificates: [{ party: 'NTA.AL', own: true, use: 'signing', next: false, daysLeft: 200, state: 'ok' }],
  backlog: {
    inbox: 1,
    outbox: 2,
    parkedIn: 1,
    parkedOut: 0,
    oldestUndecidedAt: '2026-11-24T10:00:00.000Z',
    oldestUnreceiptedAt: null,
  },
  journal: { lastSeal: 7, sealedAt: '2026-11-24T10:00:00.000Z', oldestUnsealedAt: null },
  webhooks: { enabled: 2, disabled: 1, failing: 0, waiting: 4, overdueSince: null },
  tunnels: [{ party: 'NTA.XK', local: '10.99.0.1', peer: '10.99.0.2', interface: 'wg-xk', up: true, why: null }],
}

/** Answers of the stand-in while a test gives no others. */
const plainAnswers: Pick<ApiPorts, Asked> = {
  submitTraderMessage: async () => {
    return { kind: 'accepted', id: 'in-1', receivedAt: '2026-11-24T10:00:00.000Z', position: '7' }
  },
  mailbox: async () => [],
  mailboxMessage: async () => undefined,
  movements: async () => ({ items: [], total: 0, more: false }),
  movement: async () => undefined,
  act: async () => ({ kind: 'done', movement: movementView }),
  changeTimer: async () => ({ kind: 'done', movement: movementView }),
  guarantees: async () => undefined,
  guarantee: async () => undefined,
  fallbacks: async () => undefined,
  fallback: async () => undefined,
  actOnFallback: async () => ({ kind: 'not-found' }),
  enterPaper: async () => ({ kind: 'not-found' }),
  fallbackPaper: async () => ({ kind: 'not-found' }),
  actOnGuarantee: async () => ({ kind: 'not-found' }),
  movementMessage: async () => undefined,
  evidence: async () => undefined,
  files: async () => undefined,
  openFile: async () => undefined,
  attachFile: async () => ({ kind: 'not-found' }),
  askForFiles: async () => ({ kind: 'done', files: movementFiles }),
  decideOnFiles: async () => ({ kind: 'done', files: movementFiles }),
  movementPaper: async () => ({ kind: 'not-found' }),
  guaranteePaper: async () => ({ kind: 'not-found' }),
  pdf: async () => ({ kind: 'no-printer', detail: 'There is no Chromium.' }),
  health: async () => wholeHealth,
  metrics: async () => '# HELP corridor_test A metric\n',
  exchangeStatus: async () => [],
  availability: async () => ({ unavailabilities: [], asked: [], partners: [], isTold: true }),
  announceUnavailability: async () => ({ kind: 'not-found' }),
  askAvailability: async () => ({ kind: 'not-found' }),
  statistics: async () => ({ types: [], reports: [], nextMonth: '2026-10', isTold: true }),
  sendStatistics: async () => ({ kind: 'not-found' }),
}

/** The ports of casework and the exchange as a stand-in in memory: it records what it is asked and answers as a test wants. */
function standInPorts(): { standIn: StandIn; ports: Pick<ApiPorts, Asked | 'events'> } {
  const listeners = new Set<(event: NodeEvent | undefined) => void>()
  const standIn: StandIn = {
    asked: [],
    answers: {},
    publish: (event) => listeners.forEach((listener) => listener(event)),
    get listeners() {
      return listeners.size
    },
  }
  const asking = Object.entries(plainAnswers).map(([name, plain]) => {
    const ask = (...values: unknown[]) => {
      standIn.asked.push([name, ...values])
      const answer = standIn.answers[name as Asked] ?? plain
      return (answer as (...values: unknown[]) => unknown)(...values)
    }
    return [name, ask]
  })
  const events: ApiPorts['events'] = {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { standIn, ports: { ...(Object.fromEntries(asking) as Pick<ApiPorts, Asked>), events } }
}

/** Real webhooks that may call this machine only. */
function testWebhooks(db: Database, clock: TestClock): Webhooks {
  const reach = { egress: { loopback: true }, resolve: async () => [] }
  return createWebhooks({
    db,
    vault: makeVault(createSecretKey(randomBytes(32))),
    clock: clock.read,
    newId: randomUUID,
    newKey: () => randomBytes(32),
    random: Math.random,
    ...reach,
    post: httpsPost(reach),
    describe: async (_owner, messageId) => ({ id: '1', messageId }),
  })
}

/**
 * The API over a real database for accounts, sessions, tokens and idempotency keys. Casework and the exchange are a stand-in:
 * here only the HTTP side is under test.
 */
export async function testApi(changes: Partial<ApiPorts> = {}): Promise<TestApi> {
  const { db, close } = await registryDatabase()
  const clock = new TestClock()
  const logged: LogEntry[] = []
  const { standIn, ports } = standInPorts()
  const referencePorts = {
    db,
    party: 'NTA.AL',
    clock: clock.read,
    law: loadLaw().law,
    tables: loadCorridorTables(),
    officeLists: loadOfficeLists(),
  }
  const webhooks = testWebhooks(db, clock)
  const app = createApi({
    node: { party: 'NTA.AL', country: 'AL', name: 'Albania', version: '0.1.0', locales: ['en', 'sq', 'ar'] },
    db,
    clock: clock.read,
    newId: randomUUID,
    newSecret: secret,
    log: (entry) => logged.push(entry),
    officeName: (reference) => (reference === 'AL000101' ? 'Durrës Port' : undefined),
    reference: referencePort(db, {
      party: 'NTA.AL',
      nameOf: (party) => (party === 'NTA.XK' ? 'Kosovo' : party),
    }),
    referenceVersions: createReferenceVersions(referencePorts),
    referenceActs: createReferenceActs(referencePorts),
    fileBytes: 1_000_000,
    reconciliation: noReconciliation,
    webhooks,
    ...ports,
    ...changes,
  })
  for (const account of [durresOfficer, guaranteeOfficer, operationsDesk, secretariat, trader])
    await saveAccount(db, account, clock.now)
  const link: TestApi['link'] = async ({ id }) => {
    const token = secret()
    await issueSignInLink(db, { token, accountId: id }, clock.now)
    return token
  }
  const bearer: TestApi['bearer'] = async ({ id }) => {
    const token = secret()
    await issueApiToken(db, { token, accountId: id, name: randomUUID() }, clock.now)
    return { authorization: `Bearer ${token}` }
  }
  const signIn: TestApi['signIn'] = async (account) => {
    const answer = await app.inject({ method: 'POST', url: '/session', payload: { token: await link(account) } })
    return String(answer.headers['set-cookie']).split(';', 1)[0]!
  }
  const closeAll = async () => {
    await app.close()
    await close()
  }
  return { app, db, webhooks, clock, standIn, logged, link, bearer, signIn, close: closeAll }
}

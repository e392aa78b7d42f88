/** A hub and its members for tests: real exchanges over real AS4 and PostgreSQL. */
import { randomUUID, X509Certificate } from 'node:crypto'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import {
  type As4Server,
  type CarriedPartner,
  createExchange,
  type Exchange,
  type ExchangeOptions,
  type Handler,
  type InboxMessage,
  migrations as exchangeMigrations,
  type Outgoing,
  type Partner,
  readFramed,
  sealedObjectType,
  type Running,
} from '@corridor/exchange'
import { makePapers, optionsOf, type Papers, partnerOf, serverOf } from '../../exchange/test/nodes.ts'
import { createHub, type Hub, type HubLimits, loadMeanings, migrations } from '../src/index.ts'
import { table } from './copies.ts'

export interface TestMember {
  party: string
  db: Database
  exchange: Exchange
  papers: Papers
  port: number
  /** How far its clock is ahead. */
  clock: { aheadMs: number }
  /** What it was given, in order. */
  got: InboxMessage[]
  /** Takes it away and brings it back, on the same port. */
  leave(): Promise<void>
  comeBack(): Promise<void>
  stop(): Promise<void>
}

export interface TestHub extends Omit<TestMember, 'got' | 'comeBack'> {
  hub: Hub
  /** It changes the objects that it forwards, as no hub should. */
  tamper: boolean
  comeBack(members?: readonly string[]): Promise<void>
  /** Of the hub itself; its post office keeps the machine's. */
  clock: TestMember['clock']
}

export const hubParty = 'HQ.CEMAC'
/** Of the links that pass the hub. */
export const agreement = 'by-hub-2026'

/** What a test wants of its hub. */
export interface Wanted {
  countries: string[]
  /** Members reach each other by the hub: what it forwards is taken on by their post offices. */
  byHub?: boolean
  limits?: Partial<HubLimits>
  /** Sees what the hub gets. */
  watch?: (message: InboxMessage) => void
}

/** A member on a free port; it knows the hub when the hub is there. */
async function startMember(
  papers: Papers,
  partners: Partner[],
  members: Map<string, TestMember>,
  more: Partial<ExchangeOptions>,
): Promise<TestMember> {
  const made = await testDatabase()
  const db = connect(made.url)
  await migrate(db, [exchangeMigrations])
  const handler: Handler = async (_, message) => {
    member.got.push(message)
    return { done: true }
  }
  let stops: { server: As4Server; running: Running } | undefined
  const start = async (port: number) => {
    member.exchange = createExchange({
      ...optionsOf(papers, db, partners),
      clock: () => new Date(Date.now() + member.clock.aheadMs),
      ...more,
    })
    const server = await serverOf(member.exchange, papers, port)
    stops = { server, running: await member.exchange.start(handler) }
    member.port = server.address.port
  }
  const member = {
    party: papers.party,
    db,
    papers,
    clock: { aheadMs: 0 },
    got: [] as InboxMessage[],
  } as unknown as TestMember
  member.leave = async () => {
    await stops?.running.stop()
    await stops?.server.close()
    stops = undefined
  }
  member.comeBack = () => start(member.port)
  member.stop = async () => {
    if (!members.delete(papers.party)) return
    await member.leave()
    await db.close()
    await made.drop()
  }
  await start(0)
  return member
}

const urlOf = (port: number): string => `https://127.0.0.1:${port}/as4`

/** A hub with a member for each country: `DGD.CG`, `DGD.TD` … */
export async function startHub({
  countries,
  byHub = false,
  watch,
  limits = {},
}: Wanted): Promise<{ hub: TestHub; members: Map<string, TestMember>; stop(): Promise<void> }> {
  const papers = await makePapers(hubParty)
  const parties = countries.map((country) => `DGD.${country}`)
  const membersPapers = await Promise.all(parties.map((party) => makePapers(party)))
  const made = await testDatabase()
  const db = connect(made.url)
  await migrate(db, [exchangeMigrations, migrations])
  const port = await freePort(papers, db)
  const members = new Map<string, TestMember>()
  const places = { hq: { hub: hubParty } }
  for (const own of membersPapers) {
    const others = membersPapers.filter((other) => other !== own)
    const more = byHub ? { places, carried: others.map(carriedPartner) } : {}
    const hub = partnerOf(own.party, papers, urlOf(port))
    members.set(own.party, await startMember(own, [hub], members, more))
  }
  // One that was stopped is still linked with the hub.
  const linked = [...members.values()]
  const clock = { aheadMs: 0 }
  const now = () => new Date(Date.now() + clock.aheadMs)
  let stops: { server: As4Server; running: Running } | undefined
  const start = async (present: readonly string[]) => {
    const partners = linked
      .filter(({ party }) => present.includes(party))
      .map(({ papers: theirs, port: at }) => partnerOf(hubParty, theirs, urlOf(at)))
    const exchange = createExchange({
      ...optionsOf(papers, db, partners),
      admit: (arriving) => test.hub.admit(arriving),
    })
    test.exchange = exchange
    test.hub = createHub({
      db,
      exchange: {
        ...exchange,
        enqueue: (tx, messages) =>
          exchange.enqueue(
            tx,
            messages.map((each) => (test.tamper ? changed(each) : each)),
          ),
      },
      party: hubParty,
      domain: 'hq.test',
      members: new Set(present),
      countries: new Map(parties.map((party) => [party, party.slice(-2)])),
      copies: table,
      meanings: loadMeanings(),
      limits,
      clock: now,
      newId: () => `${randomUUID()}@hq.test`,
    })
    const server = await serverOf(exchange, papers, port)
    const running = await exchange.start(async (tx, message) => {
      watch?.(message)
      return (await test.hub.handle(tx, message)) ?? { done: true }
    })
    stops = { server, running }
  }
  const test = { party: hubParty, db, papers, port, clock, tamper: false } as TestHub
  test.leave = async () => {
    await stops?.running.stop()
    await stops?.server.close()
    stops = undefined
  }
  test.comeBack = (present = parties) => start(present)
  test.stop = async () => {
    await test.leave()
    await db.close()
    await made.drop()
  }
  await start(parties)
  return {
    hub: test,
    members,
    async stop() {
      await test.stop()
      await Promise.all([...members.values()].map((member) => member.stop()))
    },
  }
}

/** The port is the hub's as long as the test runs: members know it before it is there. */
async function freePort(papers: Papers, db: Database): Promise<number> {
  const server = await serverOf(createExchange(optionsOf(papers, db, [])), papers, 0)
  const { port } = server.address
  await server.close()
  return port
}

const carriedPartner = ({ party, certificatePem }: Papers): CarriedPartner => ({
  party,
  agreement,
  certificates: [new X509Certificate(certificatePem)],
  place: 'hq',
})

/** A forwarded document with one bit of it changed; receipts stay as they are. */
function changed(message: Outgoing): Outgoing {
  const object = message.documentType === sealedObjectType ? readFramed(message.payload) : { refused: '' }
  if ('refused' in object || object.kind === 'receipt') return message
  const payload = Buffer.from(message.payload)
  payload[payload.length - 40]! ^= 1
  return { ...message, payload }
}

/** A message to the hub. */
export function toHub(from: string, documentType: string, payload: Uint8Array, more: Partial<Outgoing> = {}): Outgoing {
  return {
    messageId: `${randomUUID()}@${from.toLowerCase()}.test`,
    link: 'partner',
    sender: from,
    recipient: hubParty,
    conversation: randomUUID(),
    documentType,
    payload,
    ...more,
  }
}

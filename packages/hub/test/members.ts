/** A hub and its members for tests: real exchanges over real AS4 and PostgreSQL. */
import { randomUUID } from 'node:crypto'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import {
  type As4Server,
  createExchange,
  type Exchange,
  type Handler,
  type InboxMessage,
  migrations as exchangeMigrations,
  type Outgoing,
  type Partner,
  type Running,
} from '@corridor/exchange'
import { makePapers, optionsOf, type Papers, partnerOf, serverOf } from '../../exchange/test/nodes.ts'
import { createHub, type Hub, loadMeanings, migrations } from '../src/index.ts'
import { table } from './copies.ts'

export interface TestMember {
  party: string
  db: Database
  exchange: Exchange
  papers: Papers
  port: number
  /** What it was given, in order. */
  got: InboxMessage[]
  stop(): Promise<void>
}

export interface TestHub extends Omit<TestMember, 'got'> {
  hub: Hub
  /** Takes it away and brings it back, on the same port. */
  leave(): Promise<void>
  comeBack(members?: readonly string[]): Promise<void>
  /** Of the hub itself; its post office keeps the machine's. */
  clock: { aheadMs: number }
}

export const hubParty = 'HQ.CEMAC'

/** A member on a free port; it knows the hub when the hub is there. */
async function startMember(papers: Papers, partners: Partner[], members: Map<string, TestMember>): Promise<TestMember> {
  const made = await testDatabase()
  const db = connect(made.url)
  await migrate(db, [exchangeMigrations])
  const got: InboxMessage[] = []
  const handler: Handler = async (_, message) => {
    got.push(message)
    return { done: true }
  }
  const exchange = createExchange(optionsOf(papers, db, partners))
  const server = await serverOf(exchange, papers, 0)
  const running = await exchange.start(handler)
  const { party } = papers
  return {
    party,
    db,
    exchange,
    papers,
    port: server.address.port,
    got,
    async stop() {
      if (!members.delete(party)) return
      await running.stop()
      await server.close()
      await db.close()
      await made.drop()
    },
  }
}

const urlOf = (port: number): string => `https://127.0.0.1:${port}/as4`

/** A hub with a member for each country: `DGD.CG`, `DGD.TD` … */
export async function startHub(
  ...countries: string[]
): Promise<{ hub: TestHub; members: Map<string, TestMember>; stop(): Promise<void> }> {
  const papers = await makePapers(hubParty)
  const parties = countries.map((country) => `DGD.${country}`)
  const membersPapers = await Promise.all(parties.map((party) => makePapers(party)))
  const made = await testDatabase()
  const db = connect(made.url)
  await migrate(db, [exchangeMigrations, migrations])
  const port = await freePort(papers, db)
  const members = new Map<string, TestMember>()
  for (const own of membersPapers)
    members.set(own.party, await startMember(own, [partnerOf(own.party, papers, urlOf(port))], members))
  // One that was stopped is still linked with the hub.
  const linked = [...members.values()]
  const clock = { aheadMs: 0 }
  const now = () => new Date(Date.now() + clock.aheadMs)
  let stops: { server: As4Server; running: Running } | undefined
  const start = async (present: readonly string[]) => {
    const partners = linked
      .filter(({ party }) => present.includes(party))
      .map(({ papers: theirs, port: at }) => partnerOf(hubParty, theirs, urlOf(at)))
    const exchange = createExchange(optionsOf(papers, db, partners))
    test.exchange = exchange
    test.hub = createHub({
      db,
      exchange,
      party: hubParty,
      domain: 'hq.test',
      members: new Set(present),
      countries: new Map(parties.map((party) => [party, party.slice(-2)])),
      copies: table,
      meanings: loadMeanings(),
      clock: now,
      newId: () => `${randomUUID()}@hq.test`,
    })
    const server = await serverOf(exchange, papers, port)
    const running = await exchange.start(async (tx, message) => (await test.hub.handle(tx, message)) ?? { done: true })
    stops = { server, running }
  }
  const test = { party: hubParty, db, papers, port, clock } as TestHub
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

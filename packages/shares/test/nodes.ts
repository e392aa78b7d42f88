/** Administrations that share over a cloud store: real exchanges, PostgreSQL and sealed objects. */
import { X509Certificate } from 'node:crypto'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { openObjectStore } from '@corridor/carriers'
import {
  type CarriedPartner,
  createExchange,
  type Exchange,
  type InboxMessage,
  migrations as exchangeMigrations,
  type Steps,
} from '@corridor/exchange'
import { bw, na, type TestStore, za } from '../../carriers/test/object-store/stores.ts'
import { blocks } from '../../declarations/test/tables.ts'
import { makePapers, optionsOf, type Papers, vaultOf } from '../../exchange/test/nodes.ts'
import { createShares, migrations, type Shares } from '../src/index.ts'

export interface ShareNode {
  party: string
  db: Database
  exchange: Exchange
  shares: Shares
  steps: Steps
  /** What was none of shares. */
  other: InboxMessage[]
  /** What its sweep could not do. */
  faults: unknown[]
  kinds(): Promise<string[]>
  end(): Promise<void>
}

/** The clock of all of them. */
export const time = { aheadMs: 0 }
const clock = (): Date => new Date(Date.now() + time.aheadMs)

/** Three administrations that reach one another by one store. */
export async function startNodes(store: TestStore): Promise<Record<'bw' | 'na' | 'za', ShareNode>> {
  const parties = [bw, na, za]
  const papers = new Map(await Promise.all(parties.map(async (party) => [party, await makePapers(party)] as const)))
  const [one, two, three] = await Promise.all(parties.map((party) => startNode(party, papers, store)))
  return { bw: one!, na: two!, za: three! }
}

async function startNode(party: string, papers: ReadonlyMap<string, Papers>, store: TestStore): Promise<ShareNode> {
  const made = await testDatabase()
  const db = connect(made.url)
  await migrate(db, [exchangeMigrations, migrations])
  const carrier = openObjectStore({ settings: store.settingsOf(party), party })
  const others = [...papers].filter(([other]) => other !== party)
  const carried = others.map(([other, { certificatePem }]): CarriedPartner => ({
    party: other,
    agreement: [party, other].toSorted().join(' '),
    certificates: [new X509Certificate(certificatePem)],
    place: 'cloud',
  }))
  const options = { ...optionsOf(papers.get(party)!, db, []), clock, carried, places: { cloud: { carrier } } }
  const exchange = createExchange(options)
  const faults: unknown[] = []
  const shares = createShares({
    db,
    exchange,
    party,
    partners: new Set(others.map(([other]) => other)),
    blocks,
    vault: vaultOf(party),
    clock,
    onFault: (error) => faults.push(error),
    newId: options.newId,
  })
  const other: InboxMessage[] = []
  const steps = exchange.steps(async (tx, message) => {
    const handled = await shares.handle(tx, message)
    if (handled === undefined) other.push(message)
    return handled ?? { done: true }
  })
  return {
    party,
    db,
    exchange,
    shares,
    steps,
    other,
    faults,
    kinds: async () =>
      (await db.query<{ kind: string }>("select kind from journal where kind like 'share.%' order by id")).map(
        ({ kind }) => kind,
      ),
    async end() {
      await carrier.close()
      await db.close()
      await made.drop()
    },
  }
}

/** Everything that can be done now, at all of them. */
export async function settle(...nodes: readonly ShareNode[]): Promise<void> {
  for (let round = 0; round < 200; round++) {
    let some = false
    for (const { steps } of nodes)
      for (const step of [steps.send, steps.fetch, steps.decide]) some = (await step()) || some
    if (!some) return
  }
  throw new Error('it never comes to rest')
}

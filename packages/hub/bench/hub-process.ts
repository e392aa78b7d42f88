// The hub of the bench, as a process of its own: a real one, with exchange, database and AS4 server.
import { randomUUID } from 'node:crypto'
import { connect } from '@corridor/database'
import { httpsTransport, Loop } from '@corridor/exchange'
import { createExchange, optionsOf, type Papers, partnerOf, serverOf } from '../../exchange/test/nodes.ts'
import { createHub, loadMeanings } from '../src/index.ts'

/** What the bench asks of it. */
export type HubOrder = { open: HubOpening } | { usage: true }

/** Everything that it starts with. */
export interface HubOpening {
  databaseUrl: string
  papers: Papers
  port: number
  members: { papers: Papers; url: string }[]
}

/** As in a node: how often it is looked what became of forwarded objects. */
const settleMs = 2_000

process.on('message', (order: HubOrder) => {
  if ('usage' in order) {
    const { user, system } = process.cpuUsage()
    process.send?.({ usage: (user + system) / 1000 })
    return
  }
  open(order.open).then(
    () => process.send?.({ opened: true }),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(1)
    },
  )
})
process.once('disconnect', () => process.exit(0))

async function open({ databaseUrl, papers, port, members }: HubOpening): Promise<void> {
  const db = connect(databaseUrl, { max: 20 })
  const partners = members.map((member) => partnerOf(papers.party, member.papers, member.url))
  const transport = httpsTransport({ certificate: papers.certificatePem, key: papers.privateKeyPem })
  const exchange = createExchange({
    ...optionsOf(papers, db, partners),
    transport: transport.send,
    patience: {},
    admit: (arriving) => hub.admit(arriving),
  })
  const hub = createHub({
    db,
    exchange,
    party: papers.party,
    domain: 'hub.test',
    members: new Set(members.map(({ papers: { party } }) => party)),
    countries: new Map(),
    copies: null,
    meanings: loadMeanings(),
    clock: () => new Date(),
    newId: () => `${randomUUID()}@hub.test`,
  })
  await serverOf(exchange, papers, port)
  await exchange.start(async (tx, message) => (await hub.handle(tx, message)) ?? { done: true })
  const onFault = (error: unknown): void => void process.stderr.write(`hub.settle: ${String(error)}\n`)
  new Loop({ lanes: 1, step: () => hub.settle(settleMs), pollMs: settleMs, onFault }).start()
}

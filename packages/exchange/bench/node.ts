// One node of the bench, as a process of its own. `sender` is told how many messages to owe at once; both tell what CPU they used.
import { connect } from '@corridor/database'
import { randomUUID } from 'node:crypto'
import { httpsTransport } from '../src/index.ts'
import { createExchange, document, optionsOf, partnerOf, serverOf, type Papers } from '../test/nodes.ts'

/** What the bench asks of a node. */
export type Order =
  | { start: { databaseUrl: string; papers: Papers; partner: Papers; partnerUrl: string; port: number } }
  | { send: { messages: number; bytes: number } }
  | { cpu: true }

let work:
  | Promise<{ db: ReturnType<typeof connect>; exchange: ReturnType<typeof createExchange>; partner: string }>
  | undefined

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})
process.once('disconnect', () => process.exit(0))

async function obey(order: Order): Promise<void> {
  if ('start' in order) work = start(order.start)
  if ('send' in order) await send(order.send)
  if ('cpu' in order) process.send?.({ cpu: process.cpuUsage() })
}

async function start({ databaseUrl, papers, partner, partnerUrl, port }: Extract<Order, { start: unknown }>['start']) {
  const db = connect(databaseUrl, { max: 20 })
  const transport = httpsTransport({ certificate: papers.certificatePem, key: papers.privateKeyPem, connections: 16 })
  const exchange = createExchange({
    ...optionsOf(papers, db, [partnerOf(papers.party, partner, partnerUrl)]),
    transport: transport.send,
    patience: {},
    sending: 16,
    deciding: 4,
  })
  await exchange.start(async () => ({ done: true }))
  const server = await serverOf(exchange, papers, port)
  process.send?.({ ready: server.address.port })
  return { db, exchange, partner: partner.party }
}

async function send({ messages, bytes }: { messages: number; bytes: number }): Promise<void> {
  const { db, exchange, partner } = await work!
  const owed = Array.from({ length: messages }, () =>
    document(partner, { conversation: randomUUID(), payload: body(bytes) }),
  )
  await db.transaction((tx) => exchange.enqueue(tx, owed))
  process.send?.({ owed: messages })
}

/** A document that zips about as well as a declaration does: words that repeat, and numbers that do not. */
function body(bytes: number): Buffer {
  const parts = ['<ncts:CD001C xmlns:ncts="urn:bench">']
  for (let length = 40; length < bytes - 20;) {
    const item = `<ConsignmentItem><goodsItemNumber>${randomUUID()}</goodsItemNumber><grossMass>1260.000</grossMass></ConsignmentItem>`
    parts.push(item)
    length += item.length
  }
  parts.push('</ncts:CD001C>')
  return Buffer.from(parts.join(''))
}

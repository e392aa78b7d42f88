// One gateway in its network namespace: the exchange of a real node's settings with a database of its own, at all addresses.
import { X509Certificate } from 'node:crypto'
import { connect as connectTcp } from 'node:net'
import { httpsTransport } from '@corridor/exchange'
import { readCorridor, realSettings } from '@corridor/node'
import { partnersOf } from '../../../node/src/partners.ts'
import { hear, say } from '../../../exchange/test/lines.ts'
import {
  createExchange,
  document,
  makeStore,
  optionsOf,
  type Papers,
  partnerOf,
  recordEffect,
  seal,
  serverOf,
  until,
} from '../../../exchange/test/nodes.ts'

/** What the test gives. */
export interface SideGiven {
  corridor: string
  node: string
  own: Papers
  partner: Papers
}

/** What the test asks for, and what is answered. */
export type Asked =
  /** `{ owed: id }`: a message for the partner. */
  | { send: string }
  /** `{ reason }` of why a message is still owed, when it is one that fits. */
  | { owed: string; because: string }
  /** `{ receipted: id }` when the partner's receipt is there. */
  | { receipt: string }
  /** `{ code }`: why no plain connection comes about; null when one does. */
  | { reach: string }
  /** `{ failed: text }`: pushes to another host, as a gateway that knows of no tunnel. */
  | { pushTo: string }
  /** `{ lines }` of the journal of a kind. */
  | { journal: string }

const given = (await hear<SideGiven>())!
const store = await makeStore()
const corridor = readCorridor(given.corridor)
const own = corridor.nodes.find(({ id }) => id === given.node)!
const { direct } = partnersOf(corridor, own, realSettings(given.corridor, given.node, store.url), ['CD001C'])
const exchange = createExchange(optionsOf(given.own, store.db, direct))
const server = await serverOf(exchange, given.own, own.ports.as4, { host: '0.0.0.0' })
const running = await exchange.start(recordEffect)
say({ ready: direct.map(({ url }) => url) })
for (let asked = await hear<Asked>(); asked !== undefined; asked = await hear<Asked>()) say(await answer(asked))
await running.stop()
await server.close()
await store.db.close()
process.exit(0)

async function answer(asked: Asked): Promise<object> {
  if ('send' in asked) {
    const message = document(given.partner.party, { messageId: asked.send, sender: given.own.party })
    await store.db.transaction((tx) => exchange.enqueue(tx, [message]))
    return { owed: asked.send }
  }
  if ('owed' in asked) {
    const row = await waitFor(asked.owed, ({ reason }) => reason?.includes(asked.because) === true)
    return { reason: row.reason, state: row.state }
  }
  if ('receipt' in asked) {
    await waitFor(asked.receipt, ({ state }) => state === 'receipted')
    return { receipted: asked.receipt }
  }
  if ('journal' in asked) {
    const found = await store.db.query('select detail from journal where kind = $1', [asked.journal])
    return { lines: found.map(({ detail }) => detail) }
  }
  return 'reach' in asked ? reach(asked.reach) : push(asked.pushTo)
}

async function waitFor(id: string, fits: (row: { state: string; reason: string | null }) => boolean) {
  let row: { state: string; reason: string | null } | undefined
  await until(
    `what is awaited of ${id}`,
    async () => {
      const rows = await store.db.query<{ state: string; reason: string | null }>(
        'select state, reason from outbox where message_id = $1',
        [id],
      )
      row = rows[0]
      return row !== undefined && fits(row)
    },
    60_000,
  )
  return row!
}

function reach(host: string): Promise<object> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port: own.ports.as4, timeout: 2_000 })
    const end = (code: string | null): void => {
      socket.destroy()
      resolve({ code })
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end('silence'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}

async function push(host: string): Promise<object> {
  const partner = partnerOf(given.own.party, given.partner, `https://${host}:${own.ports.as4}/as4`)
  const client = httpsTransport({ certificate: given.own.certificatePem, key: given.own.privateKeyPem })
  const wire = seal(document(given.partner.party, { sender: given.own.party }), partner, given.own)
  const failed = await client.send(partner.url, wire, partner).then(
    ({ status }) => `status ${status}`,
    (error: Error) => error.message,
  )
  await client.close()
  return { failed, certificate: new X509Certificate(given.own.certificatePem).fingerprint256 }
}

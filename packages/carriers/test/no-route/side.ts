// One side in its network namespace: a node's exchange with a database of its own, which reaches the other by the border database only.
import { createHash, X509Certificate } from 'node:crypto'
import { createServer, connect as connectTcp, type AddressInfo } from 'node:net'
import { openBorderDatabase } from '../../src/index.ts'
import {
  count,
  createExchange,
  document,
  makeStore,
  optionsOf,
  type Papers,
  until,
} from '../../../exchange/test/nodes.ts'
import { hear, say } from '../../../exchange/test/lines.ts'

/** What the test gives. */
export interface SideGiven {
  own: Papers
  partner: Papers
  borderUrl: string
}

/** What the test asks for, and what is answered. */
export type Asked =
  /** `{ listening: port }`, at all addresses. */
  | { listen: true }
  /** `{ reached: boolean, code }` */
  | { reach: { host: string; port: number } }
  /** `{ receipted: id, digest }` when the partner's own receipt is checked and stored. */
  | { send: string }
  /** `{ took: id, digest }` when it is decided here. */
  | { take: string }

const given = (await hear<SideGiven>())!
const { own, partner } = given
const store = await makeStore()
const carrier = openBorderDatabase({ url: given.borderUrl, party: own.party })
const taken = new Map<string, string>()
const exchange = createExchange({
  ...optionsOf(own, store.db, []),
  carried: [
    {
      party: partner.party,
      agreement: 'no-route',
      certificates: [new X509Certificate(partner.certificatePem)],
      place: 'border',
    },
  ],
  places: { border: { carrier } },
})
const running = await exchange.start(async (_tx, { messageId, payload }) => {
  taken.set(messageId, digestOf(payload))
  return { done: true }
})
say({ ready: true })
for (let asked = await hear<Asked>(); asked !== undefined; asked = await hear<Asked>()) say(await answer(asked))
await running.stop()
await carrier.close()
await store.db.close()
process.exit(0)

async function answer(asked: Asked): Promise<object> {
  if ('listen' in asked) {
    const server = createServer((socket) => socket.end())
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
    return { listening: (server.address() as AddressInfo).port }
  }
  if ('reach' in asked) return reach(asked.reach.host, asked.reach.port)
  if ('take' in asked) {
    await until('the message is decided', () => taken.has(asked.take), 60_000)
    return { took: asked.take, digest: taken.get(asked.take) }
  }
  const message = document(partner.party, { messageId: asked.send, sender: own.party })
  await store.db.transaction((tx) => exchange.enqueue(tx, [message]))
  const receipted = () => count(store.db, `outbox where message_id = $1 and state = 'receipted'`, [asked.send])
  await until('the receipt', async () => (await receipted()) === 1, 60_000)
  return { receipted: asked.send, digest: digestOf(message.payload) }
}

/** Tries to open a connection, for two seconds at most: where nothing forwards, nothing answers either. */
function reach(host: string, port: number): Promise<{ reached: boolean; code?: string }> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, timeout: 2_000 })
    const end = (reached: boolean, code?: string): void => {
      socket.destroy()
      resolve({ reached, code })
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false, 'silence'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(false, error.code))
  })
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

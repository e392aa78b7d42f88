import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type As4Server, type Exchange, httpsTransport, OutsideTunnel, type Partner } from '../src/index.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  type Papers,
  partnerOf,
  recordEffect,
  seal,
  serverOf,
  until,
} from './nodes.ts'

// Both ends are addresses of the loopback interface, all of which Linux has. A real tunnel: packages/cli/test/tunnel.test.ts.
const skip = process.platform === 'linux' ? false : 'only Linux has all of 127.0.0.0/8'
const [afghan, tajik] = ['127.9.0.1', '127.9.0.2']

let af: Papers
let tj: Papers
let afStore: Awaited<ReturnType<typeof makeStore>>
let tjStore: Awaited<ReturnType<typeof makeStore>>
let server: As4Server
let client: ReturnType<typeof httpsTransport>
const stops: (() => Promise<unknown>)[] = []

before(async () => {
  af = await makePapers('NTA.AF')
  tj = await makePapers('NTA.TJ')
  afStore = await makeStore()
  tjStore = await makeStore()
  const partner = { ...partnerOf('NTA.TJ', af, ''), tunnel: { local: tajik, peer: afghan } }
  const exchange = createExchange(optionsOf(tj, tjStore.db, [partner]))
  // At all addresses, as a node that has other partners too.
  server = await serverOf(exchange, tj, 0, { host: '0.0.0.0' })
  client = httpsTransport({ certificate: af.certificatePem, key: af.privateKeyPem })
  stops.push(
    () => client.close(),
    () => server.close(),
  )
})

after(async () => {
  for (const stop of stops.toReversed()) await stop()
  await Promise.all([afStore.drop(), tjStore.drop()])
})

const partnerAt = (host: string, tunnel?: Partner['tunnel']): Partner => ({
  ...partnerOf('NTA.AF', tj, `https://${host}:${server.address.port}/as4`),
  ...(tunnel && { tunnel }),
})
const send = (partner: Partner) =>
  client.send(partner.url, seal(document('NTA.TJ', { sender: 'NTA.AF' }), partner, af), partner)
const lines = async (kind: string) => {
  const { db } = kind === 'connection.refused' ? tjStore : afStore
  return db.query<{ detail: Record<string, string> }>('select detail from journal where kind = $1 order by 1', [kind])
}
async function startAf(partner: Partner): Promise<Exchange> {
  const exchange = createExchange({ ...optionsOf(af, afStore.db, [partner]), transport: client.send })
  const running = await exchange.start(recordEffect)
  stops.push(() => running.stop())
  return exchange
}

test('a message goes from address to address of the tunnel, and has its receipt', { skip }, async () => {
  const partner = partnerAt(tajik, { local: afghan, peer: tajik })
  assert.equal((await send(partner)).status, 200)
  assert.deepEqual(await lines('connection.refused'), [])
})

test(
  'a partner that comes from another address, or to another, is turned away, and both are written down',
  { skip },
  async () => {
    const cases: [Partner, string, string][] = [
      // As without a tunnel: from the address that the system takes.
      [partnerAt(tajik), '127.0.0.1', tajik],
      [partnerAt('127.0.0.1', { local: afghan, peer: '127.0.0.1' }), afghan, '127.0.0.1'],
      [partnerAt(tajik, { local: '127.9.0.3', peer: tajik }), '127.9.0.3', tajik],
    ]
    for (const [partner, address, at] of cases) {
      const before = (await lines('connection.refused')).length
      await assert.rejects(send(partner))
      await until('the line', async () => (await lines('connection.refused')).length === before + 1)
      const found = (await lines('connection.refused')).some(
        ({ detail }) =>
          detail['address'] === address && detail['at'] === at && detail['reason']!.startsWith('outside of the tunnel'),
      )
      assert.ok(found, `${address} ${at}`)
    }
    assert.equal(await count(tjStore.db, 'inbox'), 1)
  },
)

test('nothing is sent to another address than the agreed one', { skip }, async () => {
  const partner = partnerAt('127.0.0.1', { local: afghan, peer: tajik })
  await assert.rejects(send(partner), (error) => error instanceof OutsideTunnel && error.peer === '127.0.0.1')
})

test(
  'without the tunnel a message stays owed; it is written down once, and goes when the tunnel is there',
  { skip },
  async () => {
    const tunnel = { local: '10.255.99.1', peer: tajik }
    const partner = partnerAt(tajik, tunnel)
    const exchange = await startAf(partner)
    const message = document('NTA.TJ', { sender: 'NTA.AF' })
    await afStore.db.transaction((tx) => exchange.enqueue(tx, [message]))
    const owed = `outbox where message_id = $1 and state <> 'receipted' and tries >= 3`
    await until('three tries', async () => (await count(afStore.db, owed, [message.messageId])) === 1)
    const written = await lines('connection.withheld')
    assert.deepEqual(
      written.map(({ detail }) => detail),
      [{ reason: 'the tunnel is down: this machine does not have 10.255.99.1', address: tajik, at: '10.255.99.1' }],
    )
    tunnel.local = afghan
    await until('the receipt', async () => (await count(afStore.db, `outbox where state = 'receipted'`)) === 1)
  },
)

test('whether the other end is there is found out without a word in its journal', { skip }, async () => {
  const before = await count(tjStore.db, 'journal')
  await client.reach({ ...partnerAt(tajik), tunnel: { local: afghan, peer: tajik } })
  await assert.rejects(
    client.reach({ ...partnerAt('127.9.0.9'), tunnel: { local: afghan, peer: tajik } }),
    OutsideTunnel,
  )
  assert.equal(await count(tjStore.db, 'journal'), before)
})

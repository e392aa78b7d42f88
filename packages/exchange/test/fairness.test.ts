import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Incoming, InboxMessage, Partner, Steps, Transport } from '../src/index.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  recordEffect,
  until,
  type Papers,
} from './nodes.ts'

let store: Awaited<ReturnType<typeof makeStore>>
let papers: Record<'al' | 'xk' | 'me', Papers>
let partners: Partner[]
/** The clock of the exchange, which stands still unless a test turns it. */
let now: number

before(async () => {
  store = await makeStore()
  papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK'), me: await makePapers('NTA.ME') }
  partners = [partnerOf('NTA.AL', papers.xk, 'https://xk.test/'), partnerOf('NTA.AL', papers.me, 'https://me.test/')]
})
after(() => store.drop())
beforeEach(async () => {
  now = Date.UTC(2026, 10, 24, 12)
  await store.db.query('truncate inbox, outbox, effect')
})

const options = (more: object = {}) => ({
  ...optionsOf(papers.al, store.db, partners),
  clock: () => new Date(now),
  ...more,
})

let serial = 0
const incoming = (sender: string): Incoming => ({
  sender,
  messageId: `${sender} ${++serial}`,
  link: 'api',
  recipient: 'AL000101',
  conversation: `${sender} ${serial % 7}`,
  documentType: 'CC015C',
  payload: Buffer.from('<CC015C/>'),
})

test('whoever floods is decided after the others, whose order of arrival stays', async () => {
  const exchange = createExchange(options())
  const decided: string[] = []
  const steps = exchange.steps(async (_, { sender, messageId }: InboxMessage) => {
    decided.push(sender === 'flood' ? sender : messageId)
    return { done: true }
  })
  for (let n = 0; n < 100; n++) await exchange.submit(store.db, incoming('flood'))
  now += 1_000
  const late = [incoming('trader'), incoming('NTA.XK'), incoming('trader')]
  for (const message of late) await exchange.submit(store.db, message)
  while (await steps.decide());
  assert.equal(decided.length, 103)
  const places = late.map(({ messageId }) => decided.indexOf(messageId))
  // Twenty a second are the flood's own share.
  assert.ok(
    places.every((place) => place >= 20 && place < 26),
    places.join(' '),
  )
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  )
})

test('while a worker is free nothing of a flood is held back', async () => {
  const exchange = createExchange(options())
  for (let n = 0; n < 50; n++) await exchange.submit(store.db, incoming('flood'))
  const steps = exchange.steps(recordEffect)
  while (await steps.decide());
  assert.equal(await count(store.db, 'effect'), 50)
})

test('rows of a program that knew no turns are decided in the order in which they are due', async () => {
  const exchange = createExchange(options())
  const messages = [incoming('a'), incoming('b'), incoming('c')]
  for (const message of messages) {
    now += 10
    await exchange.submit(store.db, message)
  }
  await store.db.query('update inbox set turn = null')
  const decided: string[] = []
  const steps = exchange.steps(async (_, { messageId }) => {
    decided.push(messageId)
    return { done: true }
  })
  while (await steps.decide());
  assert.deepEqual(
    decided,
    messages.map(({ messageId }) => messageId),
  )
})

test('a partner that does not answer holds its own places and none of the others', async () => {
  const underWay = { xk: 0, me: 0 }
  let release: () => void = () => {}
  const hung = new Promise<void>((resolve) => (release = resolve))
  const transport: Transport = async (url) => {
    if (url.includes('me')) {
      underWay.me++
      throw new Error('refused at once')
    }
    underWay.xk++
    await hung
    throw new Error('no answer')
  }
  const exchange = createExchange(options({ transport, sending: 3 }))
  const toXk = Array.from({ length: 20 }, () => document('NTA.XK'))
  await exchange.enqueue(store.db, [...toXk, document('NTA.ME')])
  const running = await exchange.start(recordEffect)
  await until('the other partner has had its message', () => underWay.me > 0)
  assert.equal(underWay.xk, 3)
  release()
  await running.stop()
})

test('one step after the other, partners have their turns whatever the length of their queues', async () => {
  const sent: string[] = []
  const transport: Transport = async (url) => {
    sent.push(url)
    return { status: 200, headers: {}, wire: { contentType: '', body: new Uint8Array() } }
  }
  const exchange = createExchange(options({ transport }))
  await exchange.enqueue(store.db, [
    ...Array.from({ length: 10 }, () => document('NTA.XK')),
    ...Array.from({ length: 2 }, () => document('NTA.ME')),
  ])
  const steps: Steps = exchange.steps(recordEffect)
  for (let n = 0; n < 4; n++) await steps.send()
  assert.equal(sent.filter((url) => url.includes('me')).length, 2)
})

test('each partner has its own schedule of retries', async () => {
  const [xk, me] = partners
  const patient = [
    { ...xk!, retry: { backOffMs: 100_000, backOffMostMs: 100_000 } },
    { ...me!, retry: { triesBeforeParked: 1 } },
  ]
  const transport: Transport = () => Promise.reject(new Error('no line'))
  const exchange = createExchange({ ...options({ transport }), partners: patient, random: () => 1 })
  await exchange.enqueue(store.db, [document('NTA.XK'), document('NTA.ME')])
  const steps = exchange.steps(recordEffect)
  while (await steps.send());
  const rows = await store.db.query(
    `select recipient, state, extract(epoch from due_at - $1)::int as pause from outbox order by recipient desc`,
    [new Date(now)],
  )
  assert.deepEqual(rows, [
    { recipient: 'NTA.XK', state: 'sent', pause: 100 },
    { recipient: 'NTA.ME', state: 'parked', pause: 0 },
  ])
})

test('messages for a partner that was taken out of the configuration are parked at the next start', async () => {
  const message = document('NTA.ME')
  await createExchange(options()).enqueue(store.db, [message])
  const without = createExchange({ ...options(), partners: partners.slice(0, 1) })
  const running = await without.start(recordEffect)
  await until('it is parked', async () => (await count(store.db, "outbox where state = 'parked'")) === 1)
  await running.stop()
  const line = "journal where kind = 'message.parked' and message_id = $1"
  assert.equal(await count(store.db, line, [message.messageId]), 1)
})

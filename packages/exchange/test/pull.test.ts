import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { As4Server, Exchange, ExchangeOptions, Partner, Running } from '../src/index.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  openedRow,
  optionsOf,
  partnerOf,
  recordEffect,
  serverOf,
  until,
  type Papers,
} from './nodes.ts'

// Kosovo accepts no connections here: it fetches what Albania has for it, and pushes what it has for Albania.
let al: Awaited<ReturnType<typeof makeStore>>
let xk: Awaited<ReturnType<typeof makeStore>>
let papers: { al: Papers; xk: Papers; mk: Papers }
let server: As4Server | undefined
let running: Running[] = []
const channel = 'urn:test:mpc:xk'
const patience = { pollMs: 50, pullMs: 50, backOffMs: 20, backOffMostMs: 100, leaseMs: 600 }

before(async () => {
  ;[al, xk] = [await makeStore(), await makeStore()]
  papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK'), mk: await makePapers('NTA.MK') }
})
after(() => Promise.all([al.drop(), xk.drop()]))
beforeEach(async () => {
  for (const { db } of [al, xk]) await db.query('truncate inbox, outbox, effect')
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()))
  await server?.close()
  server = undefined
})

function fetched(other: Papers): Partner {
  const partner = partnerOf('NTA.AL', other, '')
  return { ...partner, pulls: 'they', sending: { ...partner.sending, mpc: channel } }
}

/** Albania, which is fetched from, on a port of its own. */
async function offering(partners: Partner[] = [fetched(papers.xk)]): Promise<{ exchange: Exchange; url: string }> {
  const exchange = createExchange({ ...optionsOf(papers.al, al.db, partners), patience })
  server = await serverOf(exchange, papers.al, 0)
  running.push(await exchange.start(recordEffect))
  return { exchange, url: `https://127.0.0.1:${server.address.port}/as4` }
}

function fetching(url: string, own: Papers = papers.xk, more: Partial<ExchangeOptions> = {}): Exchange {
  const partner = partnerOf(own.party, papers.al, url)
  const options = optionsOf(own, xk.db, [
    { ...partner, pulls: 'we', receiving: { ...partner.receiving, mpc: channel } },
  ])
  return createExchange({ ...options, patience, ...more })
}

const receipted = async (n: number): Promise<boolean> => (await count(al.db, "outbox where state = 'receipted'")) === n

test('what is for a partner that accepts no connections is fetched, each message with its receipt', async () => {
  const { exchange, url } = await offering()
  const messages = Array.from({ length: 5 }, () => document('NTA.XK'))
  await exchange.enqueue(al.db, messages)
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.equal(await count(al.db, "outbox where state = 'queued'"), 5, 'nothing is pushed')
  running.push(await fetching(url).start(recordEffect))
  await until('all is receipted', () => receipted(5))
  await until('all is decided', async () => (await count(xk.db, 'effect')) === 5)
  const rows = await al.db.query('select * from outbox')
  for (const row of rows) {
    const [kept] = await xk.db.query('select * from inbox where message_id = $1', [row['message_id']])
    assert.deepEqual(openedRow('NTA.AL', row).sealed, openedRow('NTA.XK', kept).raw)
    assert.deepEqual(openedRow('NTA.AL', row).receipt, openedRow('NTA.XK', kept).receipt)
  }
})

test('it pushes what it has itself', async () => {
  const { url } = await offering()
  const exchange = fetching(url)
  running.push(await exchange.start(recordEffect))
  await exchange.enqueue(xk.db, [document('NTA.AL', { sender: 'NTA.XK' })])
  await until('the effect', async () => (await count(al.db, 'effect')) === 1)
  await until('the receipt', async () => (await count(xk.db, "outbox where state = 'receipted'")) === 1)
})

test('messages of one conversation are handed out one after the other', async () => {
  const { exchange, url } = await offering()
  const conversation = '26AL00000000000077'
  await exchange.enqueue(
    al.db,
    [1, 2, 3].map(() => document('NTA.XK', { conversation })),
  )
  running.push(await fetching(url).start(recordEffect))
  await until('all is receipted', () => receipted(3))
  const sent = await al.db.query('select message_id from outbox order by id')
  const came = await xk.db.query('select message_id from inbox order by id')
  assert.deepEqual(came, sent)
})

test('a receipt that is lost: the same bytes are handed out again, and there is one effect', async () => {
  let ahead = 0
  const exchange = createExchange({
    ...optionsOf(papers.al, al.db, [fetched(papers.xk)]),
    patience,
    clock: () => new Date(Date.now() + ahead),
  })
  server = await serverOf(exchange, papers.al, 0)
  running.push(await exchange.start(recordEffect))
  const url = `https://127.0.0.1:${server.address.port}/as4`
  const { transport } = optionsOf(papers.xk, xk.db, [])
  let posts = 0
  let lost = 0
  const receiver = fetching(url, papers.xk, {
    transport: async (to, wire, partner) => {
      // The second is the receipt for the first message.
      if (++posts === 2) {
        lost++
        throw new Error('the line was cut')
      }
      return transport(to, wire, partner)
    },
  })
  await exchange.enqueue(al.db, [document('NTA.XK')])
  running.push(await receiver.start(recordEffect))
  await until('the receipt is lost', () => lost === 1)
  await until('the effect', async () => (await count(xk.db, 'effect')) === 1)
  assert.equal(await receipted(1), false)
  ahead = 61_000
  await until('the receipt of the repeat', () => receipted(1))
  assert.equal(await count(xk.db, 'inbox'), 1)
  assert.equal(await count(xk.db, 'effect'), 1)
  assert.equal(await count(xk.db, "journal where kind = 'message.repeated'"), 1)
})

test('who is not the partner of the channel gets nothing', async () => {
  const { exchange, url } = await offering([
    fetched(papers.xk),
    partnerOf('NTA.AL', papers.mk, 'https://127.0.0.1:1/as4'),
  ])
  await exchange.enqueue(al.db, [document('NTA.XK')])
  running.push(await fetching(url, papers.mk).start(recordEffect))
  await until(
    'it is refused',
    async () => (await count(al.db, "journal where kind = 'message.refused' and at > now() - interval '1 minute'")) > 0,
  )
  assert.equal(await count(xk.db, 'inbox'), 0)
  assert.equal(await count(al.db, "outbox where state = 'queued'"), 1)
})

test('an administration that was asked for nothing yet keeps what is owed; a message that was parked is handed out again by a person', async () => {
  const { exchange, url } = await offering()
  const message = document('NTA.XK')
  await exchange.enqueue(al.db, [message])
  await al.db.query("update outbox set state = 'parked', reason = 'test' where message_id = $1", [message.messageId])
  const [row] = await al.db.query<{ id: string }>('select id::text from outbox')
  running.push(await fetching(url).start(recordEffect))
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.equal(await count(xk.db, 'inbox'), 0)
  assert.equal(await exchange.retryParked('outbox', row!.id, 'an operator'), true)
  await until('the receipt', () => receipted(1))
})

test('a channel without a name cannot be asked for', async () => {
  const { url } = await offering()
  const partner = partnerOf('NTA.XK', papers.al, url)
  assert.throws(() => createExchange(optionsOf(papers.xk, xk.db, [{ ...partner, pulls: 'we' }])), {
    code: 'exchange.no-channel',
  })
})

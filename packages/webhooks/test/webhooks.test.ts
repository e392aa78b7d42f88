import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { WebhookVerificationError } from 'standardwebhooks'
import { statement } from '@corridor/database'
import { httpsPost, webhooksState, type Webhooks } from '../src/index.ts'
import {
  bench,
  type Bench,
  deliver,
  hosts,
  newest,
  reachOf,
  type Received,
  receiver,
  type Receiver,
  register,
  trader,
  verified,
} from './support.ts'

const day = 86_400_000

let world: Bench
let erp: Receiver
let webhooks: Webhooks
let url: string

before(async () => {
  world = await bench()
  erp = await receiver(await world.authority.issue({ commonName: 'erp' }))
  url = `https://localhost:${erp.port}/corridor`
})
beforeEach(async () => {
  await world.db.query('delete from webhook')
  erp.received.length = 0
  erp.answer = (response) => response.writeHead(204).end()
  webhooks = world.webhooks()
})
after(async () => {
  await erp.close()
  await world.close()
})

const registered = (at = url) => register(webhooks, at)
const verify = (secret: string, got: Received) => verified(secret, got, world.now)
const deliverAll = () => deliver(webhooks)
const only = (id: string) => newest(webhooks, id)

describe('an event', () => {
  test('comes signed, thin, over HTTPS, to the endpoint of whose mailbox it is', async () => {
    const { webhook, secret } = await registered()
    await webhooks.register({ owner: 'AL99999999', actor: 'other' }, { url: `${url}/other` })
    await world.announce(webhooks, trader.owner, 'a@nta.al')
    await deliverAll()
    assert.equal(erp.received.length, 1)
    const [got] = erp.received as [Received]
    assert.equal(got.path, '/corridor')
    assert.equal(got.headers['content-type'], 'application/json')
    assert.deepEqual(verify(secret, got), {
      type: 'message.available',
      timestamp: '2026-11-24T10:00:00.000Z',
      data: { id: '17', type: 'CC029C', mrn: '26AL0000000000001', messageId: 'a@nta.al' },
    })
    const delivery = await only(webhook.id)
    assert.equal(delivery.event, got.headers['webhook-id'])
    assert.deepEqual([delivery.state, delivery.tries, delivery.status, delivery.dueAt], ['delivered', 1, 204, null])
    assert.throws(
      () => verify(secret, { ...got, body: got.body.replace('CC029C', 'CC051C') }),
      WebhookVerificationError,
    )
  })

  test('is owed in the transaction of what it tells: with its rollback there is none', async () => {
    await registered()
    const failing = world.db.transaction(async (tx) => {
      await webhooks.announce(tx, 'message.available', [{ owner: trader.owner, subject: 'x' }])
      throw new Error('the decision failed')
    })
    await assert.rejects(failing)
    assert.equal(await webhooks.deliverNext(), false)
  })

  test('of before the registration, and of an owner without an endpoint, is not told', async () => {
    await world.announce(webhooks, trader.owner, 'before')
    await registered()
    await world.announce(webhooks, 'AL00000000', 'of nobody')
    assert.equal(await webhooks.deliverNext(), false)
  })

  test('comes again until it is taken, with the same id and body, after growing pauses', async () => {
    const { webhook, secret } = await registered()
    erp.answer = (response) => response.writeHead(500).end('a secret of the receiver')
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    const failed = await only(webhook.id)
    assert.deepEqual([failed.state, failed.reason, failed.status], ['waiting', 'status', 500])
    const pauses: number[] = []
    for (let n = 0; n < 4; n++) {
      const { dueAt } = await only(webhook.id)
      pauses.push((dueAt?.getTime() ?? 0) - world.now.getTime())
      world.forward(pauses.at(-1)! - 1)
      assert.equal(await webhooks.deliverNext(), false, 'not before it is due')
      world.forward(1)
      assert.equal(await webhooks.deliverNext(), true)
    }
    assert.deepEqual(pauses, [3_750, 7_500, 15_000, 30_000])
    erp.answer = (response) => response.writeHead(200).end()
    world.forward(60_000)
    await deliverAll()
    assert.equal((await only(webhook.id)).state, 'delivered')
    assert.equal(new Set(erp.received.map(({ headers }) => headers['webhook-id'])).size, 1)
    assert.equal(new Set(erp.received.map(({ body }) => body)).size, 1)
    verify(secret, erp.received.at(-1)!)
    assert.equal((await webhooks.find(trader.owner, webhook.id))?.failingSince, null)
    const told = JSON.stringify([await webhooks.list(trader.owner), await only(webhook.id), await world.journal()])
    assert.doesNotMatch(told, /a secret of the receiver/)
  })

  test('waits as long as a receiver asks for', async () => {
    const { webhook } = await registered()
    erp.answer = (response) => response.writeHead(503, { 'retry-after': '600' }).end()
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    assert.equal((await only(webhook.id)).dueAt?.getTime(), world.now.getTime() + 600_000)
  })

  test('of which nothing is there any more is given up, and the endpoint stays well', async () => {
    webhooks = world.webhooks({ describe: async () => undefined })
    const { webhook } = await registered()
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    const { state, reason } = await only(webhook.id)
    assert.deepEqual([state, reason], ['given-up', 'nothing-to-tell'])
    assert.equal((await webhooks.find(trader.owner, webhook.id))?.failingSince, null)
  })

  test('that was put off by a clock that was ahead is due when the clock is right', async () => {
    const { webhook } = await registered()
    erp.answer = (response) => response.writeHead(500).end()
    const right = world.now
    world.forward(365 * day)
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    world.now = right
    erp.answer = (response) => response.writeHead(200).end()
    await deliverAll()
    assert.equal((await only(webhook.id)).state, 'delivered')
  })
})

describe('an endpoint', () => {
  test('that fails is left alone, with one try after each pause, and what waited goes when it is back', async () => {
    await registered()
    erp.answer = (response) => response.writeHead(502).end()
    await world.announce(webhooks, trader.owner, 'a', 'b', 'c', 'd')
    await deliverAll()
    assert.equal(erp.received.length, 1)
    assert.deepEqual(await webhooksState(world.db, world.now), {
      enabled: 1,
      disabled: 0,
      failing: 1,
      waiting: 4,
      overdueSince: null,
    })
    erp.answer = (response) => response.writeHead(200).end()
    world.forward(60_000)
    await deliverAll()
    assert.equal(erp.received.length, 5)
    assert.equal((await webhooksState(world.db, world.now)).waiting, 0)
  })

  test('that answers nothing for three days is disabled, which is visible; enabled again, it gets what waited', async () => {
    const { webhook } = await registered()
    erp.answer = (response) => response.writeHead(500).end()
    await world.announce(webhooks, trader.owner, 'a')
    let tries = 0
    const until = world.now.getTime() + 4 * day
    for (; world.now.getTime() < until; world.forward(3_600_000)) if (await webhooks.deliverNext()) tries++
    assert.ok(tries > 60, `${tries} tries`)
    const found = await webhooks.find(trader.owner, webhook.id)
    assert.equal(found?.disabledReason, 'failing')
    assert.ok(
      found.disabledAt !== null && found.disabledAt.getTime() - webhook.createdAt.getTime() < 3 * day + 2 * 3_600_000,
    )
    assert.equal((await only(webhook.id)).state, 'given-up')
    assert.deepEqual((await world.journal()).at(-1), {
      kind: 'webhook.disabled',
      actor: null,
      detail: { webhook: webhook.id, host: `localhost:${erp.port}`, reason: 'failing' },
    })
    await world.announce(webhooks, trader.owner, 'while it is disabled')
    const { event } = await only(webhook.id)
    erp.answer = (response) => response.writeHead(200).end()
    await webhooks.change(trader, webhook.id, { enabled: true })
    assert.equal((await webhooks.redeliver(trader.owner, webhook.id, event))?.kind, 'owed')
    await deliverAll()
    assert.equal((await only(webhook.id)).state, 'delivered')
  })

  test('that answers 410 is disabled at once', async () => {
    const { webhook } = await registered()
    erp.answer = (response) => response.writeHead(410).end()
    await world.announce(webhooks, trader.owner, 'a', 'b')
    await deliverAll()
    assert.equal(erp.received.length, 1)
    assert.equal((await webhooks.find(trader.owner, webhook.id))?.disabledReason, 'gone')
    erp.answer = (response) => response.writeHead(200).end()
    await webhooks.change(trader, webhook.id, { enabled: true })
    await deliverAll()
    assert.equal(erp.received.length, 3)
  })

  test('that sends elsewhere is not followed', async () => {
    const other = await receiver()
    for (const status of [301, 302, 303, 307, 308]) {
      const { webhook } = await registered(`${url}/${status}`)
      erp.answer = (response) => response.writeHead(status, { location: `http://127.0.0.1:${other.port}/` }).end()
      await world.announce(webhooks, trader.owner, 'moved')
      await deliverAll()
      const delivery = await only(webhook.id)
      assert.deepEqual([delivery.state, delivery.reason, delivery.status], ['waiting', 'redirect', status])
      await webhooks.remove(trader, webhook.id)
    }
    assert.equal(other.received.length, 0)
    await other.close()
  })

  test('that is slow, endless or silent costs its own place and a limited time', async () => {
    webhooks = world.webhooks(reachOf(hosts, world.authority, 300))
    const { webhook } = await registered()
    await registered(`${url}/well`)
    erp.answer = (response, { path }) => {
      if (path === '/corridor/well') response.writeHead(200).end()
    }
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    assert.equal((await only(webhook.id)).reason, 'too-slow')
    assert.equal(erp.received.length, 2)

    // A status is an answer, however much comes after it.
    erp.answer = (response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'.repeat(50_000)), 1)
      response.on('close', () => clearInterval(drip))
    }
    world.forward(day)
    await deliverAll()
    assert.equal((await only(webhook.id)).state, 'delivered')
  })

  test('whose answer trickles has its connection closed when the status is there', { timeout: 10_000 }, async () => {
    const { webhook } = await registered()
    const closed = Promise.withResolvers<void>()
    erp.answer = (response) => {
      const drip = setInterval(() => response.write('x'), 20)
      response.writeHead(200).on('close', () => {
        clearInterval(drip)
        closed.resolve()
      })
    }
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    assert.equal((await only(webhook.id)).state, 'delivered')
    await closed.promise
  })

  test('that answers 101 has failed as with any other status, and holds nothing', { timeout: 20_000 }, async () => {
    const { webhook } = await registered()
    erp.answer = (response) => response.writeHead(101, { connection: 'upgrade', upgrade: 'websocket' }).end()
    await world.announce(webhooks, trader.owner, 'a')
    assert.equal(await webhooks.deliverNext(), true)
    const { state, reason, status } = await only(webhook.id)
    assert.deepEqual([state, reason, status], ['waiting', 'status', 101])
    erp.answer = (response) => response.destroy()
    world.forward(60_000)
    assert.equal(await webhooks.deliverNext(), true)
    assert.equal((await only(webhook.id)).reason, 'no-connection')
  })

  test('whose certificate nobody vouches for, or is another’s, gets nothing', async () => {
    // Its certificate is for localhost.
    const { webhook } = await registered(`https://erp.example.com:${erp.port}/`)
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    assert.equal((await only(webhook.id)).reason, 'certificate-refused')
    const strict = world.webhooks({ post: httpsPost({ resolve: hosts, egress: { loopback: true } }) })
    await webhooks.remove(trader, webhook.id)
    const again = await registered()
    await world.announce(webhooks, trader.owner, 'b')
    await strict.deliverNext()
    assert.equal((await only(again.webhook.id)).reason, 'certificate-refused')
    assert.equal(erp.received.length, 0)
  })

  test('whose name leads inside is not registered; when it does so later, nobody connects', async () => {
    let leadsTo = ['10.0.0.7']
    const asked: string[] = []
    const resolve = async (host: string) => {
      asked.push(host)
      return leadsTo
    }
    webhooks = world.webhooks(reachOf(resolve, world.authority))
    assert.deepEqual(await webhooks.register(trader, { url }), { kind: 'refused', reason: 'no-public-address' })
    leadsTo = ['127.0.0.1']
    const { webhook } = await registered()
    leadsTo = ['169.254.169.254']
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    assert.equal((await only(webhook.id)).reason, 'no-public-address')
    assert.equal(erp.received.length, 0)
  })

  test('is called at the address that was checked, whatever its name leads to a moment later', async () => {
    let answers = 0
    const rebinding = async () => [`127.0.0.${++answers}`]
    webhooks = world.webhooks(reachOf(rebinding, world.authority))
    await registered()
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    assert.equal(answers, 2, 'asked once at the registration, once for the delivery')
    assert.deepEqual(
      erp.received.map(({ at }) => at),
      ['127.0.0.2'],
    )
  })
})

describe('processes', () => {
  test('two deliver at the same time, and each event once', async () => {
    await registered()
    const running = await Promise.all([webhooks, world.webhooks()].map((each) => each.start()))
    const subjects = Array.from({ length: 60 }, (_, n) => `message ${n}`)
    await Promise.all(subjects.map((subject) => world.announce(webhooks, trader.owner, subject)))
    await untilSettled()
    await Promise.all(running.map((each) => each.stop()))
    assert.equal(erp.received.length, 60)
    assert.equal(new Set(erp.received.map(({ headers }) => headers['webhook-id'])).size, 60)
  })

  test('one that is killed after it has sent: another sends again under the same id, once its lease has ended', async () => {
    const { webhook } = await registered()
    await world.announce(webhooks, trader.owner, 'a')
    const sent = Promise.withResolvers<void>()
    const killed = world.webhooks({
      post: async (...call) => {
        await httpsPost({ ...reachOf(hosts, world.authority) })(...call)
        sent.resolve()
        // Gone between the answer and the commit: nothing of it is settled.
        return new Promise(() => {})
      },
    })
    void killed.deliverNext()
    await sent.promise
    assert.equal(await webhooks.deliverNext(), false, 'the lease of the dead one still holds')
    world.forward(60_000)
    assert.equal(await webhooks.deliverNext(), true)
    assert.equal((await only(webhook.id)).state, 'delivered')
    const [first, second] = erp.received as [Received, Received]
    assert.equal(first.headers['webhook-id'], second.headers['webhook-id'])
  })

  test('one whose lease was lost does not undo what another has settled', async () => {
    const { webhook } = await registered()
    await world.announce(webhooks, trader.owner, 'a')
    const posting = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<{ status: number }>()
    const slow = world.webhooks({
      post() {
        posting.resolve()
        return answered.promise
      },
    })
    const stuck = slow.deliverNext()
    await posting.promise
    world.forward(60_000)
    await webhooks.deliverNext()
    answered.resolve({ status: 500 })
    await stuck
    assert.equal((await only(webhook.id)).state, 'delivered')
    assert.equal((await webhooks.find(trader.owner, webhook.id))?.failingSince, null)
  })
})

const unsettled = statement('unsettled', `select from webhook_delivery where state = 'waiting'`)

async function untilSettled(): Promise<void> {
  for (let looks = 0; (await world.db.run(unsettled)).length > 0; looks++) {
    assert.ok(looks < 1_500, 'not everything is delivered')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

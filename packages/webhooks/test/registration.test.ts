import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { WebhookVerificationError } from 'standardwebhooks'
import { mostWaiting, type Webhooks } from '../src/index.ts'
import {
  bench,
  type Bench,
  deliver,
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

describe('registration', () => {
  test('tells the secret once, keeps address and secret sealed, and is in the journal by host alone', async () => {
    const { webhook, secret } = await registered(`${url}?token=abcdef`)
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    assert.equal(webhook.url, `${url}?token=abcdef`)
    const stored = await world.db.query(`select * from webhook join webhook_secret on webhook = webhook.id`)
    const bytes =
      JSON.stringify(stored) +
      Buffer.concat(stored.flatMap((row) => [row['url'], row['secret']] as Buffer[])).toString('latin1')
    assert.doesNotMatch(bytes, /abcdef/)
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64').toString('latin1')
    assert.equal(bytes.includes(key), false)
    const listed = JSON.stringify(await webhooks.list(trader.owner))
    assert.equal(listed.includes(secret.slice('whsec_'.length)), false)
    assert.deepEqual((await world.journal()).at(-1), {
      kind: 'webhook.registered',
      actor: 'trans-al',
      detail: { webhook: webhook.id, host: `localhost:${erp.port}` },
    })
  })

  test('the same address once, five in all; another owner sees and changes none of them', async () => {
    const { webhook } = await registered()
    assert.deepEqual(await webhooks.register(trader, { url }), { kind: 'refused', reason: 'registered' })
    for (let n = 2; n <= 5; n++) await registered(`${url}/${n}`)
    const tooMany = { kind: 'refused', reason: 'too-many' }
    const both = await Promise.all([6, 7].map((n) => webhooks.register(trader, { url: `${url}/${n}` })))
    assert.deepEqual(both, [tooMany, tooMany])
    const other = { owner: 'AL99999999', actor: 'other' }
    assert.deepEqual(await webhooks.list(other.owner), [])
    assert.equal(await webhooks.find(other.owner, webhook.id), undefined)
    assert.equal(await webhooks.change(other, webhook.id, { enabled: false }), undefined)
    assert.equal(await webhooks.rotate(other, webhook.id), undefined)
    assert.equal(await webhooks.test(other, webhook.id), undefined)
    assert.equal(await webhooks.deliveries(other.owner, webhook.id), undefined)
    assert.equal(await webhooks.remove(other, webhook.id), false)
    assert.equal(await webhooks.find(trader.owner, 'no uuid; drop table webhook'), undefined)
    assert.equal((await webhooks.list(trader.owner)).length, 5)
  })

  test('a new secret signs beside the older one for a day, then alone', async () => {
    const { webhook, secret: first } = await registered()
    const second = await webhooks.rotate(trader, webhook.id)
    assert.ok(second)
    assert.equal(second.olderUntil.getTime(), world.now.getTime() + day)
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    const [got] = erp.received as [Received]
    assert.equal(String(got.headers['webhook-signature']).split(' ').length, 2)
    verify(first, got)
    verify(second.secret, got)
    world.forward(day + 1)
    await webhooks.forget()
    await world.announce(webhooks, trader.owner, 'b')
    await deliverAll()
    const later = erp.received[1]!
    verify(second.secret, later)
    assert.throws(() => verify(first, later), WebhookVerificationError)
    assert.deepEqual(await world.db.query('select number::int from webhook_secret'), [{ number: 2 }])
  })

  test('a test event, a delivery once more, and a deletion that takes all with it', async () => {
    const { webhook, secret } = await registered()
    const asked = await webhooks.test(trader, webhook.id)
    assert.ok(asked?.kind === 'owed')
    const { event } = asked
    await deliverAll()
    assert.deepEqual(verify(secret, erp.received[0]!), {
      type: 'webhook.test',
      timestamp: world.now.toISOString(),
      data: {},
    })
    assert.equal(erp.received[0]!.headers['webhook-id'], event)
    assert.deepEqual(await webhooks.redeliver(trader.owner, webhook.id, event), asked)
    assert.equal((await webhooks.redeliver(trader.owner, webhook.id, 'msg_none'))?.kind, 'no-such-event')
    await deliverAll()
    assert.equal(erp.received[1]!.headers['webhook-id'], event)
    await world.announce(webhooks, trader.owner, 'never told')
    assert.equal(await webhooks.remove(trader, webhook.id), true)
    await deliverAll()
    assert.equal(erp.received.length, 2)
    assert.equal((await world.db.query('select from webhook_delivery')).length, 0)
  })

  test('while many events wait, none is added on request, of several at once too; those of the mailbox are', async () => {
    const { webhook } = await registered()
    const asked = await Promise.all(Array.from({ length: mostWaiting + 5 }, () => webhooks.test(trader, webhook.id)))
    const events = asked.flatMap((each) => (each?.kind === 'owed' ? [each.event] : []))
    assert.equal(events.length, mostWaiting)
    assert.deepEqual(await webhooks.redeliver(trader.owner, webhook.id, events[0]!), { kind: 'too-many-waiting' })
    await world.announce(webhooks, trader.owner, 'a')
    assert.equal((await webhooks.find(trader.owner, webhook.id))?.waiting, mostWaiting + 1)
    await deliverAll()
    assert.equal((await webhooks.redeliver(trader.owner, webhook.id, events[0]!))?.kind, 'owed')
  })

  test('the endpoints of an account that is closed get nothing more', async () => {
    const { webhook } = await registered()
    await webhooks.keepOwners(world.db, [trader.owner])
    assert.equal((await webhooks.find(trader.owner, webhook.id))?.disabledAt, null)
    await webhooks.keepOwners(world.db, ['AL99999999'])
    assert.equal((await webhooks.find(trader.owner, webhook.id))?.disabledReason, 'owner-closed')
    assert.equal((await world.journal()).at(-1)?.kind, 'webhook.disabled')
  })

  test('an old delivery that is settled is forgotten, one that waits never', async () => {
    const { webhook } = await registered()
    await world.announce(webhooks, trader.owner, 'a')
    await deliverAll()
    await webhooks.change(trader, webhook.id, { enabled: false })
    world.forward(31 * day)
    await webhooks.forget()
    assert.deepEqual(await webhooks.deliveries(trader.owner, webhook.id), [])
  })
})

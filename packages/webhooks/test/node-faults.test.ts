import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { makeVault } from '@corridor/exchange'
import type { Webhooks } from '../src/index.ts'
import { bench, type Bench, dataKey, newest, receiver, type Receiver, register, trader } from './support.ts'

const day = 86_400_000

let world: Bench
let erp: Receiver
let webhooks: Webhooks
let id: string
const logged: string[] = []

before(async () => {
  world = await bench()
  erp = await receiver(await world.authority.issue({ commonName: 'erp' }))
})
beforeEach(async () => {
  await world.db.query('delete from webhook')
  erp.received.length = 0
  logged.length = 0
  webhooks = world.webhooks({ log: (_level, words) => logged.push(words) })
  id = (await register(webhooks, `https://localhost:${erp.port}/`)).webhook.id
})
after(async () => {
  await erp.close()
  await world.close()
})

describe('what goes wrong in the node', () => {
  const stored = async (url: Uint8Array) => world.db.query('update webhook set url = $1', [url])
  const failingSince = async () => (await world.db.query('select failing_since from webhook'))[0]?.['failing_since']

  test('an address or a secret that does not open, or is no address: given up at once, and said in the log', async () => {
    const vault = makeVault(dataKey)
    const breaks = [
      () => stored(Buffer.concat([Buffer.from([1]), randomBytes(80)])),
      () => stored(vault.seal('webhook', id, Buffer.from('no address'))),
      async () => {
        await stored(vault.seal('webhook', id, Buffer.from(`https://localhost:${erp.port}/`)))
        await world.db.query('update webhook_secret set secret = $1', [Buffer.from('a secret in clear, of thirty-two')])
      },
    ]
    for (const each of breaks) {
      await each()
      await world.announce(webhooks, trader.owner, 'a')
      assert.equal(await webhooks.deliverNext(), true)
      const rows = await world.db.query('select state, reason from webhook_delivery order by id desc limit 1')
      assert.deepEqual(rows, [{ state: 'given-up', reason: 'node-fault' }])
      assert.equal(logged.pop(), 'a webhook could not be delivered')
      world.forward(day)
      assert.equal(await webhooks.deliverNext(), false)
      assert.equal(await failingSince(), null, 'the endpoint is well')
    }
    assert.equal(erp.received.length, 0)
  })

  test('one that may pass: put off with growing pauses, and given up after three days', async () => {
    webhooks = world.webhooks({
      describe: async () => {
        throw new Error('the database is busy')
      },
    })
    await world.announce(webhooks, trader.owner, 'a')
    const began = world.now.getTime()
    const pauses: number[] = []
    for (;;) {
      assert.equal(await webhooks.deliverNext(), true)
      const { state, dueAt, reason } = await newest(webhooks, id)
      assert.equal(reason, 'node-fault')
      if (state === 'given-up') break
      pauses.push(dueAt!.getTime() - world.now.getTime())
      world.forward(pauses.at(-1)!)
    }
    assert.deepEqual(pauses.slice(0, 4), [3_750, 7_500, 15_000, 30_000])
    assert.ok(world.now.getTime() - began >= 3 * day && world.now.getTime() - began < 3 * day + 3_600_000)
    assert.equal(await failingSince(), null, 'the endpoint is well')
  })
})

// Two exchanges and a store between them whose operator does what he likes with what lies there.
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { CarriedPartner, Handled, Outgoing, Steps } from '@corridor/exchange'
import {
  count,
  createExchange,
  document,
  effects,
  makePapers,
  makeStore,
  optionsOf,
  type Papers,
} from '../../../exchange/test/nodes.ts'
import { openObjectStore } from '../../src/index.ts'
import { inboxOf, keyOf, metadataOf, readMetadata } from '../../src/object-store/layout.ts'
import { bw, na, stores, type TestStore, za } from './stores.ts'

type Lying = { key: string; bytes: Uint8Array; metadata: Record<string, string> }

for (const [name, made] of Object.entries(stores)) {
  const found = await made()
  describe(name, { skip: 'none' in found ? found.none : false }, () => {
    if ('none' in found) return
    let store: TestStore
    const nodes = new Map<string, { papers: Papers; data: Awaited<ReturnType<typeof makeStore>> }>()
    const opened: { close(): Promise<void> }[] = []
    let aheadMs = 0
    before(async () => {
      store = await found.make()
      for (const party of [bw, na, za]) nodes.set(party, { papers: await makePapers(party), data: await makeStore() })
    })
    beforeEach(async () => {
      aheadMs = 0
      for (const { data } of nodes.values()) await data.db.query('truncate inbox, outbox, effect')
      for (const { key } of (await store.operator.list('to/', 1_000)).objects) await store.operator.remove(key)
    })
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close()
    })
    after(async () => {
      for (const { data } of nodes.values()) await data.drop()
      await store.drop()
    })

    /** One node, and its work step by step. */
    function side(party: string) {
      const { papers, data } = nodes.get(party)!
      const carrier = openObjectStore({ settings: store.settingsOf(party), party })
      opened.push(carrier)
      const carried = [...nodes.values()].flatMap(({ papers: other }): CarriedPartner[] =>
        other.party === party
          ? []
          : [
              {
                party: other.party,
                agreement: [party, other.party].toSorted().join(' '),
                certificates: [new X509Certificate(other.certificatePem)],
                place: 'cloud',
              },
            ],
      )
      const exchange = createExchange({
        ...optionsOf(papers, data.db, []),
        clock: () => new Date(Date.now() + aheadMs),
        carried,
        places: { cloud: { carrier } },
      })
      const steps = exchange.steps(async (tx, message): Promise<Handled> => {
        await tx.run(effects, [message.messageId, message.conversation])
        return { done: true }
      })
      return { exchange, steps, db: data.db }
    }
    async function settle(...sides: { steps: Steps }[]): Promise<void> {
      for (let round = 0; round < 100; round++) {
        let some = false
        for (const { steps } of sides)
          for (const step of [steps.send, steps.fetch, steps.decide]) some = (await step()) || some
        if (!some) return
      }
    }
    const owed = (messageId: string, more: Partial<Outgoing> = {}) => document(za, { messageId, sender: bw, ...more })
    /** BW owes ZA a message and has left it in the store. */
    async function left(messageId: string): Promise<{ from: ReturnType<typeof side>; to: ReturnType<typeof side> }> {
      const [from, to] = [side(bw), side(za)]
      await from.exchange.enqueue(from.db, [owed(messageId)])
      while (await from.steps.send());
      return { from, to }
    }
    async function lyingAt(key: string): Promise<Lying> {
      const { bytes, headers } = (await store.operator.get(key, 1_000_000))!
      const beside = readMetadata(headers, key.split('/').at(-1)!)!
      return { key, bytes, metadata: metadataOf({ ...beside, sender: bw, addressee: za, bytes }) }
    }
    const keyFor = (id: string) => keyOf({ sender: bw, addressee: za, id })
    const stateOf = async (messageId: string) =>
      (await nodes.get(bw)!.data.db.query('select state, reason from outbox where message_id = $1', [messageId]))[0]
    const refusedAt = async (party: string, code: string) =>
      count(nodes.get(party)!.data.db, "journal where kind = 'message.refused' and detail ->> 'code' = $1", [code])
    /** Ten minutes without a receipt have passed: it is left again. */
    async function again(...sides: { steps: Steps }[]): Promise<void> {
      aheadMs += 600_001
      await settle(...sides)
    }

    test('a message is left, taken and receipted; the operator reads nothing, and nothing stays there', async () => {
      const { from, to } = await left('1@bw.test')
      const { bytes } = await lyingAt(keyFor('1@bw.test'))
      assert.equal(Buffer.from(bytes).includes('<number>'), false)
      assert.equal((await stateOf('1@bw.test'))?.['state'], 'sent')
      await settle(from, to)
      assert.equal((await stateOf('1@bw.test'))?.['state'], 'receipted')
      assert.equal(await count(to.db, 'effect'), 1)
      assert.deepEqual((await store.operator.list('to/', 10)).objects, [])
    })

    test('changed by the operator: refused, journalled, and the true one is taken when it is left again', async () => {
      const { from, to } = await left('2@bw.test')
      const already = await refusedAt(za, 'cannot-decrypt')
      const { key, bytes, metadata } = await lyingAt(keyFor('2@bw.test'))
      const changed = Buffer.from(bytes)
      changed[changed.length >> 1]! ^= 1
      await store.overwrite(key, changed, metadata)
      await settle(from, to)
      assert.equal(await count(to.db, 'effect'), 0)
      assert.equal(await refusedAt(za, 'cannot-decrypt'), already + 1)
      assert.equal((await stateOf('2@bw.test'))?.['state'], 'sent', 'a refusal of other bytes ends nothing')
      await again(from, to)
      assert.equal((await stateOf('2@bw.test'))?.['state'], 'receipted')
      assert.equal(await count(to.db, 'effect'), 1)
    })

    test('an older object in its place: refused as misfiled, and the true one is taken when it is left again', async () => {
      const { from, to } = await left('3old@bw.test')
      const old = await lyingAt(keyFor('3old@bw.test'))
      await settle(from, to)
      await from.exchange.enqueue(from.db, [owed('3@bw.test')])
      await from.steps.send()
      const { key, metadata } = await lyingAt(keyFor('3@bw.test'))
      await store.overwrite(key, old.bytes, metadata)
      const already = await refusedAt(za, 'misfiled')
      await settle(from, to)
      assert.equal(await refusedAt(za, 'misfiled'), already + 1)
      assert.equal((await stateOf('3@bw.test'))?.['state'], 'sent')
      await again(from, to)
      assert.equal((await stateOf('3@bw.test'))?.['state'], 'receipted')
      assert.equal(await count(to.db, 'effect'), 2)
    })

    test('replayed under its own key, again and again: one effect, the same receipt', async () => {
      const { from, to } = await left('4@bw.test')
      const { key, bytes, metadata } = await lyingAt(keyFor('4@bw.test'))
      await settle(from, to)
      for (let times = 0; times < 3; times++) {
        await store.overwrite(key, bytes, metadata)
        await settle(from, to)
      }
      assert.equal(await count(to.db, 'effect'), 1)
      assert.equal(await count(to.db, 'inbox'), 1)
      assert.equal((await stateOf('4@bw.test'))?.['state'], 'receipted')
    })

    test('copied under another id, for another member, in another’s name: each is refused', async () => {
      const { from, to } = await left('5@bw.test')
      const { bytes, metadata } = await lyingAt(keyFor('5@bw.test'))
      const third = side(na)
      const renamed = { ...metadata, 'x-amz-meta-id': '5x@bw.test' }
      await store.operator.putNew(keyFor('5x@bw.test'), bytes, renamed)
      await store.operator.putNew(keyOf({ sender: bw, addressee: na, id: '5@bw.test' }), bytes, metadata)
      await store.operator.putNew(keyOf({ sender: na, addressee: za, id: '5@bw.test' }), bytes, metadata)
      await settle(from, to, third)
      assert.equal(await count(to.db, 'effect'), 1)
      assert.equal(await count(third.db, 'inbox'), 0)
      assert.ok((await refusedAt(na, 'cannot-decrypt')) > 0)
      assert.equal((await stateOf('5@bw.test'))?.['state'], 'receipted')
      assert.deepEqual((await store.operator.list('to/', 10)).objects, [])
    })

    test('removed by the operator before it was taken, and a receipt that he removed: each comes again', async () => {
      const { from, to } = await left('6@bw.test')
      await store.operator.remove(keyFor('6@bw.test'))
      await settle(to, from)
      assert.equal(await count(to.db, 'effect'), 0)
      aheadMs += 600_001
      await from.steps.send()
      await to.steps.fetch()
      const { objects } = await store.operator.list(inboxOf(bw), 10)
      assert.equal(objects.length, 1, 'the receipt lies there')
      await store.operator.remove(objects[0]!.key)
      await settle(from, to)
      assert.equal((await stateOf('6@bw.test'))?.['state'], 'sent')
      await again(from, to)
      assert.equal((await stateOf('6@bw.test'))?.['state'], 'receipted')
      assert.equal(await count(to.db, 'effect'), 1)
    })

    test('the store is away for hours, in the middle: nothing is lost, and all goes when it is back', async () => {
      const { from, to } = await left('7a@bw.test')
      await store.stop()
      await from.exchange.enqueue(from.db, [owed('7b@bw.test')])
      await from.steps.send()
      assert.match(String((await stateOf('7b@bw.test'))?.['reason']), /store\.unreachable/)
      await assert.rejects(to.steps.fetch(), { code: 'store.unreachable' })
      await store.start()
      aheadMs += 8 * 3_600_000
      await settle(from, to)
      assert.equal(await count(from.db, "outbox where state = 'receipted'"), 2)
      assert.equal(await count(to.db, 'effect'), 2)
    })

    test('the store forgets everything at once: all that has no receipt is left again', async () => {
      const { from, to } = await left('8@bw.test')
      for (const { key } of (await store.operator.list('to/', 1_000)).objects) await store.operator.remove(key)
      await again(from, to)
      assert.equal((await stateOf('8@bw.test'))?.['state'], 'receipted')
    })
  })
}

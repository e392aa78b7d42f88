import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { createPModeStore, type PMode, PROFILES, sealUserMessage } from '@corridor/as4'
import {
  memoryDuplicates,
  memoryPullQueue,
  pullMessage,
  type ReceivedMessage,
  sendMessage,
  serve,
} from '@corridor/as4/http'
import { customs, DOCUMENT, identityOf, messageOf, type Party, pmodeOf, trader } from './profile-support.ts'

const now = (): Date => new Date()
const newMessageId = (): string => `${randomUUID()}@customs.test`
const NAMES = Object.keys(PROFILES)

/** The P-Modes of one side, one for each profile, told apart by agreement. */
function pmodesOf(partner: Party, changes: Partial<PMode> = {}): PMode[] {
  return NAMES.map((profile) => pmodeOf(partner, profile, { agreement: { value: profile }, ...changes }))
}

const ownOf =
  (party: Party) =>
  (pmode?: PMode): ReturnType<typeof identityOf> =>
    identityOf(party, typeof pmode?.profile === 'string' ? pmode.profile : 'edelivery-1.15')

test('one endpoint takes messages of every profile, each with its own keys, and what is refused is said in them too', async () => {
  const store = createPModeStore(pmodesOf(trader), now)
  assert.ok(store.ok, JSON.stringify(store))
  const received: ReceivedMessage[] = []
  const endpoint = await serve({
    host: '127.0.0.1',
    port: 0,
    identity: ownOf(customs),
    findPMode: store.value.find,
    duplicates: memoryDuplicates(),
    onMessage: (message) => {
      received.push(message)
    },
    now,
    newMessageId,
  })
  try {
    for (const pmode of pmodesOf(customs)) {
      const identity = ownOf(trader)(pmode)
      const messageId = `${randomUUID()}@trader.test`
      const sealed = sealUserMessage(messageOf(pmode, { messageId }), pmode, identity)
      const outcome = await sendMessage(endpoint.url, sealed, { pmode, now })
      assert.equal(outcome.kind, 'receipt', JSON.stringify(outcome))
      const last = received.at(-1)
      assert.equal(last?.message.messageId, messageId)
      assert.deepEqual(Buffer.from(last.message.parts[0]!.bytes), DOCUMENT)

      const stranger = sealUserMessage(messageOf(pmode, { messageId }), pmode, ownOf(customs)(pmode))
      const refused = await sendMessage(endpoint.url, stranger, { pmode, now })
      assert.equal(refused.kind, 'error', JSON.stringify(refused))
      assert.deepEqual([refused.signed, refused.errors[0]?.code], [true, 'EBMS:0101'])
    }
    assert.equal(received.length, NAMES.length)
  } finally {
    await endpoint.close()
  }
})

test('messages of every profile are pulled', async () => {
  const mpcOf = (profile: string): string => `urn:fdc:ec.europa.eu:2019:eu_ics2_c2t/EORI/${profile}`
  const own = (partner: Party): PMode[] =>
    pmodesOf(partner).map((pmode) => ({ ...pmode, mpc: mpcOf(pmode.agreement!.value) }))
  // Here the trader offers and customs pulls.
  const store = createPModeStore(own(customs), now)
  assert.ok(store.ok, JSON.stringify(store))
  const queue = memoryPullQueue({ retryIntervalMs: 60_000 })
  const endpoint = await serve({
    host: '127.0.0.1',
    port: 0,
    identity: ownOf(trader),
    findPMode: () => undefined,
    pull: { findPMode: store.value.findByMpc, queue },
    onMessage: () => {},
    now,
    newMessageId,
  })
  try {
    for (const pmode of store.value.list()) {
      const { mpc } = pmode
      const messageId = `${randomUUID()}@trader.test`
      queue.add(sealUserMessage(messageOf(pmode, { messageId, mpc }), pmode, ownOf(trader)(pmode)), pmode)
    }
    for (const pmode of own(trader)) {
      const received: ReceivedMessage[] = []
      const options = {
        identity: ownOf(customs)(pmode),
        now,
        newMessageId,
        onMessage: (message: ReceivedMessage) => {
          received.push(message)
        },
      }
      const outcome = await pullMessage(endpoint.url, pmode, options)
      assert.equal(outcome.kind, 'message', JSON.stringify(outcome))
      assert.deepEqual([outcome.receiptSent, received.length], [true, 1])
      assert.deepEqual(Buffer.from(received[0]!.message.parts[0]!.bytes), DOCUMENT)
      assert.equal((await pullMessage(endpoint.url, pmode, options)).kind, 'empty')
    }
  } finally {
    await endpoint.close()
  }
})

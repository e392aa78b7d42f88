import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import {
  EBMS,
  open,
  type PMode,
  sealError,
  ebmsError,
  sealPullRequest,
  sealStream,
  sealUserMessage,
} from '@corridor/as4'
import {
  memoryDuplicates,
  type MemoryPullQueue,
  memoryPullQueue,
  postWire,
  pullMessage,
  type PullMessageOptions,
  type ReceivedMessage,
  type SpooledMessage,
} from '@corridor/as4/http'
import { LARGE, largeMessage, newDirectory, partOf } from './http-spool-support.ts'
import { listening, whileServing } from './http-support.ts'
import { albania, atAlbania, atKosovo, kosovo, messageOf, NOW } from './support.ts'

// Albania offers, Kosovo pulls.

const MPC = 'urn:corridor:mpc:xk'
const offering: PMode = { ...atAlbania, mpc: MPC }
const pulling: PMode = { ...atKosovo, mpc: MPC }
const RETRY_MS = 60_000

interface Scene {
  url: string
  queue: MemoryPullQueue
  add(messageId: string): void
  ends: [id: string, kind: string][]
  told: ReturnType<typeof listening>['told']
  clock: { at: number }
}

async function scene(work: (scene: Scene) => Promise<void>, mostOffers?: number): Promise<void> {
  const ends: [string, string][] = []
  const clock = { at: NOW.getTime() }
  const queue = memoryPullQueue({
    retryIntervalMs: RETRY_MS,
    ...(mostOffers && { mostOffers }),
    onSettled: (id, { kind }) => {
      ends.push([id, kind])
    },
  })
  const options = listening({
    identity: albania,
    now: () => new Date(clock.at),
    pull: { queue, findPMode: (mpc) => (mpc === MPC ? offering : undefined) },
  })
  const add = (messageId: string): void => {
    queue.add(sealUserMessage(messageOf({ messageId, mpc: MPC }), offering, albania), offering)
  }
  await whileServing(options, ({ url }) => work({ url, queue, add, ends, told: options.told, clock }))
}

function puller(changes: Partial<PullMessageOptions> = {}): PullMessageOptions & { received: ReceivedMessage[] } {
  const received: ReceivedMessage[] = []
  return {
    identity: kosovo,
    now: () => NOW,
    newMessageId: () => `${randomUUID()}@nta.xk`,
    onMessage: (each) => {
      received.push(each)
    },
    received,
    ...changes,
  }
}

test('messages are pulled oldest first, receipted one by one, until the channel is empty', async () => {
  await scene(async ({ url, add, ends, told, queue }) => {
    for (const id of ['1@nta.al', '2@nta.al', '3@nta.al']) add(id)
    const options = puller()
    const kinds: string[] = []
    for (let n = 0; n < 4; n++) {
      const outcome = await pullMessage(url, pulling, options)
      kinds.push(outcome.kind === 'message' ? `${outcome.messageId} ${outcome.receiptSent}` : outcome.kind)
    }
    assert.deepEqual(kinds, ['1@nta.al true', '2@nta.al true', '3@nta.al true', 'empty'])
    assert.deepEqual(
      options.received.map(({ message }) => [message.messageId, message.mpc, message.parts.length]),
      [
        ['1@nta.al', MPC, 1],
        ['2@nta.al', MPC, 1],
        ['3@nta.al', MPC, 1],
      ],
    )
    assert.deepEqual(ends, [
      ['1@nta.al', 'receipt'],
      ['2@nta.al', 'receipt'],
      ['3@nta.al', 'receipt'],
    ])
    assert.deepEqual(
      told.receipts.map(({ verdict }) => verdict.kind),
      ['receipt', 'receipt', 'receipt'],
    )
    assert.equal(queue.waiting(MPC), 0)
  })
})

test('an empty channel is EBMS:0006, a warning, signed', async () => {
  await scene(async ({ url, told }) => {
    const request = sealPullRequest(MPC, { messageId: 'p@nta.xk', timestamp: NOW, identity: kosovo })
    const answer = await postWire(url, request)
    assert.equal(answer.kind, 'answer')
    const signal = open(answer.wire, { identity: kosovo, findPMode: () => undefined, now: NOW })
    assert.equal(signal.kind, 'error')
    assert.deepEqual([signal.errors, signal.refToMessageId], [[ebmsError('EBMS:0006')], 'p@nta.xk'])
    assert.equal(signal.errors[0]?.severity, 'warning')
    assert.match(Buffer.from(answer.wire.body).toString(), /<ds:SignatureValue>/)
    assert.deepEqual(told.errors, [])
  })
})

test('parallel pulls get different messages', async () => {
  await scene(async ({ url, add, ends }) => {
    const ids = Array.from({ length: 8 }, (_, n) => `${n}@nta.al`)
    for (const id of ids) add(id)
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => pullMessage(url, pulling, puller())))
    const got = outcomes.map((each) => (each.kind === 'message' ? each.messageId : each.kind))
    assert.deepEqual(got.sort(), [...ids, 'empty', 'empty'].sort())
    assert.equal(ends.length, 8)
  })
})

test('a message without receipt is offered again after the retry interval, the same bytes, and receipted the same', async () => {
  await scene(async ({ url, add, ends, clock }) => {
    add('1@nta.al')
    const pull = async () => {
      const messageId = `${randomUUID()}@nta.xk`
      return postWire(url, sealPullRequest(MPC, { messageId, timestamp: NOW, identity: kosovo }))
    }
    const first = await pull()
    assert.equal(first.kind, 'answer')
    const options = puller({ duplicates: memoryDuplicates() })
    assert.equal((await pullMessage(url, pulling, options)).kind, 'empty')
    clock.at += RETRY_MS
    const again = await pullMessage(url, pulling, options)
    assert.equal(again.kind, 'message')
    assert.ok(again.received && 'wire' in again.received)
    assert.deepEqual(again.received.wire.body, first.wire.body)
    assert.deepEqual(ends, [['1@nta.al', 'receipt']])
  })
})

test('who has the message already sends the same receipt again', async () => {
  await scene(async ({ url, add, ends, clock, told }) => {
    add('1@nta.al')
    let forget = true
    const options = puller({
      duplicates: memoryDuplicates(),
      onMessage: () => {
        // The message is stored; then the puller dies before its receipt is out.
        if (forget) clock.at += RETRY_MS
      },
    })
    const receipts: string[] = []
    const first = await pullMessage(url, pulling, options)
    assert.ok(first.kind === 'message' && first.receiptSent)
    receipts.push(Buffer.from(told.receipts[0]!.wire.body).toString())
    forget = false
    add('1@nta.al')
    const second = await pullMessage(url, pulling, options)
    assert.ok(second.kind === 'message')
    assert.deepEqual([second.messageId, second.received, second.receiptSent], ['1@nta.al', undefined, true])
    receipts.push(Buffer.from(told.receipts[1]!.wire.body).toString())
    // Sealed anew, so its signature covers other references: the receipt that was kept is not for these bytes.
    assert.equal(receipts[0], receipts[1])
    assert.deepEqual(ends, [['1@nta.al', 'receipt']])
    assert.equal(told.receipts[1]?.verdict.kind, 'unusable')
  })
})

test('a message that is never receipted is given up as EBMS:0301 at the sender', async () => {
  await scene(async ({ url, add, ends, clock, queue }) => {
    add('1@nta.al')
    add('2@nta.al')
    const options = puller({
      onMessage: () => {
        throw new Error('not now')
      },
    })
    for (let n = 0; n < 2; n++) {
      const outcome = await pullMessage(url, pulling, options)
      assert.equal(outcome.kind === 'refused' && outcome.refusal.error.code, 'EBMS:0202')
      clock.at += RETRY_MS
    }
    assert.deepEqual(ends, [])
    const next = await pullMessage(url, pulling, puller())
    assert.equal(next.kind === 'message' && next.messageId, '2@nta.al')
    assert.deepEqual(ends, [
      ['1@nta.al', 'missing-receipt'],
      ['2@nta.al', 'receipt'],
    ])
    assert.equal(queue.waiting(MPC), 0)
  }, 2)
})

test('a message that the puller refuses for good is settled by its signed error', async () => {
  await scene(async ({ url, add, ends, told }) => {
    add('1@nta.al')
    const options = puller({ onMessage: () => ({ refuse: 'EBMS:0004', detail: 'unknown office' }) })
    const outcome = await pullMessage(url, pulling, options)
    assert.equal(outcome.kind === 'refused' && outcome.refusal.detail, 'unknown office')
    assert.deepEqual(ends, [['1@nta.al', 'error']])
    assert.equal(told.errors[0]?.kind === 'reported' && told.errors[0].signal.errors[0]?.code, 'EBMS:0004')
    assert.equal((await pullMessage(url, pulling, puller())).kind, 'empty')
  })
})

test('signals of strangers settle nothing', async () => {
  await scene(async ({ url, add, ends, told, queue }) => {
    add('1@nta.al')
    const request = sealPullRequest(MPC, { messageId: 'p@nta.xk', timestamp: NOW, identity: kosovo })
    await postWire(url, request)
    const about = { messageId: 'e@x', timestamp: NOW, refToMessageId: '1@nta.al' }
    const forged = sealError(ebmsError('EBMS:0004'), { ...about, identity: albania })
    const unsigned = {
      ...forged,
      body: Buffer.from(
        Buffer.from(forged.body)
          .toString()
          .replace(/<wsse:Security.*<\/wsse:Security>/s, ''),
      ),
    }
    for (const wire of [forged, unsigned]) {
      const answer = await postWire(url, wire)
      assert.deepEqual([answer.kind === 'answer' && answer.status, ends], [202, []])
    }
    assert.equal(queue.waiting(MPC), 1)
    assert.equal(told.errors.length, 2)
  })
})

test('only the receiver of a channel pulls from it, and only signed', async () => {
  await scene(async ({ url, add, told, queue }) => {
    add('1@nta.al')
    const ask = async (mpc: string, identity = kosovo, strip = false): Promise<string | undefined> => {
      const request = sealPullRequest(mpc, { messageId: `${randomUUID()}@x`, timestamp: NOW, identity })
      const text = Buffer.from(request.body).toString()
      const body = strip ? Buffer.from(text.replace(/<wsse:Security.*<\/wsse:Security>/s, '')) : request.body
      const answer = await postWire(url, { ...request, body })
      return answer.kind === 'answer' ? /errorCode="([^"]+)"/.exec(Buffer.from(answer.wire.body).toString())?.[1] : ''
    }
    assert.equal(await ask(MPC, albania), 'EBMS:0101')
    assert.equal(await ask(MPC, kosovo, true), 'EBMS:0103')
    assert.equal(await ask('urn:other'), 'EBMS:0010')
    assert.equal(await ask(EBMS.defaultMpc), 'EBMS:0010')
    assert.equal(told.errors.length, 4)
    assert.equal(queue.waiting(MPC), 1)
    const outcome = await pullMessage(url, { ...pulling, mpc: 'urn:other' }, puller())
    assert.deepEqual(outcome.kind === 'error' && [outcome.signed, outcome.errors[0]?.code], [true, 'EBMS:0010'])
  })
})

test('an endpoint that offers nothing to pull says EBMS:0008', async () => {
  await whileServing(listening({ identity: albania }), async ({ url }) => {
    const outcome = await pullMessage(url, pulling, puller())
    assert.equal(outcome.kind === 'error' && outcome.errors[0]?.code, 'EBMS:0008')
  })
})

test('a message of another channel, and one that comes instead by push, is refused', async () => {
  const sent = sealUserMessage(messageOf({ mpc: MPC }), offering, albania)
  const at = (pmode: PMode) => open(sent, { identity: kosovo, findPMode: () => pmode, now: NOW })
  assert.equal(at(pulling).kind, 'user')
  for (const pmode of [atKosovo, { ...pulling, mpc: 'urn:other' }]) {
    const refused = at(pmode)
    assert.equal(refused.kind === 'refused' && refused.error.code, 'EBMS:0010')
  }
})

test('no answer to a pull request is an outcome', async () => {
  const outcome = await pullMessage('http://127.0.0.1:1/as4', pulling, puller())
  assert.equal(outcome.kind, 'failed')
  await assert.rejects(pullMessage('http://127.0.0.1:1/as4', atKosovo, puller()), { code: 'no-mpc' })
})

test('a channel belongs to one receiver', () => {
  const queue = memoryPullQueue({ retryIntervalMs: 1 })
  const put = (pmode: PMode) => () => {
    queue.add(sealUserMessage(messageOf({ mpc: MPC, to: pmode.responder }), pmode, albania), pmode)
  }
  put(offering)()
  assert.throws(put({ ...offering, responder: { ...offering.responder, id: 'NTA.ME' } }), { code: 'mpc-taken' })
  const pushed = sealUserMessage(messageOf(), atAlbania, albania)
  assert.throws(() => queue.add(pushed, atAlbania), { code: 'no-mpc' })
})

test('a large message is offered from files and pulled into files, which are gone when it is receipted', async () => {
  await scene(async ({ url, queue, add, ends, clock }) => {
    const [offered, pulled] = [newDirectory(), newDirectory()]
    const files = () => [readdirSync(offered).length, readdirSync(pulled).length]
    const { bytes, ...part } = partOf(LARGE)
    const message = { ...largeMessage(), mpc: MPC, parts: [{ ...part, content: Readable.from([bytes]) }] }
    queue.add(await sealStream(message, offering, albania, { directory: offered }), offering)
    add('small@nta.al')
    let away = true
    const spooled: string[] = []
    const onMessage = ({ message: { messageId, parts } }: SpooledMessage): void => {
      if (away) throw new Error('the database is away')
      spooled.push(`${messageId} ${parts[0]!.sha256}`)
    }
    const options = puller({ spool: { directory: pulled, onMessage } })
    const pull = async (): Promise<string> => {
      const outcome = await pullMessage(url, pulling, options)
      return outcome.kind === 'message' ? `${outcome.messageId} ${outcome.receiptSent}` : outcome.kind
    }
    assert.equal(await pull(), 'refused')
    assert.deepEqual(files(), [1, 0])
    clock.at += RETRY_MS
    away = false
    assert.deepEqual([await pull(), await pull(), await pull()], ['large@nta.al true', 'small@nta.al true', 'empty'])
    assert.deepEqual(spooled, [`large@nta.al ${createHash('sha256').update(LARGE).digest('hex')}`])
    assert.equal(options.received.length, 1)
    assert.deepEqual(files(), [0, 0])
    assert.deepEqual(ends, [
      ['large@nta.al', 'receipt'],
      ['small@nta.al', 'receipt'],
    ])
  })
})

// kill -9 in the middle of a batch, and two processes that work on it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { count, createExchange, optionsOf, until } from '../nodes.ts'
import { journalHolds, makeSide, type Side } from './sides.ts'
import type { Moment } from './victim.ts'
import { type Victim, Victims } from './victims.ts'

const messages = 250
const victims = new Victims()
let al: Side
let xk: Side

before(async () => {
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
})
beforeEach(() =>
  al.store.db.query(
    'truncate inbox, outbox, effect, message_key, message_batch, message_batch_item, message_correction',
  ),
)
after(async () => {
  victims.end()
  await journalHolds(al)
  await Promise.all([al.store.drop(), xk.store.drop()])
})

const start = (dieAt?: Moment): Promise<Victim> =>
  victims.start({
    databaseUrl: al.store.url,
    papers: al.papers,
    partner: xk.papers,
    partnerUrl: 'https://127.0.0.1:1/as4',
    ...(dieAt && { dieAt }),
  })

/** A batch that is approved, and that nobody has begun. */
async function approved(): Promise<string> {
  const { db } = al.store
  const exchange = createExchange(optionsOf(al.papers, db, []))
  for (let n = 0; n < messages; n++)
    await exchange.submit(db, {
      sender: 'ALT1',
      recipient: 'NTA.AL',
      conversation: `c${n}`,
      documentType: 'CC015C',
      link: 'api',
      messageId: `m${n}@trader`,
      payload: Buffer.from(`<x>${n}</x>`),
    })
  await db.query(`update inbox set state = 'parked', reason = 'out of order'`)
  const { repair } = exchange
  const set = await repair.dryRun('replay', {})
  const wish = { act: 'replay' as const, filter: {}, filterText: '{}', reason: 'the register is in order again' }
  const requested = await db.transaction((tx) =>
    repair.request(tx, { id: 'ada', name: 'Ada' }, { ...wish, digest: set?.digest ?? '', count: messages }),
  )
  const id = requested.kind === 'requested' ? requested.id : assert.fail(requested.code)
  await db.transaction((tx) => repair.decide(tx, { id: 'bes', name: 'Bes' }, { id, approve: true }))
  return id
}

const left = (): Promise<number> => count(al.store.db, 'message_batch_item where outcome is null')

async function allOnce(id: string): Promise<void> {
  const { db } = al.store
  await until(
    'the batch is done',
    async () => (await count(db, `message_batch where id = ${id} and state = 'done'`)) === 1,
  )
  await until('all is decided', async () => (await count(db, "inbox where state = 'done'")) === messages)
  assert.equal(await count(db, 'effect'), messages)
  assert.equal(await count(db, '(select distinct message_id from effect) as once'), messages)
  const [batch] = await db.query('select done, already, refused from message_batch where id = $1', [id])
  assert.deepEqual(batch, { done: messages, already: 0, refused: 0 })
  const said = `journal where kind = 'message.requeued' and detail ->> 'batch' = '${id}'`
  assert.equal(await count(db, said), messages, 'one line a message, in the same commit')
  assert.equal(await count(db, `journal where kind = 'batch.finished' and detail ->> 'batch' = '${id}'`), 1)
}

test('killed before and after the commit of a piece: what was committed stays, the rest is gone on with, each message once', async () => {
  const id = await approved()
  await (await start('after write-outcomes')).died()
  assert.equal(await left(), messages, 'of the piece under way nothing is kept')
  assert.equal(await count(al.store.db, "inbox where state = 'received'"), 0)
  const second = await start('after finish-batch')
  await second.died()
  assert.equal(await left(), messages)
  const third = await start()
  await until('it has begun', async () => (await left()) < messages)
  await third.kill()
  const last = await start()
  await allOnce(id)
  await last.kill()
})

test('F63 two processes work off the batches of two people who asked for the same: each message once', async () => {
  const id = await approved()
  await Promise.all([start(), start()])
  await allOnce(id)
})

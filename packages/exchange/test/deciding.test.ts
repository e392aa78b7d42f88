import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Database } from '@corridor/database'
import { queueSettings, sql } from '../src/context.ts'
import { conversationMessages, journalOf, type Exchange, type Handler, type Incoming } from '../src/index.ts'
import {
  count,
  createExchange,
  effects,
  makePapers,
  makeStore,
  optionsOf,
  recordEffect,
  until,
  type Papers,
} from './nodes.ts'

let papers: Papers
let store: Awaited<ReturnType<typeof makeStore>>
let db: Database
let exchange: Exchange

before(async () => {
  papers = await makePapers('NTA.AL')
  store = await makeStore()
  db = store.db
  exchange = createExchange(optionsOf(papers, db, []))
})
after(() => store.drop())
beforeEach(() => db.query('truncate inbox, outbox, effect'))

let serial = 0
function declaration(more: Partial<Incoming> = {}): Incoming {
  const messageId = `m${++serial}@trader.test`
  const payload = Buffer.from(`<CC015C>${serial}</CC015C>`)
  const base = { sender: 'ALT12345678901', recipient: 'AL000101', conversation: `LRN${serial}`, documentType: 'CC015C' }
  return { ...base, messageId, link: 'api', payload, ...more }
}

async function decideAll(handler: Handler, exchanges: Exchange[] = [exchange]): Promise<void> {
  const running = await Promise.all(exchanges.map((each) => each.start(handler)))
  try {
    await until(
      'everything is decided',
      async () => (await count(db, "inbox where state in ('received', 'waiting')")) === 0,
    )
  } finally {
    await Promise.all(running.map((each) => each.stop()))
  }
}

test('a message is taken on once; the same id with another document is refused', async () => {
  const message = declaration()
  const first = await exchange.submit(db, message)
  assert.equal(first.duplicate, false)
  assert.deepEqual(await exchange.submit(db, message), { id: first.id, duplicate: true })
  await assert.rejects(exchange.submit(db, { ...message, payload: Buffer.from('<other/>') }), /exchange.message-clash/)
  // Another sender may use the same id.
  assert.equal((await exchange.submit(db, { ...message, sender: 'ALT2' })).duplicate, false)
  await decideAll(recordEffect)
  assert.equal(await count(db, 'effect'), 2)
  const kinds = (await journalOf(db, [message.conversation])).map(({ kind }) => kind)
  assert.deepEqual(kinds, ['message.received', 'message.repeated', 'message.conflicting', 'message.received'])
})

test('twenty copies at the same moment are one message', async () => {
  const message = declaration()
  const answers = await Promise.all(Array.from({ length: 20 }, () => exchange.submit(db, message)))
  assert.equal(new Set(answers.map(({ id }) => id)).size, 1)
  assert.equal(answers.filter(({ duplicate }) => !duplicate).length, 1)
})

test('in order within a conversation, once each, with several workers', async () => {
  const conversations = ['A', 'B', 'C', 'D', 'E']
  for (let round = 0; round < 12; round++)
    for (const conversation of conversations) await exchange.submit(db, declaration({ conversation }))
  let most = 0
  let now = 0
  const handler: Handler = async (tx, message) => {
    most = Math.max(most, ++now)
    await tx.query('select pg_sleep(0.003)')
    await tx.run(effects, [message.messageId, message.conversation])
    now--
    return { done: true }
  }
  await decideAll(handler, [exchange, createExchange(optionsOf(papers, db, []))])
  assert.ok(most > 1, 'conversations are decided at the same time')
  for (const conversation of conversations) {
    const done = await db.query<{ message_id: string }>(
      'select message_id from effect where conversation = $1 order by n',
      [conversation],
    )
    const sent = await db.query<{ message_id: string }>(
      'select message_id from inbox where conversation = $1 order by id',
      [conversation],
    )
    assert.deepEqual(done, sent)
  }
})

test('F58 a message that makes its handler throw is parked after three tries, rolled back, and the next goes on', async () => {
  const poison = declaration({ conversation: 'P' })
  const next = declaration({ conversation: 'P' })
  await exchange.submit(db, poison)
  await exchange.submit(db, next)
  let tries = 0
  await decideAll(async (tx, message) => {
    await recordEffect(tx, message)
    if (message.messageId === poison.messageId) throw new Error(`cannot do this (${++tries})`)
    return { done: true }
  })
  assert.equal(tries, 3)
  assert.deepEqual(await db.query('select message_id from effect'), [{ message_id: next.messageId }])
  const [parked] = await db.query('select id::text, state, tries, reason from inbox where message_id = $1', [
    poison.messageId,
  ])
  assert.deepEqual({ ...parked, id: '' }, { id: '', state: 'parked', tries: 3, reason: 'cannot do this (3)' })
  const kinds = await db.query(
    "select kind from journal where message_id = $1 and kind <> 'message.received' order by id",
    [poison.messageId],
  )
  assert.deepEqual(
    kinds.map((row) => row['kind']),
    ['message.failed', 'message.failed', 'message.parked'],
  )

  assert.equal(await exchange.retryParked('inbox', String(parked?.['id']), 'operator'), true)
  await decideAll(recordEffect)
  assert.equal(await count(db, 'effect'), 2)
  assert.equal(await exchange.retryParked('inbox', String(parked?.['id']), 'operator'), false)
})

test('a broken statement, a violated constraint at commit and a lost connection do no harm', async () => {
  await db.query('create table parent (id int primary key)')
  await db.query('create table child (id int references parent deferrable initially deferred)')
  const swallowed = declaration()
  const deferred = declaration()
  const cut = declaration()
  for (const message of [swallowed, deferred, cut]) await exchange.submit(db, message)
  let cuts = 0
  await decideAll(async (tx, message) => {
    if (message.messageId === swallowed.messageId) await tx.query('select 1/0').catch(() => {})
    if (message.messageId === deferred.messageId) await tx.query('insert into child values (1)')
    if (message.messageId === cut.messageId && ++cuts === 1)
      await tx.query('select pg_terminate_backend(pg_backend_pid())')
    return { done: true }
  })
  const states = await db.query('select message_id, state, tries from inbox order by id')
  assert.deepEqual(states, [
    { message_id: swallowed.messageId, state: 'parked', tries: 3 },
    { message_id: deferred.messageId, state: 'parked', tries: 3 },
    { message_id: cut.messageId, state: 'done', tries: 0 },
  ])
})

test('F29 a message that came early waits, lets others pass, and is taken when its time has come', async () => {
  const early = declaration({ conversation: 'W', documentType: 'CD006C' })
  const awaited = declaration({ conversation: 'W', documentType: 'CD001C' })
  await exchange.submit(db, early)
  const shown: string[] = []
  const patient = createExchange({
    ...optionsOf(papers, db, []),
    patience: { pollMs: 20, waitPausesMs: [60_000], failurePausesMs: [10] },
  })
  const running = await patient.start(async (tx, message) => {
    shown.push(message.documentType)
    const known = await count(db, "effect where conversation = 'W'")
    if (message.documentType === 'CD006C' && known === 0) return { wait: { reason: 'no CD001C yet' } }
    return recordEffect(tx, message)
  })
  await until('it waits', async () => (await count(db, "inbox where state = 'waiting'")) === 1)
  await exchange.submit(db, awaited)
  // Its pause is a minute: what ends it is that the conversation has moved.
  await until('both are done', async () => (await count(db, "inbox where state = 'done'")) === 2)
  await running.stop()
  assert.deepEqual(shown, ['CD006C', 'CD001C', 'CD006C'])
  const [row] = await conversationMessages(db, ['W'])
  assert.deepEqual([row?.documentType, row?.state, row?.reason], ['CD006C', 'done', null])
})

test('the last showing says so; who still waits then is parked', async () => {
  const refused = declaration()
  const stubborn = declaration()
  await exchange.submit(db, refused)
  await exchange.submit(db, stubborn)
  const shown: [string, number, boolean][] = []
  await decideAll(async (tx, message) => {
    shown.push([message.messageId, message.waits, message.lastTry])
    if (message.messageId === refused.messageId && message.lastTry) return recordEffect(tx, message)
    return { wait: { reason: 'nothing to go by' } }
  })
  const of = (message: Incoming) =>
    shown.filter(([id]) => id === message.messageId).map(([, waits, last]) => [waits, last])
  assert.deepEqual(of(refused), [
    [0, false],
    [1, false],
    [2, true],
  ])
  assert.deepEqual(await db.query('select message_id from effect'), [{ message_id: refused.messageId }])
  const [row] = await db.query('select state, reason from inbox where message_id = $1', [stubborn.messageId])
  assert.deepEqual(row, { state: 'parked', reason: 'still waiting after the last try: nothing to go by' })
})

test('looks in between, because the conversation moves, do not use up the patience', async () => {
  const early = declaration({ conversation: 'H', documentType: 'CD018C' })
  await exchange.submit(db, early)
  const patient = createExchange({ ...optionsOf(papers, db, []), patience: { pollMs: 20, waitPausesMs: [60_000] } })
  let looks = 0
  const running = await patient.start(async (tx, message) => {
    if (message.documentType !== 'CD018C') return recordEffect(tx, message)
    looks++
    assert.equal(message.lastTry, false)
    return { wait: { reason: 'not yet' } }
  })
  for (let n = 1; n <= 4; n++) {
    await until('it was looked at', () => looks === n)
    await exchange.submit(db, declaration({ conversation: 'H' }))
  }
  await until('it was looked at again', () => looks === 5)
  await running.stop()
  const [row] = await db.query('select state, waits from inbox where message_id = $1', [early.messageId])
  assert.deepEqual(row, { state: 'waiting', waits: 1 })
})

test('a decision, its messages and its journal are kept together or not at all; a local message is in the inbox with it', async () => {
  const start = declaration({ conversation: 'L' })
  await exchange.submit(db, start)
  let broke = false
  await decideAll(async (tx, message) => {
    await recordEffect(tx, message)
    if (message.messageId !== start.messageId) return { done: true }
    const base = { sender: 'AL000101', conversation: '26AL1', payload: message.payload }
    await exchange.enqueue(tx, [
      {
        ...base,
        messageId: 'l1@al.test',
        link: 'local',
        recipient: 'AL000901',
        documentType: 'CD200C',
        refTo: message.messageId,
      },
      { ...base, messageId: 'l2@al.test', link: 'mailbox', recipient: 'ALT12345678901', documentType: 'CC028C' },
    ])
    await exchange.journal(tx, [
      { kind: 'movement.accepted', conversation: '26AL1', actor: 'AL000101', detail: { mrn: '26AL1' } },
    ])
    if (!broke) {
      broke = true
      throw new Error('half-way')
    }
    return { done: true, conversation: '26AL1' }
  })
  assert.deepEqual(await db.query('select message_id from effect order by n'), [
    { message_id: start.messageId },
    { message_id: 'l1@al.test' },
  ])
  const shown = (await conversationMessages(db, ['26AL1'])).map((each) => [
    each.direction,
    each.documentType,
    each.link,
    each.state,
  ])
  assert.deepEqual(shown.sort(), [
    ['in', 'CC015C', 'api', 'done'],
    ['in', 'CD200C', 'local', 'done'],
    ['out', 'CC028C', 'mailbox', 'queued'],
    ['out', 'CD200C', 'local', 'receipted'],
  ])
  const lines = await journalOf(db, ['26AL1'])
  assert.deepEqual(
    lines.map(({ kind }) => kind),
    ['message.queued', 'message.queued', 'movement.accepted'],
  )
  assert.deepEqual(lines[2]?.detail, { mrn: '26AL1' })
})

test('the plans for taking work, made while the queues are empty, do not read a whole queue when it is long', async () => {
  const planOf = async (text: string, values: string): Promise<string> => {
    const lines = await db.transaction(
      async (tx) => {
        await tx.query(`prepare the_plan as ${text}`)
        const plan = await tx.query<{ 'QUERY PLAN': string }>(`explain execute the_plan (${values})`)
        await tx.query('deallocate the_plan')
        return plan
      },
      { settings: queueSettings },
    )
    return lines.map((line) => line['QUERY PLAN']).join('\n')
  }
  const claim = await planOf(sql.claim.text, 'now()')
  assert.match(claim, /Index Scan using inbox_turn/)
  assert.match(claim, /Index Only Scan using inbox_order|Index Scan using inbox_order/)
  const lease = await planOf(sql.lease.text, `now(), now(), null, gen_random_uuid(), '{NTA.XK}', '{8}'`)
  assert.match(lease, /Index Scan using outbox_owed/)
  assert.match(lease, /Index Only Scan using outbox_owed_order|Index Scan using outbox_owed_order/)
  for (const plan of [claim, lease]) assert.doesNotMatch(plan, /Sort|Seq Scan on (in|out)box|Bitmap/)
})

test('the journal can be neither changed nor emptied', async () => {
  await exchange.journal(db, [{ kind: 'test.written' }])
  for (const text of ['update journal set kind = $$x$$', 'delete from journal', 'truncate journal'])
    await assert.rejects(db.query(text), /never changed/)
})

test('an announcement is heard after the commit, and not when there is none', async () => {
  const heard: string[] = []
  const stop = await exchange.onAnnouncement((topic, payload) => heard.push(`${topic}: ${payload}`))
  await db.transaction((tx) => exchange.announce(tx, 'movement', '{"mrn":"26AL1"}'))
  const undone = db.transaction(async (tx) => {
    await exchange.announce(tx, 'movement', 'not this')
    throw new Error('undone')
  })
  await assert.rejects(undone, /undone/)
  await db.transaction((tx) => exchange.announce(tx, 'session', 'line\nline'))
  await until('both are heard', () => heard.length === 2)
  assert.deepEqual(heard, ['movement: {"mrn":"26AL1"}', 'session: line\nline'])
  await stop()
})

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Database } from '@corridor/database'
import {
  type BatchAct,
  batchRefusals,
  differenceOf,
  type Exchange,
  type Handler,
  type Incoming,
  type MessageFilter,
  type Person,
  type Requested,
} from '../src/index.ts'
import { count, createExchange, document, makePapers, makeStore, optionsOf, partnerOf, until } from './nodes.ts'
import { serverOf } from './nodes.ts'

const ada: Person = { id: 'ada', name: 'Ada Hoxha' }
const bes: Person = { id: 'bes', name: 'Bes Krasniqi' }
const why = 'the partner was away for eight hours'

let al: Awaited<ReturnType<typeof makeStore>>
let xk: Awaited<ReturnType<typeof makeStore>>
let db: Database
let papers: { al: Awaited<ReturnType<typeof makePapers>>; xk: Awaited<ReturnType<typeof makePapers>> }
let exchange: Exchange
let receiver: Exchange
let server: Awaited<ReturnType<typeof serverOf>>

before(async () => {
  ;[al, xk] = [await makeStore(), await makeStore()]
  db = al.db
  papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK') }
  receiver = createExchange(optionsOf(papers.xk, xk.db, [partnerOf('NTA.XK', papers.al, 'unused:')]))
  server = await serverOf(receiver, papers.xk, 0)
  exchange = createExchange(
    optionsOf(papers.al, db, [partnerOf('NTA.AL', papers.xk, `https://127.0.0.1:${server.address.port}/as4`)]),
  )
})
after(async () => {
  await server?.close()
  await Promise.all([al.drop(), xk.drop()])
})
beforeEach(async () => {
  for (const store of [al.db, xk.db])
    await store.query(
      'truncate inbox, outbox, effect, message_key, message_batch, message_batch_item, message_correction',
    )
})

let serial = 0
function incoming(more: Partial<Incoming> = {}): Incoming {
  const n = ++serial
  const base = {
    sender: 'ALT1',
    recipient: 'NTA.AL',
    conversation: `c${n}`,
    documentType: 'CC015C',
    link: 'api' as const,
  }
  return { ...base, messageId: `m${n}@trader`, payload: Buffer.from(`<CC015C><LRN>${n}</LRN></CC015C>`), ...more }
}

const countEffects = (): Promise<number> => count(db, 'effect')
const effect: Handler = async (tx, message) => {
  await tx.query('insert into effect (message_id, conversation) values ($1, $2)', [
    message.messageId,
    Buffer.from(message.payload).toString(),
  ])
  return { done: true }
}
const fails: Handler = async () => {
  throw new Error('a mistake of the program')
}

/** Has messages parked, since their handler fails. */
async function parked(number: number, more: Partial<Incoming> = {}): Promise<Incoming[]> {
  const messages = Array.from({ length: number }, () => incoming(more))
  for (const message of messages) await exchange.submit(db, message)
  await working(fails, async () => (await count(db, "inbox where state = 'parked'")) >= number)
  return messages
}

/** Runs an exchange until something is so. */
async function working(handler: Handler, condition: () => Promise<boolean>, who: Exchange = exchange): Promise<void> {
  const running = await who.start(handler)
  try {
    await until('it is so', condition)
  } finally {
    await running.stop()
  }
}

async function ask(act: BatchAct, filter: MessageFilter, more: object = {}, who = ada): Promise<Requested> {
  const set = (await exchange.repair.dryRun(act, filter)) ?? assert.fail('too many')
  const wish = { act, filter, filterText: '{}', reason: why, digest: set.digest, count: set.members.length, ...more }
  return db.transaction((tx) => exchange.repair.request(tx, who, wish))
}

async function asked(act: BatchAct, filter: MessageFilter, more: object = {}): Promise<string> {
  const requested = await ask(act, filter, more)
  return requested.kind === 'requested' ? requested.id : assert.fail(requested.code)
}

const decide = (id: string, who: Person, approve = true, reason = '') =>
  db.transaction((tx) => exchange.repair.decide(tx, who, { id, approve, reason }))

async function isDone(id: string): Promise<boolean> {
  return (await exchange.repair.batches({ id, limit: 1 }))[0]?.state === 'done'
}

async function outcomes(id: string): Promise<Record<string, number>> {
  const items = await exchange.repair.items({ id, after: 0, limit: 1_000 })
  const found: Record<string, number> = {}
  for (const { outcome, why: code } of items) {
    const name = `${outcome ?? 'left'} ${code ?? ''}`.trim()
    found[name] = (found[name] ?? 0) + 1
  }
  return found
}

test('replay: what was parked takes effect once; what took effect never does again', async () => {
  await parked(3)
  const [ok] = [incoming()]
  await exchange.submit(db, ok)
  await working(effect, async () => (await countEffects()) === 1)
  const set = await exchange.repair.dryRun('replay', {})
  assert.deepEqual(
    set?.members.map(({ permit }) => (permit.kind === 'do' ? 'do' : permit.why)),
    ['do', 'do', 'do', 'took-effect'],
  )
  const id = await asked('replay', {})
  assert.equal(await countEffects(), 1, 'nothing is done before it is approved')
  assert.deepEqual(await decide(id, bes), { kind: 'decided', state: 'approved' })
  await working(effect, async () => (await countEffects()) === 4 && isDone(id))
  assert.deepEqual(await outcomes(id), { done: 3, 'refused took-effect': 1 })
  const again = await asked('replay', {})
  await decide(again, bes)
  await working(effect, () => isDone(again))
  assert.deepEqual(await outcomes(again), { 'refused took-effect': 4 })
  assert.equal(await countEffects(), 4)
  const lines = await db.query<{ kind: string; actor: string; detail: Record<string, unknown> }>(
    `select kind, actor, detail from journal where detail ->> 'batch' = $1 order by id`,
    [id],
  )
  assert.deepEqual(
    lines.map(({ kind, actor }) => `${kind} ${actor}`),
    ['batch.requested ada', 'batch.approved bes', ...Array(3).fill('message.requeued ada'), 'batch.finished ada'],
  )
  assert.ok(
    lines.every(({ detail }) => detail['reason'] === why),
    'each says why',
  )
  assert.equal(lines[3]?.detail['approvedBy'], 'bes')
  assert.deepEqual(
    ['done', 'already', 'refused'].map((name) => lines.at(-1)?.detail[name]),
    [3, 0, 1],
  )
})

test('who asks does not approve: not by the same account, nor by another account of the same name, nor past the program', async () => {
  await parked(1)
  const id = await asked('replay', {})
  for (const who of [ada, { id: 'ada-2', name: '  ADA  hoxha ' }])
    assert.deepEqual(await decide(id, who), { kind: 'refused', code: 'same-person', batch: id })
  await assert.rejects(
    db.query(`update message_batch set state = 'approved', decided_by = requested_by where id = $1`, [id]),
    /check/,
  )
  assert.deepEqual(await decide(id, bes, false), { kind: 'refused', code: 'reason-missing' })
  assert.deepEqual(await decide(id, bes, false, 'not before the partner says so'), {
    kind: 'decided',
    state: 'refused',
  })
  assert.deepEqual(await decide(id, bes), { kind: 'refused', code: 'decided', batch: id })
  assert.deepEqual(await decide('77777', bes), { kind: 'refused', code: 'unknown-batch' })
  assert.deepEqual(await decide('x; select', bes), { kind: 'refused', code: 'unknown-batch' })
  const own = await asked('replay', {})
  assert.deepEqual(await decide(own, ada, false, 'asked for by mistake'), { kind: 'decided', state: 'withdrawn' })
  assert.equal(await count(db, "inbox where state = 'parked'"), 1)
})

test('what is not taken on: no reason, nothing found, all messages unless their number is said, another set than was looked at, the same twice', async () => {
  await parked(2)
  for (const reason of ['', '   ', '..........', 'short', 'a\nb in two lines here', 'x'.repeat(501)])
    assert.deepEqual(await ask('replay', {}, { reason }), { kind: 'refused', code: 'reason-missing' }, reason)
  assert.deepEqual(await ask('replay', { partner: 'NOBODY' }), { kind: 'refused', code: 'nothing-found' })
  assert.deepEqual(await ask('resend', {}), { kind: 'refused', code: 'nothing-found' }, 'nothing is owed')
  for (const more of [{ count: undefined }, { count: 1 }])
    assert.deepEqual(await ask('replay', {}, more), { kind: 'refused', code: 'everything', count: 2 })
  const hidden: MessageFilter = { from: new Date(0), state: ['parked'] }
  assert.deepEqual(await ask('replay', hidden, { count: undefined }), { kind: 'refused', code: 'everything', count: 2 })
  const seen = await exchange.repair.dryRun('replay', {})
  await parked(3)
  const late = await ask('replay', {}, { digest: seen?.digest })
  assert.deepEqual(late, { kind: 'refused', code: 'set-changed', count: 5 })
  const [one, two] = await Promise.all([ask('replay', {}), ask('replay', {}, {}, bes)])
  assert.deepEqual([one.kind, two.kind].toSorted(), ['refused', 'requested'], 'two ask for the same at one moment')
  const third = await ask('replay', {}, {}, bes)
  assert.equal(third.kind === 'refused' && third.code, 'batch-open')
  for (const words of Object.values(batchRefusals)) assert.ok(words.length > 10)
})

test('two people resend the same: both sets are worked off, and each message goes once more', async () => {
  const messages = Array.from({ length: 5 }, () => document('NTA.XK'))
  const receiving = await receiver.start(async () => ({ done: true }))
  await exchange.enqueue(db, messages)
  await working(effect, async () => (await count(db, "outbox where state = 'receipted'")) === 5)
  const first = await asked('resend', { partner: 'NTA.XK' })
  const ids = (await exchange.repair.find({}, { limit: 5 })).messages.map(({ id }) => `out-${id}`)
  const second = await asked('resend', { ids: ids.slice(0, 4) })
  await decide(first, bes)
  await working(
    effect,
    async () => (await isDone(first)) && (await count(db, "outbox where state = 'receipted'")) === 5,
  )
  await decide(second, bes)
  await working(
    effect,
    async () => (await isDone(second)) && (await count(db, "outbox where state = 'receipted'")) === 5,
  )
  await receiving.stop()
  assert.deepEqual(await outcomes(first), { done: 5 })
  assert.deepEqual(await outcomes(second), { 'already by-another': 4 })
  assert.equal(await count(xk.db, "journal where kind = 'message.repeated'"), 5, 'the partner saw each once more')
  assert.equal(await count(xk.db, 'inbox'), 5)
})

test('park and discard: what is parked waits for a person, what is discarded is left alone for good', async () => {
  const [message] = [document('NTA.XK')]
  await exchange.enqueue(db, [message])
  const early = await asked('discard', { messageId: message.messageId })
  await decide(early, bes)
  const stopped = createExchange({
    ...optionsOf(papers.al, db, [partnerOf('NTA.AL', papers.xk, 'unused:')]),
    transport: () => Promise.reject(new Error('away')),
  })
  await working(effect, () => isDone(early), stopped)
  assert.deepEqual(await outcomes(early), { 'refused not-parked': 1 })
  for (const act of ['park', 'discard'] as const) {
    const id = await asked(act, { messageId: message.messageId })
    await decide(id, bes)
    await working(effect, () => isDone(id), stopped)
    assert.deepEqual(await outcomes(id), { done: 1 })
  }
  const [row] = (await exchange.repair.find({ messageId: message.messageId }, { limit: 1 })).messages
  assert.deepEqual([row?.state, row?.reason], ['discarded', why])
  const back = await asked('resend', { messageId: message.messageId })
  await decide(back, bes)
  await working(effect, () => isDone(back), stopped)
  assert.deepEqual(await outcomes(back), { 'refused discarded': 1 })
  await parked(1)
  const given = await asked('discard', { state: ['parked'], direction: 'in' })
  await decide(given, bes)
  await working(effect, () => isDone(given), stopped)
  assert.equal(await countEffects(), 0)
  assert.equal(await count(db, "inbox where state = 'discarded'"), 1)
})

test('a receipt that comes after a message was discarded is a fact, and kept', async () => {
  const message = document('NTA.XK')
  await exchange.enqueue(db, [message])
  let answer = (): void => undefined
  const answered = new Promise<void>((resolve) => (answer = resolve))
  let posted = 0
  const slow = createExchange({
    ...optionsOf(papers.al, db, [partnerOf('NTA.AL', papers.xk, 'unused:')]),
    transport: async (_, wire) => {
      const { status, wire: receipt } = await receiver.receive(wire)
      posted++
      await answered
      return { status, headers: {}, wire: receipt ?? { contentType: '', body: new Uint8Array() } }
    },
  })
  const running = await slow.start(effect)
  await until('it is on its way', () => posted > 0)
  for (const act of ['park', 'discard'] as const) {
    const id = await asked(act, { messageId: message.messageId })
    await decide(id, bes)
    await until('it is done', () => isDone(id))
  }
  assert.equal(await count(db, "outbox where state = 'discarded'"), 1)
  answer()
  await until('the receipt is kept', async () => (await count(db, "outbox where state = 'receipted'")) === 1)
  await running.stop()
})

test('one message that the database refuses fails alone, with the reason', async () => {
  const messages = await parked(4)
  const poison = messages[2]?.messageId ?? ''
  await db.query(`create function refuse_one() returns trigger language plpgsql as $$
    begin
      if new.message_id = '${poison}' and new.state = 'received' then raise exception 'not this one' using errcode = '23514'; end if;
      return new;
    end $$`)
  await db.query('create trigger refuse_one before update on inbox for each row execute function refuse_one()')
  try {
    const id = await asked('replay', {})
    await decide(id, bes)
    await working(effect, async () => (await isDone(id)) && (await countEffects()) === 3)
    assert.deepEqual(await outcomes(id), { done: 3, 'refused failed': 1 })
    const items = await exchange.repair.items({ id, after: 0, outcome: 'refused', limit: 10 })
    assert.deepEqual(
      items.map(({ messageId, detail }) => [messageId, detail]),
      [[poison, 'PostgreSQL 23514']],
    )
  } finally {
    await db.query('drop trigger refuse_one on inbox')
    await db.query('drop function refuse_one()')
  }
})

test('a corrected document takes the place of the one that came, for the decision alone', async () => {
  const [message] = await parked(1)
  const [{ id } = { id: '' }] = (await exchange.repair.find({}, { limit: 1 })).messages
  const name = `in-${id}`
  const correct = (document: string, reason = why) =>
    db.transaction((tx) =>
      exchange.repair.requestCorrection(tx, ada, { name, document: Buffer.from(document), reason }),
    )
  const came = Buffer.from(message!.payload).toString()
  assert.deepEqual(await correct(came), { kind: 'refused', code: 'document-same' })
  assert.deepEqual(await correct(''), { kind: 'refused', code: 'document-missing' })
  assert.deepEqual(await correct('<x/>', 'no'), { kind: 'refused', code: 'reason-missing' })
  const requested = await correct('<CC015C><LRN>right</LRN></CC015C>')
  const batch = requested.kind === 'requested' ? requested.id : assert.fail(requested.code)
  assert.equal((await exchange.repair.corrected(name))?.toString(), '<CC015C><LRN>right</LRN></CC015C>')
  assert.deepEqual(await decide(batch, ada), { kind: 'refused', code: 'same-person', batch })
  await decide(batch, bes)
  await working(effect, async () => (await isDone(batch)) && (await countEffects()) === 1)
  const [made] = await db.query<{ conversation: string }>('select conversation from effect')
  assert.equal(made?.conversation, '<CC015C><LRN>right</LRN></CC015C>')
  assert.equal((await exchange.repair.bytes(name, 'document'))?.body.toString(), came, 'what came is as it was')
  assert.equal((await exchange.submit(db, message!)).duplicate, true, 'a repeat is still known as one')
  const detail = await exchange.repair.detail(name)
  assert.deepEqual(
    detail?.batches.map(({ act, outcome, decidedBy, reason }) => [act, outcome, decidedBy, reason]),
    [['correct', 'done', 'bes', why]],
  )
  const line = detail?.journal.find(({ kind }) => kind === 'message.corrected')?.detail as Record<string, string>
  assert.equal(line['before'], detail?.documentDigest)
  assert.notEqual(line['after'], line['before'])
})

test('a trial decides and leaves nothing behind, also of what took effect', async () => {
  await exchange.submit(db, incoming())
  await working(effect, async () => (await countEffects()) === 1)
  const [{ id } = { id: '' }] = (await exchange.repair.find({}, { limit: 1 })).messages
  const answers: Handler = async (tx, message) => {
    await effect(tx, message)
    await exchange.enqueue(tx, [document('NTA.XK', { documentType: 'CD917C', refTo: message.messageId })])
    return { done: true }
  }
  const trial = await exchange.repair.try(answers, ada, `in-${id}`)
  assert.equal(trial?.outcome, 'decided')
  assert.deepEqual(
    trial.documents.map(({ documentType, recipient }) => [documentType, recipient]),
    [['CD917C', 'NTA.XK']],
  )
  assert.deepEqual([await countEffects(), await count(db, 'outbox')], [1, 0])
  assert.equal((await exchange.repair.try(fails, ada, `in-${id}`))?.outcome, 'failed')
  assert.equal(
    (await exchange.repair.try(async () => ({ wait: { reason: 'early' } }), ada, `in-${id}`))?.outcome,
    'waits',
  )
  assert.equal(await exchange.repair.try(answers, ada, 'in-999999'), undefined)
  assert.equal(await exchange.repair.try(answers, ada, 'out-1'), undefined)
  assert.equal(await count(db, "journal where kind = 'message.tried' and actor = 'ada'"), 3)
})

test('differences are told line by line, a document on one line element by element', () => {
  assert.deepEqual(differenceOf('<a><b>1</b><c>2</c><d/></a>', '<a><b>1</b><c>3</c><e/><d/></a>'), [
    { sign: '-', line: 3, text: '<c>2</c>' },
    { sign: '+', line: 3, text: '<c>3</c>' },
    { sign: '+', line: 4, text: '<e/>' },
  ])
  assert.deepEqual(differenceOf('<a/>', '<a/>'), [])
  assert.deepEqual(differenceOf('a\r\nb', 'a\nb'), [], 'line ends do not count')
  const many = (word: string) => Array.from({ length: 3_000 }, (_, n) => `<${word}${n}/>`).join('')
  assert.equal(differenceOf(many('a'), many('b')).length, 6_000)
})

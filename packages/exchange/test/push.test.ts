import assert from 'node:assert/strict'
import type { Wire } from '@corridor/as4'
import { makeAuthority } from '@corridor/as4/testing'
import { createHash } from 'node:crypto'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import {
  backlogOf,
  httpsTransport,
  partnerStates,
  type As4Server,
  type Exchange,
  type Outgoing,
  type Partner,
  type Running,
  type Transport,
} from '../src/index.ts'
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
  seal,
  serverOf,
  until,
  type Papers,
} from './nodes.ts'

type Store = Awaited<ReturnType<typeof makeStore>>

let albania: Papers
let kosovo: Papers
/** A third party that is a partner of Kosovo, with a certificate of the same authority as Albania's. */
let third: Papers
let alStore: Store
let xkStore: Store
let xk: Exchange
let xkServer: As4Server
const stops: (() => Promise<unknown>)[] = []

before(async () => {
  const authority = await makeAuthority('CA of Albania')
  albania = await makePapers('NTA.AL', authority)
  third = await makePapers('NTA.ME', authority)
  kosovo = await makePapers('NTA.XK')
  alStore = await makeStore()
  xkStore = await makeStore()
  const partners = [
    partnerOf('NTA.XK', albania, 'https://127.0.0.1:1/as4'),
    partnerOf('NTA.XK', third, 'https://127.0.0.1:1/as4'),
  ]
  xk = createExchange(optionsOf(kosovo, xkStore.db, partners))
  xkServer = await serverOf(xk, kosovo, 0)
})

after(async () => {
  await xkServer.close()
  await Promise.all([alStore.drop(), xkStore.drop()])
})

beforeEach(async () => {
  for (const { db } of [alStore, xkStore]) {
    await db.query('truncate inbox, outbox, effect')
    await db.query('drop trigger journal_is_final on journal; truncate journal')
    await db.query(
      `create trigger journal_is_final before update or delete or truncate on journal
         for each statement execute function journal_is_final()`,
    )
  }
})

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

function toKosovo(port = xkServer.address.port): Partner {
  return partnerOf('NTA.AL', kosovo, `https://127.0.0.1:${port}/as4`)
}

async function startAlbania(transport?: Transport, partner = toKosovo(), own = albania): Promise<Exchange> {
  const options = optionsOf(own, alStore.db, [partner])
  const exchange = createExchange(transport === undefined ? options : { ...options, transport })
  const running: Running = await exchange.start(recordEffect)
  stops.push(() => running.stop())
  return exchange
}

async function startKosovo(): Promise<void> {
  const running = await xk.start(recordEffect)
  stops.push(() => running.stop())
}

const outboxState = async (message: Outgoing) =>
  (await alStore.db.query('select state, tries, reason from outbox where message_id = $1', [message.messageId]))[0]

const receipted = (message: Outgoing) =>
  until('the receipt', async () => (await outboxState(message))?.['state'] === 'receipted')

async function kinds(store: Store): Promise<string[]> {
  return (await store.db.query<{ kind: string }>('select kind from journal order by id')).map(({ kind }) => kind)
}

const noLine: Transport = () => Promise.reject(new Error('no line'))

const sealed = (message: Outgoing, partner: Partner, papers = albania): Wire => seal(message, partner, papers)

const directly = () => httpsTransport({ certificate: albania.certificatePem, key: albania.privateKeyPem })

test('a message is pushed, decided and receipted; what was stored is what was sent', async () => {
  const al = await startAlbania()
  await startKosovo()
  const message = document('NTA.XK')
  await alStore.db.transaction((tx) => al.enqueue(tx, [message]))
  await receipted(message)
  await until('the effect', async () => (await count(xkStore.db, 'effect')) === 1)
  const [row] = await xkStore.db.query('select * from inbox')
  const had = openedRow('NTA.XK', row)
  const owed = openedRow('NTA.AL', (await alStore.db.query('select * from outbox'))[0])
  assert.deepEqual([had.payload, had.raw, had.receipt], [message.payload, owed.sealed, owed.receipt])
  assert.deepEqual(
    [row?.['sender'], row?.['recipient'], row?.['conversation'], row?.['document_type'], row?.['state']],
    ['NTA.AL', 'NTA.XK', message.conversation, 'CD001C', 'done'],
  )
  assert.deepEqual(await kinds(alStore), ['message.queued', 'message.receipted'])
  assert.deepEqual(await kinds(xkStore), ['message.received'])
  const [state] = await partnerStates(alStore.db, ['NTA.XK'])
  assert.ok(state?.lastReceiptAt instanceof Date)
  assert.deepEqual(
    { ...state, lastReceiptAt: null },
    { party: 'NTA.XK', lastReceiptAt: null, queued: 0, oldestUnsentAt: null, parked: 0 },
  )
})

test('messages of a conversation arrive in order, those of many at the same time', async () => {
  const al = await startAlbania()
  await startKosovo()
  const messages = Array.from({ length: 40 }, (_, n) => document('NTA.XK', { conversation: `26AL${n % 4}` }))
  await alStore.db.transaction((tx) => al.enqueue(tx, messages))
  await until('all are receipted', async () => (await count(alStore.db, "outbox where state = 'receipted'")) === 40)
  for (let n = 0; n < 4; n++) {
    const arrived = await xkStore.db.query<{ message_id: string }>(
      'select message_id from inbox where conversation = $1 order by id',
      [`26AL${n}`],
    )
    const wanted = messages.filter(({ conversation }) => conversation === `26AL${n}`).map(({ messageId }) => messageId)
    assert.deepEqual(
      arrived.map((row) => row.message_id),
      wanted,
    )
  }
})

test('a duplicate gets the stored receipt byte for byte; the same id with another document is refused', async () => {
  const { send, close } = directly()
  stops.push(close)
  const partner = toKosovo()
  const message = document('NTA.XK')
  const wire = sealed(message, partner)
  const first = await send(partner.url, wire, partner)
  const again = await send(partner.url, wire, partner)
  assert.deepEqual([first.status, again.wire], [200, first.wire])
  const clash = await send(partner.url, sealed({ ...message, payload: Buffer.from('<other/>') }, partner), partner)
  assert.match(Buffer.from(clash.wire.body).toString(), /errorCode="EBMS:0004"/)
  assert.equal(await count(xkStore.db, 'inbox'), 1)
  assert.deepEqual(await kinds(xkStore), ['message.received', 'message.repeated', 'message.conflicting'])
})

test('a receipt lost on the way is had again: same bytes out, same receipt back, one effect', async () => {
  const { send, close } = directly()
  stops.push(close)
  const bodies: Uint8Array[] = []
  const answers: Uint8Array[] = []
  const al = await startAlbania(async (url, wire, partner) => {
    bodies.push(wire.body)
    const answer = await send(url, wire, partner)
    answers.push(answer.wire.body)
    if (bodies.length < 3) throw new Error('the line broke')
    return answer
  })
  await startKosovo()
  const message = document('NTA.XK')
  await al.enqueue(alStore.db, [message])
  await receipted(message)
  assert.equal(bodies.length, 3)
  assert.deepEqual(bodies[1], bodies[0])
  assert.deepEqual(answers[2], answers[0])
  await until('the effect', async () => (await count(xkStore.db, 'effect')) === 1)
  assert.deepEqual(await kinds(alStore), ['message.queued', 'message.unanswered', 'message.receipted'])
})

/** 1,024 characters are what a header may have; in bytes these are three times as many, and no compression helps. */
const longConversation = Array.from({ length: 1024 }, (_, at) =>
  String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000)),
).join('')

test('what is tampered with, unsigned, unencrypted or for somebody else leaves one line in the journal and nothing else', async () => {
  const { send, close } = directly()
  stops.push(close)
  const partner = toKosovo()
  const message = document('NTA.XK')
  const good = sealed(message, partner)
  const flipped = Buffer.from(good.body)
  const last = flipped.lastIndexOf('\r\n--')
  flipped.writeUInt8(flipped.readUInt8(last - 5) ^ 1, last - 5)
  const unsigned = Buffer.from(good.body.toString().replace(/<wsse:Security.*?<\/wsse:Security>/s, ''), 'latin1')
  const elsewhere = {
    ...partner,
    sending: { ...partner.sending, responder: { ...partner.sending.responder, id: 'NTA.MK' } },
  }
  const cases: [string, Wire, RegExp][] = [
    ['tampered', { ...good, body: flipped }, /EBMS:0101|EBMS:0102/],
    ['no security', { ...good, body: unsigned }, /EBMS:0\d\d\d/],
    ['no agreement', sealed(message, elsewhere), /EBMS:0010/],
    ['not even MIME', { contentType: 'text/html', body: Buffer.from('<html>') }, /EBMS:0\d\d\d/],
  ]
  for (const [what, wire, code] of cases) {
    const answer = await send(partner.url, wire, partner)
    const text = Buffer.from(answer.wire.body).toString()
    assert.equal(answer.status, 200, what)
    assert.match(text, code, what)
    assert.match(text, /SignatureValue/, what)
    const [line] = await xkStore.db.query<{
      kind: string
      message_id: string
      detail: { digest: string; detail: string }
    }>('select kind, message_id, detail from journal order by id desc limit 1')
    assert.equal(line?.kind, 'message.refused', what)
    assert.equal(line?.detail.digest, createHash('sha256').update(wire.body).digest('hex'), what)
    assert.ok(text.includes(line?.message_id ?? '?'), 'found by the id of the error')
    assert.ok(!text.includes(line?.detail.detail ?? ''), 'the detail stays here')
  }
  const endless = { ...message, conversation: longConversation }
  const answer = await send(partner.url, sealed(endless, partner), partner)
  assert.match(Buffer.from(answer.wire.body).toString(), /EBMS:0009/, 'a conversation that no index can hold')
  assert.equal((await kinds(xkStore)).length, cases.length + 1)
  assert.equal(await count(xkStore.db, 'inbox'), 0)
})

test("a partner's valid certificate does not pass for another party", async () => {
  // Montenegro signs as itself but says that it is Albania.
  const asAlbania = toKosovo()
  const theirs = httpsTransport({ certificate: third.certificatePem, key: third.privateKeyPem })
  stops.push(() => theirs.close())
  const forged = await theirs.send(asAlbania.url, sealed(document('NTA.XK'), asAlbania, third), asAlbania)
  assert.match(Buffer.from(forged.wire.body).toString(), /EBMS:0101/)
  // Albania's own signed message, brought by Montenegro's TLS client.
  const stolen = await theirs.send(asAlbania.url, sealed(document('NTA.XK'), asAlbania), asAlbania)
  assert.match(Buffer.from(stolen.wire.body).toString(), /EBMS:0101/)
  assert.equal(await count(xkStore.db, 'inbox'), 0)
  assert.deepEqual(await kinds(xkStore), ['message.refused', 'message.refused'])
})

test('a server that is not the pinned one gets nothing', async () => {
  // The impostor has a certificate of the right authority.
  const authority = await makeAuthority('CA of Kosovo')
  const real = await makePapers('NTA.XK', authority)
  const impostor = await makePapers('NTA.XK', authority)
  const server = await serverOf(xk, impostor, 0)
  stops.push(() => server.close())
  const al = await startAlbania(undefined, partnerOf('NTA.AL', real, `https://127.0.0.1:${server.address.port}/as4`))
  const message = document('NTA.XK')
  await al.enqueue(alStore.db, [message])
  await until('it was tried', async () => /not pinned to NTA.XK/.test(String((await outboxState(message))?.['reason'])))
  assert.equal(await count(xkStore.db, "journal where kind like 'message%'"), 0)
})

test('a partner that is away gets everything when it is back, without a flood of tries', async () => {
  const holder = await serverOf(xk, kosovo, 0)
  const { port } = holder.address
  await holder.close()
  let tries = 0
  const { send, close } = directly()
  stops.push(close)
  const al = await startAlbania((url, wire, partner) => (tries++, send(url, wire, partner)), toKosovo(port))
  await startKosovo()
  const messages = Array.from({ length: 30 }, () => document('NTA.XK'))
  await al.enqueue(alStore.db, messages)
  await until('it was tried', () => tries > 0)
  await new Promise((resolve) => setTimeout(resolve, 400))
  const before = tries
  assert.ok(before < 60, `${before} tries`)
  assert.equal((await backlogOf(alStore.db)).outbox, 30)
  const server = await serverOf(xk, kosovo, port)
  stops.push(() => server.close())
  await until('the backlog is empty', async () => (await backlogOf(alStore.db)).outbox === 0)
  await until('the effects', async () => (await count(xkStore.db, 'effect')) === 30)
  assert.equal(await count(xkStore.db, 'inbox'), 30)
})

test('a new certificate of the partner makes new bytes, which it can open', async () => {
  const { send, close } = directly()
  stops.push(close)
  const message = document('NTA.XK')
  const former = partnerOf('NTA.AL', await makePapers('NTA.XK'), toKosovo().url)
  const before = createExchange({ ...optionsOf(albania, alStore.db, [former]), transport: noLine })
  const running = await before.start(recordEffect)
  await before.enqueue(alStore.db, [message])
  await until('it was tried', async () => (await kinds(alStore)).includes('message.unanswered'))
  await running.stop()
  await startAlbania(send)
  await receipted(message)
  assert.ok((await kinds(alStore)).includes('message.resealed'))
})

test('an error that the partner signed parks the message; a person can send it again', async () => {
  let refuse = true
  const { send, close } = directly()
  stops.push(close)
  const partner = toKosovo()
  const wrong: Partner = { ...partner, sending: { ...partner.sending, service: { value: 'urn:unknown' } } }
  const al = await startAlbania((url, wire, to) =>
    refuse ? send(url, sealed(message, wrong), to) : send(url, wire, to),
  )
  const message = document('NTA.XK')
  await al.enqueue(alStore.db, [message])
  await until('it is parked', async () => (await outboxState(message))?.['state'] === 'parked')
  const state = await outboxState(message)
  assert.match(String(state?.['reason']), /EBMS:0010/)
  assert.equal(state?.['tries'], 1)
  refuse = false
  const [row] = await alStore.db.query<{ id: string }>('select id::text from outbox')
  assert.equal(await al.retryParked('outbox', row?.id ?? '', 'operator'), true)
  await receipted(message)
})

test('answers that prove nothing park nothing: HTML, a receipt for something else, 503 with Retry-After', async () => {
  const { send, close } = directly()
  stops.push(close)
  const partner = toKosovo()
  const other = await send(partner.url, sealed(document('NTA.XK'), partner), partner)
  const html = { contentType: 'text/html', body: Buffer.from('<html>fine</html>') }
  const nothing = { contentType: '', body: Buffer.alloc(0) }
  const answers = [
    { status: 200, headers: {}, wire: html },
    { status: 200, headers: {}, wire: other.wire },
    { status: 200, headers: {}, wire: nothing },
    { status: 500, headers: {}, wire: html },
    { status: 503, headers: { 'retry-after': '1' }, wire: html },
  ]
  const times: number[] = []
  const al = await startAlbania(async (url, wire, to) => {
    times.push(performance.now())
    return answers[times.length - 1] ?? send(url, wire, to)
  })
  const message = document('NTA.XK')
  await al.enqueue(alStore.db, [message])
  await receipted(message)
  assert.equal(times.length, 6)
  assert.ok((times[5] ?? 0) - (times[4] ?? 0) >= 1000, 'Retry-After is honoured')
  assert.deepEqual((await kinds(alStore)).filter((kind) => kind === 'message.unanswered').length, 5)
})

test('a message that never gets a receipt is parked after its last try', async () => {
  const options = optionsOf(albania, alStore.db, [toKosovo()])
  const patience = { ...options.patience, triesBeforeParked: 3 }
  const al = createExchange({ ...options, patience, transport: noLine })
  const running = await al.start(recordEffect)
  stops.push(() => running.stop())
  const message = document('NTA.XK')
  await al.enqueue(alStore.db, [message])
  await until('it is parked', async () => (await outboxState(message))?.['state'] === 'parked')
  const state = await outboxState(message)
  assert.deepEqual(state, { state: 'parked', tries: 3, reason: 'given up after 3 tries: no answer: no line' })
})

test('a message that AS4 cannot express is parked, and the next one goes', async () => {
  const al = await startAlbania()
  const bad = document('NTA.XK', { refTo: 'no message id', conversation: 'C' })
  const good = document('NTA.XK', { conversation: 'C' })
  await al.enqueue(alStore.db, [bad, good])
  await receipted(good)
  const state = await outboxState(bad)
  assert.deepEqual([state?.['state'], state?.['tries']], ['parked', 1])
})

test('a new certificate of our own makes new bytes with the same id and document, and the journal says so', async () => {
  const message = document('NTA.XK')
  const first = createExchange({ ...optionsOf(albania, alStore.db, [toKosovo()]), transport: noLine })
  const running = await first.start(recordEffect)
  await first.enqueue(alStore.db, [message])
  await until('it was tried', async () => (await kinds(alStore)).includes('message.unanswered'))
  await running.stop()
  const [old] = await alStore.db.query('select * from outbox')
  const renewed = await makePapers('NTA.AL')
  // Kosovo has pinned the old one, so that this also shows that the new one is really used.
  const { send, close } = directly()
  stops.push(close)
  await startAlbania(send, toKosovo(), renewed)
  await until('it is refused', async () => (await outboxState(message))?.['state'] === 'parked')
  assert.ok((await kinds(alStore)).includes('message.resealed'))
  const [fresh] = await alStore.db.query('select * from outbox')
  assert.notDeepEqual(fresh?.['sealed'], old?.['sealed'])
  for (const name of ['message_id', 'payload', 'payload_digest', 'first_sent_at'])
    assert.deepEqual(fresh?.[name], old?.[name])
})

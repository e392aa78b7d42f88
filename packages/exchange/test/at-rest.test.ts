import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import type { Steps, Transport } from '../src/index.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  recordEffect,
  serverOf,
  vaultOf,
} from './nodes.ts'

const secret = '<accessCode>Q7zK</accessCode>'
const message = () => document('NTA.XK', { payload: Buffer.from(`<CD200C>${secret}${'<x/>'.repeat(500)}</CD200C>`) })

let al: Awaited<ReturnType<typeof makeStore>>
let xk: Awaited<ReturnType<typeof makeStore>>
let sender: ReturnType<typeof createExchange>
let at: { al: Steps; xk: Steps }
let deliver: Transport
/** What the transport does instead of delivering, once. */
let insteadOnce: Transport | undefined

before(async () => {
  ;[al, xk] = [await makeStore(), await makeStore()]
  const [albania, kosovo] = [await makePapers('NTA.AL'), await makePapers('NTA.XK')]
  const patience = { backOffMs: 0, backOffMostMs: 0, failurePausesMs: [0, 0] }
  const receiver = createExchange({
    ...optionsOf(kosovo, xk.db, [partnerOf('NTA.XK', albania, 'unused:')]),
    patience,
  })
  deliver = async (_, wire) => {
    const { status, wire: answer } = await receiver.receive(wire)
    return { status, headers: {}, wire: answer ?? { contentType: '', body: new Uint8Array() } }
  }
  const transport: Transport = (...given) => {
    const instead = insteadOnce
    insteadOnce = undefined
    return (instead ?? deliver)(...given)
  }
  sender = createExchange({
    ...optionsOf(albania, al.db, [partnerOf('NTA.AL', kosovo, 'unused:')]),
    transport,
    patience,
  })
  at = { al: sender.steps(recordEffect), xk: receiver.steps(recordEffect) }
})
after(() => Promise.all([al.drop(), xk.drop()]))
beforeEach(async () => {
  insteadOnce = undefined
  await Promise.all([al, xk].map(({ db }) => db.query('truncate inbox, outbox, effect')))
})

const flip = (table: string, column: string): string =>
  `update ${table} set ${column} = set_byte(${column}, length(${column}) - 20, get_byte(${column}, length(${column}) - 20) # 1)`

test('neither side has the document or a signed byte in clear, in any row', async () => {
  await sender.enqueue(al.db, [message(), { ...message(), link: 'local', recipient: 'AL000101' }])
  while (await at.al.send());
  while (await at.xk.decide());
  for (const { db } of [al, xk]) {
    for (const table of ['inbox', 'outbox', 'journal']) {
      const rows = await db.query<{ row: string }>(`select t::text as row from ${table} t`)
      assert.ok(rows.length > 0 || (table === 'outbox' && db === xk.db))
      for (const trace of [secret, 'CD200C>', 'Envelope', 'multipart'])
        for (const { row } of rows) assert.ok(!row.includes(Buffer.from(trace).toString('hex')), `${trace} in ${table}`)
    }
  }
})

test('F49 a document that the disk has changed is not decided on: parked with its reason, and the next goes on', async () => {
  await sender.enqueue(al.db, [message(), message()])
  await at.al.send()
  await xk.db.query(flip('inbox', 'payload'))
  await at.al.send()
  while (await at.xk.decide());
  assert.equal(await count(xk.db, 'effect'), 1)
  const [parked] = await xk.db.query<{ reason: string }>("select reason from inbox where state = 'parked'")
  assert.match(parked?.reason ?? '', /exchange.sealed-otherwise/)
})

test('F49 a document of an older program that the disk has changed is noticed by its digest', async () => {
  await sender.enqueue(al.db, [message()])
  await at.al.send()
  await xk.db.query(`update inbox set payload = '<CD200C/>'`)
  while (await at.xk.decide());
  const [parked] = await xk.db.query<{ reason: string }>('select reason from inbox')
  assert.match(parked?.reason ?? '', /exchange.changed-document/)
})

test('F49 sent bytes that the disk has changed are sealed again from the document, under the same id', async () => {
  await sender.enqueue(al.db, [message()])
  insteadOnce = () => Promise.reject(new Error('no line'))
  await at.al.send()
  await al.db.query(flip('outbox', 'sealed'))
  await at.al.send()
  assert.equal(await count(al.db, "outbox where state = 'receipted' and tries = 2"), 1)
  assert.equal(await count(al.db, "journal where kind = 'message.resealed'"), 1)
  assert.equal(await count(xk.db, 'inbox'), 1)
})

test('F49 a document to send that the disk has changed never leaves: parked with its reason', async () => {
  await sender.enqueue(al.db, [message()])
  await al.db.query(flip('outbox', 'payload'))
  assert.equal(await at.al.send(), true)
  assert.equal(await count(al.db, "outbox where state = 'parked' and reason like 'exchange.sealed-otherwise%'"), 1)
  assert.equal(await count(xk.db, 'inbox'), 0)
})

test('what an older program stored in clear is sent and decided', async () => {
  const { payload, ...old } = message()
  await sender.enqueue(al.db, [{ ...old, payload }])
  await al.db.query('update outbox set payload = $1', [payload])
  assert.equal(await at.al.send(), true)
  await xk.db.query('update inbox set payload = $1', [payload])
  assert.equal(await at.xk.decide(), true)
  assert.equal(await count(xk.db, 'effect'), 1)
})

test('F49 a repeat gets the stored receipt, whatever the disk did to the document', async () => {
  await sender.enqueue(al.db, [message()])
  insteadOnce = async (...given) => {
    await deliver(...given)
    throw new Error('the answer was lost')
  }
  await at.al.send()
  await xk.db.query(flip('inbox', 'payload'))
  await at.al.send()
  const [held] = await xk.db.query<{ message_id: string; receipt: Buffer }>('select message_id, receipt from inbox')
  const [had] = await al.db.query<{ receipt: Buffer }>("select receipt from outbox where state = 'receipted'")
  const opened = (party: string, receipt: Buffer) => vaultOf(party).open('receipt', held!.message_id, receipt)
  assert.deepEqual(opened('NTA.AL', had!.receipt), opened('NTA.XK', held!.receipt))
})

test('F49 a stored receipt that the disk has changed is made anew for who asks for it again', async () => {
  await sender.enqueue(al.db, [message()])
  insteadOnce = async (...given) => {
    await deliver(...given)
    throw new Error('the receipt was lost')
  }
  await at.al.send()
  await xk.db.query(flip('inbox', 'receipt'))
  const renewed = "journal where kind = 'receipt.renewed'"
  const before = await count(xk.db, renewed)
  await at.al.send()
  assert.equal(await count(al.db, "outbox where state = 'receipted'"), 1)
  assert.equal(await count(xk.db, 'inbox'), 1)
  assert.equal(await count(xk.db, renewed), before + 1)
})

test('F57 with another data key nothing is started, and the backlog is as it was', async () => {
  const papers = await makePapers('NTA.AL')
  const options = optionsOf(papers, al.db, [partnerOf('NTA.AL', papers, 'unused:')])
  await sender.enqueue(al.db, [message(), message()])
  const wrong = createExchange({ ...options, dataKey: createSecretKey(randomBytes(32)) })
  await assert.rejects(wrong.start(recordEffect), { code: 'exchange.sealed-otherwise' })
  await assert.rejects(serverOf(wrong, papers, 0), { code: 'exchange.sealed-otherwise' })
  assert.equal(await count(al.db, "outbox where state = 'queued'"), 2)
  await al.db.query(`${flip('outbox', 'payload')} where id = (select max(id) from outbox)`)
  const running = await createExchange({ ...options, transport: deliver }).start(recordEffect)
  await running.stop()
})

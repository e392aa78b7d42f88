import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Database } from '@corridor/database'
import { type Exchange, type Handler, type MessageFilter, type MessageKey, normalised } from '../src/index.ts'
import { count, createExchange, makePapers, makeStore, optionsOf, partnerOf, document, until } from './nodes.ts'

let store: Awaited<ReturnType<typeof makeStore>>
let db: Database
let exchange: Exchange

before(async () => {
  store = await makeStore()
  db = store.db
  const [own, other] = [await makePapers('NTA.AL'), await makePapers('NTA.XK')]
  const options = optionsOf(own, db, [partnerOf('NTA.AL', other, 'https://localhost:1/as4')])
  // Each moment is another, so that the order of a list is known.
  let now = Date.parse('2026-11-24T10:00:00Z')
  exchange = createExchange({ ...options, clock: () => new Date((now += 1000)) })
})
after(() => store.drop())

const plate = (value: string): MessageKey => ({ kind: 'plate', value })
const mrn = (value: string): MessageKey => ({ kind: 'mrn', value })

async function names(filter: MessageFilter, limit = 50): Promise<string[]> {
  const { messages } = await exchange.repair.find(filter, { limit })
  return messages.map(({ messageId }) => messageId)
}

async function submit(messageId: string, more: object = {}): Promise<void> {
  await exchange.submit(db, {
    sender: 'ALT12345678901',
    recipient: 'NTA.AL',
    conversation: `c-${messageId}`,
    documentType: 'CC015C',
    link: 'api',
    messageId,
    payload: Buffer.from(`<CC015C>${messageId}</CC015C>`),
    ...more,
  })
}

async function decideAll(handler: Handler): Promise<void> {
  const { decide } = exchange.steps(handler)
  await until('everything is decided', async () => {
    await decide()
    return (await count(db, "inbox where state in ('received', 'waiting')")) === 0
  })
}

test('what people write in different ways is the same', () => {
  assert.equal(normalised(' aa 123-bb '), 'AA123BB')
  assert.equal(normalised('AA–123.BB'), normalised('aa123bb'))
  assert.equal(normalised('ＡＡ１２３'), 'AA123')
  assert.equal(normalised('- –'), '')
})

test('what came is found by what its handler reads in it, what is owed by what its writer says of it', async () => {
  await exchange.enqueue(db, [
    document('NTA.XK', { messageId: 'o1@al', keys: [mrn('26ALAL0001010000J5'), plate('AA 123-BB'), plate('aa123bb')] }),
    document('NTA.XK', { messageId: 'o2@al', documentType: 'CD006C', keys: [plate('TR9')] }),
  ])
  await submit('i1@al')
  await submit('i2@al', { sender: 'ALT2' })
  const keys: Record<string, MessageKey[]> = { 'i1@al': [plate('AA123BB'), { kind: 'seal', value: 'S-1' }] }
  await decideAll(async (_tx, message) => {
    message.keys?.push(...(keys[message.messageId] ?? []))
    return { done: true, conversation: '26ALAL0001010000J5' }
  })
  assert.deepEqual(await names({}), ['i2@al', 'i1@al', 'o2@al', 'o1@al'])
  assert.deepEqual(await names({ plate: 'aa.123.bb' }), ['i1@al', 'o1@al'])
  assert.deepEqual(await names({ container: 'AA123BB' }), [], 'of another kind')
  assert.deepEqual(await names({ seal: 's1', plate: 'AA123BB' }), ['i1@al'], 'all that is said must hold')
  assert.deepEqual(await names({ seal: 's1', plate: 'TR9' }), [])
  assert.deepEqual(await names({ mrn: '26al al0001010000j5' }), ['i2@al', 'i1@al', 'o1@al'], 'or its conversation')
  assert.deepEqual(await names({ partner: 'ALT2' }), ['i2@al'])
  assert.deepEqual(await names({ partner: 'NTA.XK', type: 'CD006C' }), ['o2@al'])
  assert.deepEqual(await names({ partner: 'NTA.XK', direction: 'in' }), [])
  assert.deepEqual(await names({ state: ['queued', 'parked'] }), ['o2@al', 'o1@al'])
  assert.deepEqual(await names({ state: ['done'], direction: 'out' }), [])
  assert.deepEqual(await names({ messageId: 'i' }), ['i2@al', 'i1@al'])
  for (const messageId of ['I1%', 'i_', '%', 'i1\\']) assert.deepEqual(await names({ messageId }), [], messageId)
  assert.deepEqual(await names({ type: 'CC015C' }), ['i2@al', 'i1@al'])
  assert.deepEqual(await names({ type: 'CC015C' }, 1), ['i2@al'], 'the newest of all who sent some')
  assert.deepEqual(await names({ partner: 'NTA.XK' }), ['o2@al', 'o1@al'])
  assert.deepEqual(await names({ type: 'CC999C' }), [])
  assert.deepEqual(await names({ q: 'tr 9' }), ['o2@al'])
  assert.deepEqual(await names({ q: 'o1@' }), ['o1@al'])
  assert.deepEqual(await names({ q: "'; drop table inbox; --" }), [])
  assert.equal(await count(db, 'message_key'), 5, 'the same value twice is one key')
})

test('the table of keys shows no value, and another data key finds nothing', async () => {
  const rows = await db.query<{ kind: string; value: string }>('select kind, value::text as value from message_key')
  assert.ok(rows.every(({ value }) => /^[0-9a-f]{8}-/.test(value)))
  const other = createExchange(optionsOf(await makePapers('NTA.MK'), db, []))
  assert.deepEqual((await other.repair.find({ plate: 'AA123BB' }, { limit: 5 })).messages, [])
})

test('what cannot be decided is found by what was read of it', async () => {
  await submit('poison@al')
  await decideAll(async (_tx, message) => {
    message.keys?.push(plate('POISON1'))
    throw new Error('a mistake of the program')
  })
  assert.deepEqual(await names({ plate: 'poison 1', state: ['parked'] }), ['poison@al'])
})

test('pages follow one another without a gap or a double, however many came at one moment', async () => {
  const at = new Date('2027-01-01T00:00:00Z')
  const frozen = createExchange({ ...optionsOf(await makePapers('NTA.AL'), db, []), clock: () => at })
  for (let n = 0; n < 7; n++) {
    const payload = Buffer.from(`<x>${n}</x>`)
    const common = { sender: 'S', recipient: 'R', conversation: 'one', documentType: 'X', payload }
    await frozen.submit(db, { ...common, link: 'api', messageId: `in${n}` })
    await frozen.enqueue(db, [{ ...common, link: 'mailbox', messageId: `out${n}` }])
  }
  const all = await names({ from: at })
  assert.equal(all.length, 14)
  const walked: string[] = []
  let after: Parameters<Exchange['repair']['find']>[1]['after']
  do {
    const { messages, next } = await exchange.repair.find({ from: at }, { limit: 3, after })
    walked.push(...messages.map(({ messageId }) => messageId))
    after = next
  } while (after !== undefined)
  assert.deepEqual(walked, all)
  assert.deepEqual(await names({ to: at, messageId: 'in' }), [])
  assert.deepEqual(await exchange.repair.count({ from: at }, 100), { count: 14, atLeast: false })
  assert.deepEqual(await exchange.repair.count({ from: at }, 10), { count: 10, atLeast: true })
})

test('a message with all that is kept of it; bytes that the disk has changed are told, and the rest is shown', async () => {
  const [{ id } = { id: '' }] = (await exchange.repair.find({ messageId: 'i1@al' }, { limit: 1 })).messages
  const found = await exchange.repair.detail(`in-${id}`)
  assert.equal(found?.message.messageId, 'i1@al')
  assert.deepEqual(found.bytes, { document: 22, raw: null, receipt: null })
  assert.deepEqual(
    found.journal.map(({ kind }) => kind),
    ['message.received'],
  )
  assert.ok(found.conversation.length >= 2)
  assert.equal((await exchange.repair.bytes(`in-${id}`, 'document'))?.body.toString(), '<CC015C>i1@al</CC015C>')
  await db.query('update inbox set payload = set_byte(payload, 20, 255 - get_byte(payload, 20)) where id = $1', [id])
  assert.deepEqual((await exchange.repair.detail(`in-${id}`))?.damaged, ['document'])
  await assert.rejects(exchange.repair.bytes(`in-${id}`, 'document'), /exchange.sealed-otherwise/)
  for (const name of ['in-0', 'in-999999', 'x-1', 'in-1; select', 'in-99999999999999999999'])
    assert.equal(await exchange.repair.detail(name), undefined, name)
})

/** A clock that was ahead and is set right: nothing that was written meanwhile may lie still until it is as late as it said. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Handler, Transport } from '../src/index.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  until,
  type Papers,
} from './nodes.ts'

const yearMs = 365 * 86_400_000
const right = Date.UTC(2026, 10, 24, 14)
let now = right
const clock = (): Date => new Date(now)

let al: Awaited<ReturnType<typeof makeStore>>
let papers: { al: Papers; xk: Papers }

before(async () => {
  al = await makeStore()
  papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK') }
})
after(() => al.drop())
beforeEach(async () => {
  now = right
  await al.db.query('truncate inbox, outbox, effect')
})

let posts = 0
const nobody: Transport = () => {
  posts++
  return Promise.reject(new Error('nobody is there'))
}
const process = (handler: Handler = async () => ({ done: true })) => {
  const partners = [partnerOf('NTA.AL', papers.xk, 'unused:')]
  const exchange = createExchange({ ...optionsOf(papers.al, al.db, partners), transport: nobody, clock })
  return { exchange, steps: exchange.steps(handler) }
}

for (const [ahead, ms] of [
  ['an hour', 3_600_000],
  ['a year', yearMs],
] as const) {
  test(`F37 a message that was tried by a clock ${ahead} ahead goes again when the clock is right`, async () => {
    now = right + ms
    const { exchange, steps } = process()
    await exchange.enqueue(al.db, [document('NTA.XK')])
    posts = 0
    assert.equal(await steps.send(), true)
    assert.equal(posts, 1)
    now = right
    assert.equal(await steps.send(), true, 'by the process that has seen the clock go back')
    assert.equal(posts, 2)
  })
}

test('F37 a new process takes up what a clock a year ahead has put off', async () => {
  now = right + yearMs
  const { exchange, steps } = process()
  await exchange.enqueue(al.db, [document('NTA.XK')])
  assert.equal(await steps.send(), true)
  now = right
  posts = 0
  assert.equal(await process().steps.send(), true)
  assert.equal(posts, 1)
})

test('F38 a message that is under way is not sent beside itself when the clock jumps ahead of its lease', async () => {
  const lines: { bytes: Uint8Array; drop: () => void }[] = []
  const transport: Transport = (_, { body }) =>
    new Promise((_resolve, reject) => lines.push({ bytes: body, drop: () => reject(new Error('no answer')) }))
  const partners = [partnerOf('NTA.AL', papers.xk, 'unused:')]
  const exchange = createExchange({ ...optionsOf(papers.al, al.db, partners), transport, clock })
  await exchange.enqueue(al.db, [document('NTA.XK')])
  const steps = exchange.steps(async () => ({ done: true }))
  const first = steps.send()
  await until('it is on the line', () => lines.length === 1)
  now += 3_600_000
  let looked = false
  void steps.send().then(() => (looked = true))
  await until('it was looked for', () => looked || lines.length > 1)
  assert.equal(lines.length, 1)
  lines[0]!.drop()
  await first
  now += 3_600_000
  const again = steps.send()
  await until('it goes again', () => lines.length === 2)
  assert.deepEqual(lines[1]!.bytes, lines[0]!.bytes)
  lines[1]!.drop()
  await again
})

test('F38 a lease that a dead process took with a clock ahead holds nobody back', async () => {
  now = right
  const { exchange } = process()
  await exchange.enqueue(al.db, [document('NTA.XK')])
  await al.db.query('update outbox set lease = gen_random_uuid(), leased_until = $1', [new Date(right + yearMs)])
  posts = 0
  assert.equal(await process().steps.send(), true)
  assert.equal(posts, 1)
  await al.db.query('update outbox set lease = gen_random_uuid(), leased_until = $1, due_at = $2', [
    new Date(right + 5_000),
    clock(),
  ])
  assert.equal(await process().steps.send(), false, 'one that is right is kept')
})

test('F37 a message that came early waits no longer than it would have with a clock that is right', async () => {
  now = right + yearMs
  let shown = 0
  const wait: Handler = async () => {
    shown++
    return { wait: { reason: 'too early' } }
  }
  const { exchange, steps } = process(wait)
  await exchange.submit(al.db, {
    sender: 'ALT1',
    messageId: 'early@trader.test',
    link: 'api',
    recipient: 'NTA.AL',
    conversation: 'LRN1',
    documentType: 'CC007C',
    payload: Buffer.from('<CC007C/>'),
  })
  assert.equal(await steps.decide(), true)
  now = right
  assert.equal(await process(wait).steps.decide(), true)
  assert.equal(shown, 2)
  assert.equal(await count(al.db, "inbox where state = 'waiting'"), 1)
})

test('F37 a clock that goes back while the database is away is not forgotten', async () => {
  now = right + 3_600_000
  let away = false
  const transaction: typeof al.db.transaction = (...given) =>
    away ? Promise.reject(new Error('the database is away')) : al.db.transaction(...given)
  const partners = [partnerOf('NTA.AL', papers.xk, 'unused:')]
  const options = { ...optionsOf(papers.al, { ...al.db, transaction }, partners), transport: nobody, clock }
  const exchange = createExchange(options)
  const steps = exchange.steps(async () => ({ done: true }))
  await exchange.enqueue(al.db, [document('NTA.XK')])
  assert.equal(await steps.send(), true)
  now = right
  away = true
  await assert.rejects(steps.send())
  away = false
  posts = 0
  assert.equal(await steps.send(), true)
  assert.equal(posts, 1)
})

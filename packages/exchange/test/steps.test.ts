import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Transport } from '../src/index.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  recordEffect,
  type Papers,
} from './nodes.ts'

let al: Awaited<ReturnType<typeof makeStore>>
let xk: Awaited<ReturnType<typeof makeStore>>
let papers: { al: Papers; xk: Papers }

before(async () => {
  ;[al, xk] = [await makeStore(), await makeStore()]
  papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK') }
})
after(() => Promise.all([al.drop(), xk.drop()]))

test('step by step: nothing moves but what is asked for', async () => {
  const receiver = createExchange(optionsOf(papers.xk, xk.db, [partnerOf('NTA.XK', papers.al, 'unused:')]))
  const transport: Transport = async (_, wire) => {
    const { status, wire: answer } = await receiver.receive(wire)
    return { status, headers: {}, wire: answer ?? { contentType: '', body: new Uint8Array() } }
  }
  const sender = createExchange({
    ...optionsOf(papers.al, al.db, [partnerOf('NTA.AL', papers.xk, 'unused:')]),
    transport,
  })
  const at = { al: sender.steps(recordEffect), xk: receiver.steps(recordEffect) }
  await sender.enqueue(al.db, [document('NTA.XK'), document('NTA.XK')])
  assert.equal(await at.xk.decide(), false)
  assert.equal(await at.al.send(), true)
  assert.equal(await count(al.db, "outbox where state = 'receipted'"), 1)
  assert.equal(await count(xk.db, "inbox where state = 'received'"), 1)
  assert.equal(await at.xk.decide(), true)
  assert.equal(await count(xk.db, 'effect'), 1)
  assert.equal(await at.al.send(), true)
  assert.equal(await at.al.send(), false)
  assert.equal(await at.xk.decide(), true)
  assert.equal(await at.xk.decide(), false)
  assert.equal(await count(xk.db, 'effect'), 2)
})

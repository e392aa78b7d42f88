import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import type { Wire } from '@corridor/as4'
import { BODY_LIMIT, HTTP_CASES, type HttpCase } from '../../as4/test/hostile/http-cases.ts'
import { exchange as talk, type Exchanged } from '../../as4/test/hostile/http-run.ts'
import type { As4Server } from '../src/index.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  seal,
  type Papers,
} from './nodes.ts'

// Bad HTTP over TLS against a node's door, by a partner whose certificate is good. Who has none, or another, or speaks
// TLS 1.1, is in door.test.ts.

let papers: Papers
let kosovo: Papers
let store: Awaited<ReturnType<typeof makeStore>>
let server: As4Server
let wire: Wire

before(async () => {
  papers = await makePapers('NTA.AL')
  kosovo = await makePapers('NTA.XK')
  store = await makeStore()
  const exchange = createExchange(optionsOf(kosovo, store.db, [partnerOf('NTA.XK', papers, '')]))
  server = await exchange.serve({
    host: '127.0.0.1',
    port: 0,
    certificate: kosovo.certificatePem,
    key: kosovo.privateKeyPem,
    bodyLimitBytes: BODY_LIMIT,
    headersTimeoutMs: 700,
    requestTimeoutMs: 1500,
  })
  wire = seal(document('NTA.XK'), partnerOf('NTA.AL', kosovo, ''), papers)
})

after(async () => {
  await server.close()
  await store.drop()
})

async function send(hostile: HttpCase): Promise<Exchanged> {
  const { certificatePem: cert, privateKeyPem: key } = papers
  const checkServerIdentity = () => undefined
  const socket = connect({ ...server.address, cert, key, ca: [kosovo.caPem], checkServerIdentity })
  await once(socket, 'secureConnect')
  return talk(socket, hostile, wire)
}

const good = HTTP_CASES.find(({ name }) => name === 'fields that say where it was sent to')!
const isSlow = ({ name }: HttpCase): boolean => name.startsWith('slow')

test('F31 while slow clients wait, a good message is answered', async () => {
  const slow = HTTP_CASES.filter(isSlow).map(async (each) => ({ each, got: await send(each) }))
  assert.deepEqual((await send(good)).answers, ['receipt'])
  for (const { each, got } of await Promise.all(slow)) {
    const expected = [each.expect].flat() as unknown[]
    for (const answer of got.answers) assert.ok(expected.includes(answer), `${each.name}: ${got.answers.join(', ')}`)
  }
})

for (const each of HTTP_CASES.filter((one) => !isSlow(one))) {
  test(`${each.name} → ${[each.expect].flat().join(' or ')}`, async () => {
    const { answers, text } = await send(each)
    const expected = [each.expect].flat() as unknown[]
    assert.ok(expected.includes(answers[0]), `${answers.join(', ')}\n${text.slice(0, 300)}`)
  })
}

test('after all that one message is kept, nothing is parked or waiting, and a good one gets its receipt again', async () => {
  assert.deepEqual((await send(good)).answers, ['receipt'])
  assert.equal(await count(store.db, 'inbox'), 1)
  assert.equal(await count(store.db, "inbox where state = 'received'"), 1)
  assert.equal(await count(store.db, 'outbox'), 0)
  // What was refused after it was read has a line each; what never became a message has none.
  const refused = HTTP_CASES.filter(({ expect }) => [expect].flat().some((one) => String(one).startsWith('EBMS')))
  assert.ok((await count(store.db, "journal where kind = 'message.refused'")) >= refused.length - 2)
})

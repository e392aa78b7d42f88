/** The operations desks find what the story exchanged by what its documents name, and see all of it: by the API and on the command line. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { StoryDriver } from '@corridor/cli/story'
import { issueToken, type MessageDetailView, type MessageView } from '@corridor/node'
import { corridor } from '../../../packages/cli/test/run.ts'
import { startForTest, type TestCorridor } from './running.ts'

let stage: TestCorridor
let mrn: string
let lrn: string
const tokens = new Map<string, string>()

before(async () => {
  stage = await startForTest()
  const driver = new StoryDriver(stage, () => undefined, 60_000, undefined)
  const progress = driver.newProgress()
  await driver.play(progress)
  assert.deepEqual((await driver.result(progress, [])).failures, [])
  const [row] = await stage.databases.get('al')!.query<{ mrn: string; lrn: string }>(`select mrn, lrn from movement`)
  mrn = row?.mrn ?? ''
  lrn = row?.lrn ?? ''
  for (const who of ['tirana-operations', 'prishtina-operations', 'durres-departure', 'adria-spedicion'])
    tokens.set(who, await issueToken(settingsOf(who), who, 'test'))
})
after(() => stage.end())

const settingsOf = (who: string) => stage.nodes.find(({ node }) => node.accounts.some(({ id }) => id === who))!.settings
const urlOf = (who: string): string => `http://127.0.0.1:${settingsOf(who).ports.api}`

async function get(who: string, path: string): Promise<Response> {
  return fetch(`${urlOf(who)}${path}`, {
    headers: { authorization: `Bearer ${tokens.get(who)}`, accept: 'application/json, */*' },
  })
}

async function found(who: string, query: Record<string, string>): Promise<MessageView[]> {
  const response = await get(who, `/exchange/messages?${new URLSearchParams(query).toString()}`)
  const body = (await response.json()) as { messages: MessageView[] }
  assert.equal(response.status, 200, JSON.stringify(body))
  return body.messages
}

const types = (messages: MessageView[]): string[] => messages.map(({ type }) => type).toSorted()

test('by MRN, LRN, plate, seal and container, at both sides', async () => {
  const all = types(await found('tirana-operations', { mrn: ` ${mrn.slice(0, 6).toLowerCase()} ${mrn.slice(6)}` }))
  for (const type of ['CC015C', 'CC029C', 'CD001C', 'CD050C', 'CD006C', 'CD018C', 'CC045C'])
    assert.ok(all.includes(type), type)
  assert.ok(types(await found('tirana-operations', { lrn })).includes('CC015C'))
  const { payload } = (await found('tirana-operations', { type: 'CC015C' }))[0]! as unknown as { payload?: unknown }
  assert.equal(payload, undefined, 'lists have no documents')
  const declared = await (
    await get(
      'tirana-operations',
      `/exchange/messages/${(await found('tirana-operations', { type: 'CC015C' }))[0]!.id}/document`,
    )
  ).text()
  const value = (group: string, element: string): string =>
    new RegExp(`<${group}>[^]*?<${element}>([^<]+)<`).exec(declared)?.[1] ?? assert.fail(`${group} ${element}`)
  const plate = value('DepartureTransportMeans', 'identificationNumber')
  const spaced = plate.split('').join(' ').toLowerCase()
  assert.ok(types(await found('tirana-operations', { plate: spaced, type: 'CC015C' })).length > 0)
  assert.ok(types(await found('prishtina-operations', { plate: spaced })).includes('CD001C'), 'also at the partner')
  assert.deepEqual(await found('tirana-operations', { plate: spaced, mrn: '26ALAL0001010000J5' }), [])
  assert.ok(!declared.includes('<accessCode>') || /<accessCode>\*{4}</.test(declared), 'no access code is shown')
})

test('one message: what its envelope, its receipt and the journal say, the exact bytes, its conversation', async () => {
  const [sent] = await found('tirana-operations', { mrn, type: 'CD001C', direction: 'out' })
  const detail = (await (await get('tirana-operations', `/exchange/messages/${sent?.id}`)).json()) as MessageDetailView
  assert.equal(detail.verdict.code, 'delivered')
  assert.deepEqual(detail.damaged, [])
  assert.equal(detail.envelope?.kind, 'user')
  assert.equal('header' in detail.envelope ? detail.envelope.header?.messageId : undefined, sent?.messageId)
  assert.equal(detail.receipt?.kind, 'receipt')
  assert.ok('signature' in detail.receipt && detail.receipt.signature?.verified === 'given')
  assert.deepEqual(
    detail.journal.map(({ kind }) => kind).filter((kind) => kind.startsWith('message')),
    ['message.queued', 'message.receipted'],
  )
  assert.ok(types(detail.messages).includes('CD006C'))
  const raw = await get('tirana-operations', `/exchange/messages/${sent?.id}/raw`)
  assert.match(raw.headers.get('original-content-type') ?? '', /^multipart\/related/)
  const bytes = Buffer.from(await raw.arrayBuffer())
  assert.equal(bytes.length, detail.bytes.raw)
  const [came] = await found('prishtina-operations', { messageId: sent?.messageId ?? '' })
  const there = Buffer.from(
    await (await get('prishtina-operations', `/exchange/messages/${came?.id}/raw`)).arrayBuffer(),
  )
  assert.ok(there.equals(bytes), 'both sides keep the same bytes')
  const document = Buffer.from(
    await (await get('prishtina-operations', `/exchange/messages/${came?.id}/document`)).arrayBuffer(),
  )
  assert.equal(createHash('sha256').update(document).digest('hex'), detail.documentDigest)
})

test('only the operations desk; what cannot be asked is refused with what to do', async () => {
  for (const who of ['durres-departure', 'adria-spedicion'])
    for (const path of [
      '/exchange/messages',
      '/exchange/messages/count',
      '/exchange/messages/in-1',
      '/exchange/messages/in-1/raw',
    ])
      assert.equal((await get(who, path)).status, 403, `${who} ${path}`)
  const wrong: [string, number, RegExp][] = [
    ['/exchange/messages?state=lost', 422, /Use one or some of: received/],
    ['/exchange/messages?direction=up', 422, /in or out/],
    ['/exchange/messages?from=yesterday', 422, /2026-11-24/],
    ['/exchange/messages?from=2026-13-45', 422, /2026-11-24/],
    ['/exchange/messages?ids=in-1,x', 422, /in-12,out-7/],
    ['/exchange/messages?colour=red', 400, /no such field/],
    ['/exchange/messages?limit=9999', 400, /limit/],
    ['/exchange/messages?cursor=abc', 400, /cursor/],
    ['/exchange/messages/in-x', 400, /id/],
    ['/exchange/messages/in-99999', 404, /Nothing/],
    ['/exchange/messages/in-99999/raw', 404, /Nothing/],
  ]
  for (const [path, status, text] of wrong) {
    const response = await get('tirana-operations', path)
    assert.equal(response.status, status, path)
    assert.match(await response.text(), text, path)
  }
})

test('the same on the command line, with the token of an account, and with wrong words', async () => {
  process.env['CORRIDOR_TOKEN'] = tokens.get('tirana-operations')
  const at = ['--url', urlOf('tirana-operations')]
  const listed = await corridor(['messages', 'list', '--mrn', mrn, '--type', 'CD001C', ...at])
  assert.equal(listed.code, 0, listed.err)
  assert.match(listed.out, /^out-\d+ .* CD001C .* receipted .* delivered\n$/)
  const id = listed.out.split(' ', 1)[0]!
  const shown = await corridor(['messages', 'show', id, ...at])
  assert.match(shown.out, /delivered: The partner’s signed receipt/)
  assert.match(shown.out, /message\.receipted/)
  assert.match((await corridor(['messages', 'document', id, ...at])).out, /<ncts:CD001C/)
  assert.match((await corridor(['messages', 'count', '--state', 'parked', ...at])).out, /^0\n$/)
  assert.match((await corridor(['messages', 'list', '--plate', 'nowhere', ...at])).out, /no such message/)
  const refused = await corridor(['messages', 'list', '--state', 'lost', ...at])
  assert.equal(refused.code, 1)
  assert.match(refused.err, /Refused \(422\).*\n {2}state “lost”: Use one or some of/)
  assert.equal((await corridor(['messages', 'show', '12', ...at])).code, 2)
  assert.equal((await corridor(['messages', 'lists'])).code, 2)
  assert.match((await corridor(['messages', 'list', '--node', 'al'])).err, /--as tirana-operations or --as tirana-duty/)
  assert.match((await corridor(['messages', 'list', '--url', 'http://127.0.0.1:1'])).err, /does not answer/)
  process.env['CORRIDOR_TOKEN'] = tokens.get('durres-departure')
  assert.match((await corridor(['messages', 'list', ...at])).err, /Refused \(403\)/)
})

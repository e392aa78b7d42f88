/** The operations desks find what the story exchanged by what its documents name, and see all of it: by the API and on the command line. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { StoryDriver } from '@corridor/cli/story'
import { type BatchView, type DryRunView, issueToken, type MessageDetailView, type MessageView } from '@corridor/node'
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
  for (const who of ['tirana-operations', 'tirana-duty', 'prishtina-operations', 'durres-departure', 'adria-spedicion'])
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
    ['/exchange/messages/in-x', 404, /Nothing/],
    ['/exchange/messages/in-99999', 404, /Nothing/],
    ['/exchange/messages/in-99999/raw', 404, /Nothing/],
  ]
  for (const [path, status, text] of wrong) {
    const response = await get('tirana-operations', path)
    assert.equal(response.status, status, path)
    assert.match(await response.text(), text, path)
  }
})

interface Answered<Body> {
  status: number
  body: Body & { detail?: string; errors?: { field: string }[] }
}

async function post<Body>(
  who: string,
  path: string,
  sent: object,
  key: string = randomUUID(),
): Promise<Answered<Body>> {
  const response = await fetch(`${urlOf(who)}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokens.get(who)}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(sent),
  })
  return { status: response.status, body: (await response.json()) as Answered<Body>['body'] }
}

const reason = 'the partner lost an hour of its database'

test('two people send a receipted message again: its partner knows it, and the journal of both sides says so', async () => {
  const filter = { mrn, type: 'CD001C', direction: 'out' }
  const [before] = await found('tirana-operations', filter)
  const dry = await post<DryRunView>('tirana-operations', '/exchange/batches/dry-run', { act: 'resend', filter })
  assert.deepEqual([dry.status, dry.body.count, dry.body.outcomes.map(({ outcome }) => outcome)], [200, 1, ['do']])
  const wish = { act: 'resend', filter, reason, digest: dry.body.digest }
  const key = randomUUID()
  const asked = await post<{ batch: BatchView }>('tirana-operations', '/exchange/batches', wish, key)
  assert.deepEqual([asked.status, asked.body.batch.state], [200, 'requested'])
  const again = await post<{ batch: BatchView }>('tirana-operations', '/exchange/batches', wish, key)
  assert.equal(again.body.batch.id, asked.body.batch.id, 'once for its key')
  const twice = await post('tirana-duty', '/exchange/batches', wish)
  assert.equal(twice.status, 409, 'the second person asks for the same')
  assert.match(twice.body.detail ?? '', /asked for already.*Batch: \d+/)
  const path = `/exchange/batches/${asked.body.batch.id}`
  for (const who of ['tirana-operations', 'durres-departure'])
    assert.equal((await post(who, `${path}/approval`, {})).status, 403, who)
  const approved = await post<{ batch: BatchView }>('tirana-duty', `${path}/approval`, {})
  assert.equal(approved.body.batch.decidedBy?.name, 'Anila Gjoka')
  assert.equal((await post('tirana-duty', `${path}/approval`, {})).status, 409, 'decided on already')
  const done = await until(async () => {
    const { batch } = (await (await get('tirana-operations', path)).json()) as { batch: BatchView }
    return batch.state === 'done' ? batch : undefined
  })
  assert.deepEqual([done.done, done.already, done.refused, done.filter['mrn']], [1, 0, 0, mrn])
  const sent = await until(async () => {
    const detail = (await (
      await get('tirana-operations', `/exchange/messages/${before?.id}`)
    ).json()) as MessageDetailView
    return detail.state === 'receipted' && detail.tries === 1 ? detail : undefined
  })
  assert.equal(sent.batches[0]?.outcome, 'done')
  assert.ok(sent.journal.some(({ kind, actor }) => kind === 'message.requeued' && actor === 'tirana-operations'))
  const [came] = await found('prishtina-operations', { messageId: sent.messageId })
  const there = (await (
    await get('prishtina-operations', `/exchange/messages/${came?.id}`)
  ).json()) as MessageDetailView
  assert.ok(there.journal.some(({ kind }) => kind === 'message.repeated'))
  assert.equal(there.verdict.code, 'decided', 'and took effect once')
})

test('what is not taken on is said field by field', async () => {
  const wrong: [string, object, number, RegExp][] = [
    ['/exchange/batches/dry-run', { act: 'explode', filter: {} }, 422, /act/],
    ['/exchange/batches/dry-run', { act: 'correct', filter: {} }, 422, /act/],
    ['/exchange/batches/dry-run', { act: 'park', filter: { state: 'lost' } }, 422, /state/],
    ['/exchange/batches/dry-run', { act: 'park', filter: { colour: 'red' } }, 422, /colour/],
    ['/exchange/batches', { act: 'park', filter: {}, reason, digest: 'x' }, 422, /digest/],
    ['/exchange/batches', { act: 'park', filter: {}, digest: '0'.repeat(64) }, 422, /reason/],
    ['/exchange/batches', { act: 'park', filter: {}, reason: ' ', digest: '0'.repeat(64) }, 422, /Say why/],
    ['/exchange/batches', { act: 'park', filter: {}, reason, digest: '0'.repeat(64) }, 409, /dry run/],
    ['/exchange/batches/999/approval', {}, 404, /Nothing/],
    ['/exchange/batches/999/refusal', { reason }, 404, /Nothing/],
    ['/exchange/messages/in-99999/corrections', { document: '<x/>', reason }, 404, /Nothing/],
    ['/exchange/messages/out-1/corrections', { document: '<x/>', reason }, 409, /message that came/],
    ['/exchange/messages/in-1/corrections', { document: '<x/>', reason }, 409, /parked/],
    ['/exchange/messages/in-99999/trial', {}, 404, /Nothing/],
  ]
  for (const [path, sent, status, text] of wrong) {
    const answer = await post('tirana-operations', path, sent)
    assert.deepEqual(
      [answer.status, text.test(JSON.stringify(answer.body))],
      [status, true],
      `${path} ${JSON.stringify(answer.body)}`,
    )
  }
  const everything = await post<DryRunView>('tirana-operations', '/exchange/batches/dry-run', {
    act: 'resend',
    filter: {},
  })
  assert.equal(everything.body.isEverything, true)
  const wish = { act: 'resend', filter: {}, reason, digest: everything.body.digest }
  const refused = await post('tirana-operations', '/exchange/batches', wish)
  assert.deepEqual([refused.status, refused.body.errors?.[0]?.field], [422, 'count'])
})

test('a poison message is parked, corrected on the command line, approved by a second person, and takes effect', async () => {
  const db = stage.databases.get('al')!
  const first = await found('tirana-operations', { type: 'CC015C', direction: 'in' })
  const declared = stage.vaults
    .get('al')!
    .open('payload', first.at(-1)!.messageId, await payloadOf('al', first.at(-1)!.messageId))
  const poison = declared.toString().replace(/<LRN>[^<]*</, '<LRN>POISON-1<')
  await db.query('alter table movement rename to movement_away')
  try {
    const response = await fetch(`${urlOf('adria-spedicion')}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.get('adria-spedicion')}`, 'content-type': 'application/xml' },
      body: poison,
    })
    assert.equal(response.status, 202)
    await until(async () => (await found('tirana-operations', { lrn: 'POISON-1', state: 'parked' }))[0])
  } finally {
    await db.query('alter table movement_away rename to movement')
  }
  const [parked] = await found('tirana-operations', { lrn: 'poison-1' })
  const id = parked?.id ?? ''
  assert.equal(parked?.verdict.code, 'handler-failed')
  const folder = mkdtempSync(join(tmpdir(), 'corridor-correction-'))
  const file = join(folder, 'corrected.xml')
  writeFileSync(file, poison.replace('<LRN>POISON-1<', '<LRN>MENDED-1<'))
  const as = (who: string): string[] => ['--url', urlOf(who)]
  const run = async (who: string, ...words: string[]) => {
    process.env['CORRIDOR_TOKEN'] = tokens.get(who)
    return corridor(['messages', ...words, ...as(who)])
  }
  const dry = await run('tirana-operations', 'batch', 'replay', '--ids', id)
  assert.match(dry.out, /^1 messages\. Nothing has been done\.\n1 +replay/)
  const trial = await run('tirana-operations', 'trial', id)
  assert.match(trial.out, /^It would be decided on\. Nothing of it was kept or sent\.\n {2}CC928C/)
  const asked = await run(
    'tirana-operations',
    'correct',
    id,
    '--document',
    file,
    '--reason',
    'the LRN was mistyped by the agent',
  )
  assert.match(asked.out, /^Batch (\d+) {2}correct {2}requested {2}1 messages/, asked.err)
  const batch = /^Batch (\d+)/.exec(asked.out)?.[1] ?? ''
  const correction = (await (await get('tirana-duty', `/exchange/messages/${id}/correction`)).json()) as {
    difference: { sign: string; text: string }[]
  }
  assert.deepEqual(
    correction.difference.map(({ sign, text }) => `${sign}${text}`),
    ['-<LRN>POISON-1</LRN>', '+<LRN>MENDED-1</LRN>'],
  )
  const own = await run('tirana-operations', 'approve', batch)
  assert.equal(own.code, 1)
  assert.match(own.err, /Refused \(403\): A second person approves this\.\nA second person approves: somebody else/)
  assert.match((await run('tirana-duty', 'approve', batch)).out, /approved {2}1 messages/)
  await until(async () => (await found('tirana-operations', { ids: id, state: 'done' }))[0])
  const result = await run('tirana-duty', 'result', batch)
  assert.match(
    result.out,
    /done {2}1 messages: 1 done, 0 need nothing, 0 refused\n.*asked for by Ilir Prifti.*approved by Anila Gjoka/,
  )
  const answers = await until(async () => {
    const all = types(await found('tirana-operations', { lrn: 'MENDED-1', direction: 'out' }))
    return all.includes('CC928C') ? all : undefined
  })
  assert.ok(!answers.includes('CC056C'), answers.join())
  assert.match((await run('tirana-duty', 'batches', '--state', 'done')).out, /correct {2}done/)
  const replayed = await run('tirana-operations', 'batch', 'replay', '--ids', id)
  assert.match(replayed.out, /never takes effect twice/)
  assert.equal((await run('tirana-operations', 'batch', 'mend')).code, 2)
  assert.equal((await run('tirana-operations', 'batch', 'park', '--reason', 'without a dry run')).code, 2)
  assert.equal((await run('tirana-operations', 'approve', 'x')).code, 2)
  rmSync(folder, { recursive: true })
})

async function payloadOf(node: string, messageId: string): Promise<Buffer> {
  const [row] = await stage.databases
    .get(node)!
    .query<{ payload: Buffer }>('select payload from inbox where message_id = $1', [messageId])
  return row?.payload ?? assert.fail(messageId)
}

/** Asks until it is so. */
async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (let turn = 0; turn < 600; turn++) {
    const there = await look()
    if (there !== undefined) return there
    await pause(100)
  }
  return assert.fail('in vain')
}

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

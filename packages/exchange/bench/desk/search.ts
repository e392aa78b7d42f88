// `npm run bench:desk -- --only search`: how long the operations desk waits for each way to search and for the page of a message, with a million
// messages. Prints one JSON object; progress goes to standard error.
// Options: --messages N (default 1000000), --looks N (each, default 200).
import { createSecretKey, randomBytes } from 'node:crypto'
import { cpus, loadavg } from 'node:os'
import { quantile, rounded } from '../../../as4/bench/plan.ts'
import { createExchange, type MessageFilter, type Transport } from '../../src/index.ts'
import { makeKeyDigest } from '../../src/repair/keys.ts'
import { document, makePapers, makeStore, openedRow, optionsOf, partnerOf, recordEffect } from '../../test/nodes.ts'
import { fill, type Sample, valueOf, wholeOneIn } from './fill.ts'

const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? usual : Number(process.argv[at + 1])
}
const messages = option('messages', 1_000_000)
const looks = option('looks', 200)

const papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK') }
const sample = await exchangedOnce()
const store = await makeStore(4)
const dataKey = createSecretKey(randomBytes(32))
const exchange = createExchange({
  ...optionsOf(papers.al, store.db, [partnerOf('NTA.AL', papers.xk, 'unused:')]),
  dataKey,
})
process.stderr.write(`filling with ${messages} messages\n`)
const began = performance.now()
const movements = await fill(store.db, makeKeyDigest(dataKey), messages, sample)
const [sizes] = await store.db.query<Record<string, number>>(
  `select (select count(*) from inbox) + (select count(*) from outbox) as messages, (select count(*) from message_key) as keys,
     pg_total_relation_size('message_key') / 1000000 as keys_mb, pg_database_size(current_database()) / 1000000 as database_mb`,
)
process.stderr.write(`filled in ${Math.round((performance.now() - began) / 1000)} s: ${JSON.stringify(sizes)}\n`)

const any = (): number => Math.floor(Math.random() * movements)
const day = (n: number): Date => new Date(Date.UTC(2026, 7, 1 + n))
const searches: Record<string, () => MessageFilter> = {
  everything: () => ({}),
  mrn: () => ({ mrn: valueOf.mrn(any()) }),
  lrn: () => ({ lrn: valueOf.lrn(any()) }),
  plate: () => ({ plate: valueOf.plate(any()) }),
  seal: () => ({ seal: valueOf.seal(any()) }),
  container: () => ({ container: valueOf.container(any()) }),
  'word of the search box': () => ({ q: valueOf.plate(any()) }),
  'nothing found': () => ({ plate: 'ZZ 9999 ZZ' }),
  'message id, beginning': () => ({ messageId: any().toString(16).padStart(5, '0') }),
  partner: () => ({ partner: 'NTA.ME' }),
  trader: () => ({ partner: `ALT${any() % 2000}` }),
  'document type': () => ({ type: 'CD018C' }),
  'document type that never came': () => ({ type: 'CC182C' }),
  'state parked': () => ({ state: ['parked'] }),
  'state waiting': () => ({ state: ['waiting'] }),
  'state queued, of which there is none': () => ({ state: ['queued'] }),
  'one day': () => ({ from: day(any() % 90), to: day((any() % 90) + 1) }),
  'a day before which there is nothing': () => ({ to: day(0) }),
  'partner, type and day': () => ({ partner: 'NTA.MK', type: 'CD001C', from: day(40), to: day(41) }),
  'partner and a type that it never sent': () => ({ partner: 'NTA.ME', type: 'CC015C' }),
  'partner and state': () => ({ partner: 'NTA.XK', state: ['parked'] }),
  'plate, type and state': () => ({ plate: valueOf.plate(any()), type: 'CD001C', state: ['receipted'] }),
}
const times: Record<string, { found: number; p50Ms: number; p95Ms: number; mostMs: number }> = {}
for (const [name, filter] of Object.entries(searches))
  times[name] = await timed(name, async () => (await exchange.repair.find(filter(), { limit: 50 })).messages.length)
times['page 400 of everything'] = await deepPage()
times['count of a partner'] = await timed(
  'count',
  async () => (await exchange.repair.count({ partner: 'NTA.XK' }, 10_000)).count,
)
times['page of a message, with raw bytes and document'] = await timed('page', messagePage)
await store.drop()

const worst = Math.max(...Object.values(times).map(({ p95Ms }) => p95Ms))
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.versions.node,
  load: loadavg().map((each) => rounded(each)),
}
process.stdout.write(
  `${JSON.stringify({ bench: 'search of the operations desk', ...sizes, looks, times, worstP95Ms: worst, machine }, null, 2)}\n`,
)
process.exit(worst < 300 ? 0 : 1)

/** One message, really exchanged between two nodes. */
async function exchangedOnce(): Promise<Sample> {
  const [al, xk] = [await makeStore(), await makeStore()]
  const receiver = createExchange(optionsOf(papers.xk, xk.db, [partnerOf('NTA.XK', papers.al, 'unused:')]))
  const transport: Transport = async (_, wire) => {
    const { status, wire: answer } = await receiver.receive(wire)
    return { status, headers: {}, wire: answer ?? { contentType: '', body: new Uint8Array() } }
  }
  const sender = createExchange({
    ...optionsOf(papers.al, al.db, [partnerOf('NTA.AL', papers.xk, 'unused:')]),
    transport,
  })
  await sender.enqueue(al.db, [document('NTA.XK')])
  await sender.steps(recordEffect).send()
  const [row = {}] = await al.db.query('select * from outbox')
  const { payload, sealed, receipt } = openedRow('NTA.AL', row)
  await Promise.all([al.drop(), xk.drop()])
  if (!payload || !sealed || !receipt) throw new Error('the sample was not exchanged')
  return {
    document: payload,
    wire: { contentType: String(row['sealed_content_type']), body: sealed },
    receipt: { contentType: String(row['receipt_content_type']), body: receipt },
  }
}

async function timed(name: string, look: () => Promise<number>): Promise<(typeof times)[string]> {
  const took: number[] = []
  let found = 0
  await look()
  for (let n = 0; n < looks; n++) {
    const from = performance.now()
    found += await look()
    took.push(performance.now() - from)
  }
  took.sort((a, b) => a - b)
  const result = {
    found: rounded(found / looks),
    p50Ms: rounded(quantile(took, 0.5), 2),
    p95Ms: rounded(quantile(took, 0.95), 2),
    mostMs: rounded(took.at(-1) ?? 0, 2),
  }
  process.stderr.write(`${name} ${JSON.stringify(result)}\n`)
  return result
}

async function deepPage(): Promise<(typeof times)[string]> {
  let after: Parameters<typeof exchange.repair.find>[1]['after']
  for (let page = 1; page < 400; page++) after = (await exchange.repair.find({}, { limit: 50, after })).next
  return timed('deep page', async () => (await exchange.repair.find({}, { limit: 50, after })).messages.length)
}

/** What the page of a message shows, of one whose bytes are real. @returns how many messages its conversation has */
async function messagePage(): Promise<number> {
  const mrn = valueOf.mrn(Math.floor(any() / wholeOneIn) * wholeOneIn)
  const { messages: listed } = await exchange.repair.find({ mrn, type: 'CD001C', direction: 'out' }, { limit: 1 })
  const name = `out-${listed[0]?.id ?? ''}`
  const page = await exchange.repair.detail(name)
  const [raw, shown] = await Promise.all([exchange.repair.bytes(name, 'raw'), exchange.repair.bytes(name, 'document')])
  if (
    raw?.body.length !== sample.wire.body.length ||
    shown?.body.length !== sample.document.length ||
    page === undefined
  )
    throw new Error('the page is not whole')
  return page.conversation.length
}

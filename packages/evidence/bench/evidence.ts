// Part `evidence` of `npm run bench:desk`: evidence of a movement of thirty messages, fifteen each way over AS4, of which one has an access
// code: read from the database, made and signed; then checked. The same when the node has made 9,900 seals since, a few hours of a busy one:
// they are all in it. Prints one JSON object; progress goes to standard error.
// Options: --runs N (default 50), --messages N (default 30), --seals N (default 19000).
import { checkEvidence } from '../src/index.ts'
import { lengthen } from '../test/chain.ts'
import { evidenceOf, exchanged } from '../test/movement.ts'
import { quantile, rounded } from '../../as4/bench/plan.ts'

const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? usual : Number(process.argv[at + 1])
}
const runs = option('runs', 50)
const messages = option('messages', 30)

const played = await exchanged(Math.ceil(messages / 2), 'as4')
process.stderr.write(`${messages} messages are exchanged\n`)
try {
  const short = await measured()
  await lengthen(played.al.store.db, option('seals', 9_900))
  const long = await measured()
  const slowest = Math.max(short.make.p95Ms, long.make.p95Ms)
  const limits = { limitMs: 1_000, within: slowest < 1_000 }
  process.stdout.write(`${JSON.stringify({ messages, runs, short, long, ...limits })}\n`)
} finally {
  await played.end()
}
process.exit(0)

async function measured() {
  const evidence = await evidenceOf(played.al)
  const { sound, found } = await checkEvidence(evidence)
  if (!sound) throw new Error(`it does not hold: ${JSON.stringify(found.filter(({ result }) => result === 'fails'))}`)
  const make = await timesOf(() => evidenceOf(played.al))
  return { bytes: evidence.length, make, check: await timesOf(() => checkEvidence(evidence)) }
}

async function timesOf(work: () => Promise<unknown>): Promise<{ p50Ms: number; p95Ms: number; mostMs: number }> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  return { p50Ms: rounded(quantile(times, 0.5)), p95Ms: rounded(quantile(times, 0.95)), mostMs: rounded(times.at(-1)!) }
}

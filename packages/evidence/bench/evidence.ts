// Part `evidence` of `npm run bench:desk`: evidence of a movement of thirty messages, fifteen each way over AS4, of which one has an access
// code: read from the database, made and signed; then checked. Prints one JSON object; progress goes to standard error.
// Options: --runs N (default 50), --messages N (default 30).
import { checkEvidence } from '../src/index.ts'
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
  const evidence = await evidenceOf(played.al)
  const report = await checkEvidence(evidence)
  if (!report.sound)
    throw new Error(
      `the evidence does not hold: ${JSON.stringify(report.found.filter(({ result }) => result === 'fails'))}`,
    )
  const make = await timesOf(() => evidenceOf(played.al))
  const check = await timesOf(() => checkEvidence(evidence))
  process.stdout.write(
    `${JSON.stringify({ messages: report.messages, bytes: evidence.length, runs, make, check, limitMs: 1_000, within: make.p95Ms < 1_000 })}\n`,
  )
} finally {
  await played.end()
}
process.exit(0)

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

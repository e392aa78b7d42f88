// `npm run bench:exchange`: durable, signed and encrypted messages between two nodes with a database each, every receipt committed and
// every message decided; beside it phase4, which stores nothing, where ../shared/peers/phase4 and Java are there.
// Prints one JSON object; progress goes to standard error.
// Options: --in-flight 1,8,32,128, --seconds N (each, default 8), --bytes N (default 10000), --processes N (per node, default 1),
// --backlog N (instead: so many are owed at once, and drain), --only ours (without phase4), --no-steps (without the table).
import { cpus, loadavg } from 'node:os'
import { measurePhase4, preparePhase4 } from '../../as4/bench/phase4.ts'
import { rounded } from '../../as4/bench/plan.ts'
import { drain } from './backlog.ts'
import { fly, type Flight } from './flight.ts'
import { makePair } from './pair.ts'
import { takeSteps } from './steps.ts'

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const levels = (option('in-flight') ?? '1,8,32,128').split(',').map(Number)
const seconds = Number(option('seconds') ?? 8)
const bytes = Number(option('bytes') ?? 10_000)
const processes = Number(option('processes') ?? 1)
const backlog = option('backlog')

const pair = await makePair(processes)
const result = backlog === undefined ? await rates() : { backlog: await drain(pair, Number(backlog), bytes) }
await pair.close()
const phase4 = backlog === undefined ? await compared() : 'not asked for'
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.versions.node,
  load: loadavg().map((each) => rounded(each)),
}
const bench = 'durable signed and encrypted push between two nodes, receipted and decided'
process.stdout.write(`${JSON.stringify({ bench, bytes, processes, ...result, phase4, machine }, null, 2)}\n`)
const failed = 'backlog' in result && (result.backlog.lost > 0 || result.backlog.outOfOrder.decided > 0)
process.exit(failed ? 1 : 0)

async function rates() {
  await pair.start()
  await fly(pair, 32, bytes, seconds)
  const ours: Flight[] = []
  for (const inFlight of levels) {
    const flight = await fly(pair, inFlight, bytes, seconds)
    process.stderr.write(`ours ${JSON.stringify(flight)}\n`)
    ours.push(flight)
  }
  const steps = process.argv.includes('--no-steps') ? undefined : await takeSteps(pair, 32, bytes, seconds)
  return { ours, steps }
}

/** The same messages between two phase4 processes; or why not. */
async function compared() {
  const missing = option('only') === 'ours' ? 'not asked for' : preparePhase4()
  if (missing !== undefined) return missing
  const rows = await measurePhase4({ mode: 'sign+encrypt', bytes }, { inFlight: levels, seconds, warmUp: 1_500 })
  return rows.map(({ inFlight, messagesPerSecond, p50Ms, p99Ms, senderCpuMs, receiverCpuMs }) => {
    const cpuMsPerMessage = rounded(senderCpuMs + receiverCpuMs, 2)
    return { inFlight, messagesPerSecond, sentToReceiptMs: { p50: p50Ms, p99: p99Ms }, cpuMsPerMessage }
  })
}

// `npm run bench:links`: what each kind of link carries between two nodes with a database each, every message decided and its receipt
// committed; then a real hub with simulated members, more and more of them at the same load. Prints one JSON object; progress goes to
// standard error.
// Options: --kinds as4,pull,tunnel,border-database,cloud,hub, --in-flight 1,8,32, --seconds N (each, default 8), --bytes N (default 10000),
// --members 5,20,50 (none: 0), --rate N (messages a second of all members together, default 10).
import { cpus, loadavg } from 'node:os'
import { rounded } from '../../as4/bench/plan.ts'
import { type Flight, fly } from '../../exchange/bench/flight.ts'
import { makePair } from '../../exchange/bench/pair.ts'
import { type Crowd, crowd } from './crowd.ts'
import { KINDS } from './kinds.ts'

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const numbers = (text: string): number[] => text.split(',').map(Number)
const kinds = (option('kinds') ?? Object.keys(KINDS).join(',')).split(',')
const levels = numbers(option('in-flight') ?? '1,8,32')
const seconds = Number(option('seconds') ?? 8)
const bytes = Number(option('bytes') ?? 10_000)
const sizes = numbers(option('members') ?? '5,20,50').filter((size) => size > 1)
const rate = Number(option('rate') ?? 10)
const unknown = kinds.filter((kind) => !(kind in KINDS))
if (unknown.length > 0)
  throw new Error(`no kind of link: ${unknown.join(', ')}; there are ${Object.keys(KINDS).join(', ')}`)

const links: ({ kind: string } & (Flight | { leftOut: string }))[] = []
for (const kind of kinds) {
  const { make, whyNot } = KINDS[kind]!
  const leftOut = whyNot?.()
  if (leftOut !== undefined) {
    show(links, { kind, leftOut })
    continue
  }
  const pair = await makePair(1, make)
  await pair.start()
  await fly(pair, 8, bytes, Math.min(seconds, 4))
  for (const inFlight of levels) show(links, { kind, ...(await fly(pair, inFlight, bytes, seconds)) })
  await pair.close()
}
const crowds: (Crowd & { timesTheFirst: number | null })[] = []
for (const size of sizes) {
  const row = await crowd(size, rate, bytes, seconds * 2)
  const [own, first] = [row.cpuMsPerMessage.all, crowds[0]?.cpuMsPerMessage.all ?? row.cpuMsPerMessage.all]
  show(crowds, { ...row, timesTheFirst: own === null || first === null ? null : rounded(own / first, 2) })
}
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.versions.node,
  load: loadavg().map((each) => rounded(each)),
}
const bench = 'links of each kind between two nodes; a hub with members'
process.stdout.write(`${JSON.stringify({ bench, bytes, links, hub: { rate, crowds }, machine }, null, 2)}\n`)
process.exit(0)

function show<Row>(rows: Row[], row: Row): void {
  rows.push(row)
  process.stderr.write(`${JSON.stringify(row)}\n`)
}

// `npm run bench:as4`: this library and, when ../shared/peers/phase4 and Java are there, phase4, on the same machine in
// the same run: signed receipts included, 10 kB and 1 MB, signed and signed and encrypted, 1, 8 and 32 in flight.
// Prints one JSON object; progress goes to standard error.
// Options: --seconds N (per row, default 6), --warm N (messages, default 1500), --only ours|phase4, --mode sign|sign+encrypt,
// --bytes 10000|1000000.
import { cpus, loadavg } from 'node:os'
import { measureOurs } from './ours.ts'
import { measurePhase4, preparePhase4 } from './phase4.ts'
import { type Measured, type Plan, rounded, type Setting } from './plan.ts'

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const seconds = Number(option('seconds') ?? 6)
const warmUp = Number(option('warm') ?? 1500)
const only = option('only')
const all: Setting[] = (['sign+encrypt', 'sign'] as const).flatMap((mode) =>
  [10_000, 1_000_000].map((bytes) => ({ mode, bytes })),
)
const wanted = (name: string, value: unknown): boolean => (option(name) ?? String(value)) === String(value)
const settings = all.filter(({ mode, bytes }) => wanted('mode', mode) && wanted('bytes', bytes))

const missing = only === 'ours' ? 'not asked for' : preparePhase4()
const ours: Measured[] = []
const phase4: Measured[] = []
for (const setting of settings) {
  // A large message warms up as much as many small ones, and takes longer.
  const plan: Plan = { inFlight: [1, 8, 32], seconds, warmUp: setting.bytes > 100_000 ? Math.ceil(warmUp / 5) : warmUp }
  if (only !== 'phase4') show('ours', ours, await measureOurs(setting, plan))
  if (missing === undefined) show('phase4', phase4, await measurePhase4(setting, plan))
}

const cpuOf = (row: Measured): number => row.senderCpuMs + row.receiverCpuMs
const comparison = ours.flatMap((row) => {
  const theirs = phase4.find(
    ({ mode, bytes, inFlight }) => mode === row.mode && bytes === row.bytes && inFlight === row.inFlight,
  )
  if (!theirs) return []
  const [cpuMs, phase4CpuMs] = [cpuOf(row), cpuOf(theirs)].map((ms) => rounded(ms, 2))
  const { mode, bytes, inFlight } = row
  return [
    {
      mode,
      bytes,
      inFlight,
      cpuMs,
      phase4CpuMs,
      share: rounded(cpuOf(row) / cpuOf(theirs), 3),
      timesFaster: rounded(row.messagesPerSecond / theirs.messagesPerSecond),
    },
  ]
})
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.versions.node,
  load: loadavg().map((each) => rounded(each)),
}
process.stdout.write(
  `${JSON.stringify({ bench: 'AS4 messages with signed receipts, over plain HTTP on the loopback', ours, phase4: missing ?? phase4, comparison, machine }, null, 2)}\n`,
)
process.exitCode = [...ours, ...phase4].some(({ failed }) => failed > 0) ? 1 : 0

function show(who: string, rows: Measured[], measured: readonly Measured[]): void {
  rows.push(...measured)
  for (const row of measured) process.stderr.write(`${who} ${JSON.stringify(row)}\n`)
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Measured, payloadOf, type Plan, type Setting } from './plan.ts'

// The phase4 peer (Java) lies beside the checkout, read-only: it is built in a copy, once for each version of it.

const shared = new URL('../../../../shared/', import.meta.url)
const source = fileURLToPath(new URL('peers/phase4/', shared))
const keys = fileURLToPath(new URL('as4/keys/', shared))
const copy = join(tmpdir(), 'corridor-phase4-peer')
// It writes two warnings for each message unless told otherwise, which would be measured too.
const quiet = join(copy, 'logging.properties')

/** Builds the peer. Returns why it cannot be had, else nothing. */
export function preparePhase4(): string | undefined {
  if (!existsSync(source)) return 'needs ../shared/peers/phase4'
  for (const command of ['java', 'mvn']) {
    if (spawnSync(command, ['-version']).status !== 0) return `needs ${command}`
  }
  if (existsSync(join(copy, 'built'))) return undefined
  mkdirSync(copy, { recursive: true })
  cpSync(source, copy, { recursive: true, mode: 0 })
  spawnSync('chmod', ['-R', 'u+w', copy])
  const goals = ['-q', '-B', 'package', 'dependency:copy-dependencies', '-DoutputDirectory=lib']
  const { status, stderr, stdout } = spawnSync('mvn', goals, { cwd: copy, encoding: 'utf8' })
  if (status !== 0) return `mvn failed: ${(stderr || stdout).trim().split('\n').at(-1) ?? ''}`
  writeFileSync(join(copy, 'built'), '')
  return undefined
}

/** One line of the peer's own load generator. */
interface Line {
  warmup: boolean
  c: number
  n: number
  bad: number
  msgs_s: number
  p50ms: number
  p99ms: number
  senderCpuMs: number
  receiverCpuMs: number
  senderRssPeakMB: number
}

/** Measures phase4 against itself in the same way; {@link preparePhase4} must have said nothing. */
export async function measurePhase4(setting: Setting, plan: Plan): Promise<Measured[]> {
  const file = join(copy, `payload-${setting.bytes}.xml`)
  writeFileSync(file, payloadOf(setting.bytes))
  writeFileSync(quiet, '.level=OFF\n')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/as4`
  const common = ['--encrypt', String(setting.mode === 'sign+encrypt')]
  // Without a directory it stores nothing, as ours does not.
  const receiver = java('b', ['receiver', '--port', String(port), ...common])
  try {
    await lineOf(receiver, (line) => line.startsWith('READY'))
    const counts = ['--cs', plan.inFlight.join(','), '--warm', String(plan.warmUp), '--max-sec', String(plan.seconds)]
    const sender = java('a', ['bench', url, file, ...counts, ...common], 'b')
    const rows: Measured[] = []
    for await (const text of createInterface(sender.stdout!)) {
      if (!text.startsWith('{')) continue
      const line = JSON.parse(text) as Line
      if (line.warmup) continue
      rows.push({
        ...setting,
        inFlight: line.c,
        messages: line.n,
        failed: line.bad,
        messagesPerSecond: line.msgs_s,
        p50Ms: line.p50ms,
        p99Ms: line.p99ms,
        senderCpuMs: line.senderCpuMs,
        receiverCpuMs: line.receiverCpuMs,
        senderPeakRssMb: line.senderRssPeakMB,
        receiverPeakRssMb: peakRssMb(receiver.pid!),
      })
    }
    return rows
  } finally {
    receiver.kill()
  }
}

function java(party: 'a' | 'b', args: readonly string[], recipient?: string): ChildProcess {
  const own = ['--profile', 'edelivery1', '--keystore', `${keys}${party}.p12`, '--truststore', `${keys}trust.p12`]
  const aliases = ['--sign-alias', `${party}_rsa`, '--crypt-alias', `${party}_rsa`]
  const to = recipient === undefined ? [] : ['--recipient-cert', `${keys}${recipient}_rsa.pem`]
  // env.sh of the peer knows how Java is to be called.
  const command = 'PEER_DIR=.; source ./env.sh; exec $JAVA "$@"'
  const all = [...args, ...own, ...aliases, ...to]
  return spawn('bash', ['-c', command, 'bash', ...all], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, KEYS: keys, LOG: 'error', JVM: `-Xmx1g -Djava.util.logging.config.file=${quiet}` },
  })
}

async function lineOf(child: ChildProcess, wanted: (line: string) => boolean): Promise<void> {
  const lines = createInterface(child.stdout!)
  for await (const line of lines) if (wanted(line)) return
  throw new Error('the phase4 peer ended before it was ready')
}

function peakRssMb(pid: number): number {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(found?.[1] ?? Number.NaN) / 1024)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

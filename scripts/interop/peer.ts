import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url))
const peerSource = join(shared, 'peers/phase4')
const desk = fileURLToPath(new URL('Desk.java', import.meta.url))

/** Keys and messages that phase4 was frozen with. */
export const AS4_FACTS = join(shared, 'as4')

/** Where the compiled peer lies, or why there is none. */
export type Built = { ok: true; classPath: string } | { ok: false; reason: string }

/** Why interoperability cannot be tried on this machine; undefined when it can. */
export function missing(): string | undefined {
  if (!existsSync(peerSource) || !existsSync(AS4_FACTS)) return 'needs ../shared (the phase4 peer and its keys)'
  for (const [program, ...version] of [
    ['java', '-version'],
    ['mvn', '-version'],
    ['openssl', 'version'],
  ] as const) {
    if (spawnSync(program, version, { stdio: 'ignore' }).status !== 0) return `needs ${program} on the path`
  }
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr
  const major = Number(/version "(\d+)/.exec(java)?.[1])
  return major >= 17 ? undefined : `needs Java 17 or newer, not ${major}`
}

/**
 * Compiles the peer, with our Desk beside it, in a folder of the system's temporary one that is found again by the
 * digest of all sources. Takes some seconds and needs Maven's repository the first time.
 */
export function build(): Built {
  const reason = missing()
  if (reason !== undefined) return { ok: false, reason }
  const home = join(tmpdir(), `corridor-phase4-${digestOfSources()}`)
  const classPath = [join(home, 'target/as4-peer.jar'), join(home, 'lib/*')].join(delimiter)
  if (existsSync(join(home, 'target/as4-peer.jar'))) return { ok: true, classPath }
  // Built aside and moved when whole, so that a run that is stopped leaves nothing that looks finished.
  const half = `${home}.${process.pid}`
  cpSync(peerSource, half, { recursive: true })
  cpSync(desk, join(half, 'src/main/java/peer/Desk.java'))
  const goals = ['-q', '-B', 'package', 'dependency:copy-dependencies', '-DoutputDirectory=lib']
  const { status, stdout, stderr } = spawnSync('mvn', goals, { cwd: half, encoding: 'utf8' })
  if (status !== 0) {
    rmSync(half, { recursive: true, force: true })
    const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('ERROR'))
    return { ok: false, reason: `Maven could not build the peer: ${said.slice(0, 3).join(' ').slice(0, 500)}` }
  }
  try {
    renameSync(half, home)
  } catch (error) {
    // Another run was faster; its result is as good.
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(join(home, 'target/as4-peer.jar'))) throw error
  }
  return { ok: true, classPath }
}

function digestOfSources(): string {
  const hash = createHash('sha256')
  const files = readdirSync(join(peerSource, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of [join(peerSource, 'pom.xml'), desk, ...files]) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

/** One line of an answer: its first field and the others. */
export type Line = [word: string, ...fields: string[]]

/** A JVM with the peer, which does one thing after another. */
export interface Jvm {
  /** Does one command of Desk.java and resolves with its lines; rejects when the JVM ends. */
  ask(command: string, ...fields: string[]): Promise<Line[]>
  stop(): Promise<void>
}

/** Starts the peer. What it logs goes to `log`. */
export function startJvm(classPath: string, log: (line: string) => void): Jvm {
  const settings = [
    '-Xmx512m',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
    '-Dphase4.manager.inmemory=true',
    '-Dglobal.debug=false',
    '-Dglobal.production=true',
    '-Dglobal.nostartupinfo=true',
    '-Dorg.eclipse.jetty.LEVEL=WARN',
  ]
  const home = join(tmpdir(), `corridor-phase4-run-${process.pid}`)
  mkdirSync(home, { recursive: true })
  const child: ChildProcess = spawn('java', [...settings, '-cp', classPath, 'peer.Desk'], {
    cwd: home,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  createInterface({ input: child.stderr! }).on('line', log)
  let lines: Line[] = []
  let waiting: { resolve: (lines: Line[]) => void; reject: (error: Error) => void } | undefined
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line !== 'DONE') {
      lines.push(line.split('\t') as Line)
      return
    }
    waiting?.resolve(lines)
    waiting = undefined
    lines = []
  })
  const ended = new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      waiting?.reject(new Error(`the JVM ended with ${code}`))
      resolve()
    })
  })
  return {
    ask: (...words) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null) return reject(new Error('the JVM is gone'))
        waiting = { resolve, reject }
        child.stdin!.write(`${words.join('\t')}\n`)
      }),
    async stop() {
      child.stdin!.end()
      const late = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(late)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

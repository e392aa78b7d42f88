import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A program that runs in a network namespace. */
export interface Program {
  /** The next line that it says, as JSON. Rejects when it ends, with what it wrote to standard error. */
  next(): Promise<Record<string, unknown>>
  say(line: object): void
  /** Ends its input, by which it ends itself, and waits. */
  end(): Promise<void>
}

/** Network namespaces of one test by names of its own. */
export interface Namespaces<Place extends string> {
  /** Runs `ip` with the words of a line, in one of them; answers what it says. */
  ip(place: Place, line: string): string
  /** A cable between two of them: the name of its end in each, with address and length of the prefix. */
  cable(ends: readonly [CableEnd<Place>, CableEnd<Place>]): void
  /** Runs a program to its end; answers exit code and output. */
  run(place: Place, command: string, ...args: string[]): { status: number | null; output: string }
  start(place: Place, script: URL, given: object): Program
  /** The words that run what follows them in one of them, after `ip`. */
  inside(place: Place): string[]
  /** The processes that run in one of them. */
  pids(place: Place): string[]
  /** Ends what still runs in them, and takes them away. */
  remove(): void
}

/** One end of a cable. */
export interface CableEnd<Place extends string> {
  place: Place
  name: string
  address: string
}

/** Why there can be no namespaces here; undefined when there can. */
export function whyNoNamespaces(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need Linux and root'
  const name = `corridor-${process.pid}-try`
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  if (made.status !== 0) return `no network namespaces here: ${made.stderr ?? made.error?.message}`
  const cable = spawnSync('ip', ['-n', name, 'link', 'add', 'x', 'type', 'veth', 'peer', 'name', 'y'], {
    encoding: 'utf8',
  })
  spawnSync('ip', ['netns', 'del', name])
  return cable.status === 0 ? undefined : `no cables between namespaces here: ${cable.stderr}`
}

/** Makes namespaces that have nothing but their loopback interface. */
export function makeNamespaces<Place extends string>(places: readonly Place[]): Namespaces<Place> {
  sweep()
  const nameOf = (place: Place): string => `corridor-${process.pid}-${place}`
  const words = (line: string): string =>
    execFileSync('ip', line.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const ip = (place: Place, line: string): string => words(`-n ${nameOf(place)} ${line}`)
  const remove = (): void => {
    for (const place of places) removeNamespace(nameOf(place))
  }
  try {
    for (const place of places) {
      words(`netns add ${nameOf(place)}`)
      ip(place, 'link set lo up')
    }
  } catch (error) {
    remove()
    throw error
  }
  const inside = (place: Place): string[] => ['netns', 'exec', nameOf(place)]
  return {
    ip,
    cable([one, other]) {
      ip(one.place, `link add ${one.name} type veth peer name ${other.name} netns ${nameOf(other.place)}`)
      for (const { place, name, address } of [one, other]) {
        ip(place, `addr add ${address} dev ${name}`)
        ip(place, `link set ${name} up`)
      }
    },
    run(place, command, ...args) {
      const { status, stdout, stderr } = spawnSync('ip', [...inside(place), command, ...args], {
        encoding: 'utf8',
        timeout: 60_000,
      })
      return { status, output: `${stdout}${stderr}` }
    },
    inside,
    pids: (place) => pidsIn(nameOf(place)),
    start: (place, script, given) => startIn([...inside(place), process.execPath, script.pathname], given),
    remove,
  }
}

function pidsIn(name: string): string[] {
  const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
  return stdout.match(/\d+/g) ?? []
}

/** What runs in a namespace keeps it alive after its name is gone. */
function removeNamespace(name: string): void {
  for (const pid of pidsIn(name)) spawnSync('kill', ['-9', pid], { stdio: 'ignore' })
  spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
}

/** A killed test could not clean up; the next one does. */
function sweep(): void {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' })
  for (const [name, pid] of stdout.matchAll(/^corridor-(\d+)-[a-z]+\b/gm))
    if (!existsSync(`/proc/${pid}`)) removeNamespace(name)
}

/** The first line of its input is what it is given; each line that it writes is an answer. */
function startIn(args: string[], given: object): Program {
  const env = { ...process.env }
  // Each place has a database server of its own: that of the other tests cannot be reached from there.
  delete env['CORRIDOR_TEST_POSTGRES']
  const child = spawn('ip', args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const say = (line: object): void => void child.stdin.write(`${JSON.stringify(line)}\n`)
  child.stdin.on('error', () => {})
  say(given)
  return {
    async next() {
      const { done, value } = await lines.next()
      if (done) throw new Error(`it ended: ${errors}`)
      return JSON.parse(value) as Record<string, unknown>
    },
    say,
    async end() {
      child.stdin.end()
      await ended
    },
  }
}

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** The three places of this network. */
export type Place = 'a' | 'b' | 'border'

/** Addresses: each side has a cable of its own to the border, and none to the other. */
export const addresses = {
  a: '10.213.1.2',
  b: '10.213.2.2',
  borderForA: '10.213.1.1',
  borderForB: '10.213.2.1',
} as const

/** A program that runs in one of the places. */
export interface Program {
  /** The next line that it says, as JSON. Rejects when it ends, with what it wrote to standard error. */
  next(): Promise<Record<string, unknown>>
  say(line: object): void
  /** Ends its input, by which it ends itself, and waits. */
  end(): Promise<void>
}

/** Three network namespaces: A and B each have a cable to the border, which forwards nothing. */
export interface Network {
  /** Runs a program to its end; answers exit code and output. */
  run(place: Place, command: string, ...args: string[]): { status: number | null; output: string }
  start(place: Place, script: URL, given: object): Program
  remove(): void
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

/** Makes the three places and the two cables. */
export function makeNetwork(): Network {
  sweep()
  const nameOf = (place: Place): string => `corridor-${process.pid}-${place}`
  const places: Place[] = ['a', 'b', 'border']
  const ip = (line: string): string => execFileSync('ip', line.split(' '), { encoding: 'utf8', stdio: 'pipe' })
  const remove = (): void => {
    for (const place of places) spawnSync('ip', ['netns', 'del', nameOf(place)], { stdio: 'ignore' })
  }
  try {
    for (const place of places) {
      ip(`netns add ${nameOf(place)}`)
      ip(`-n ${nameOf(place)} link set lo up`)
    }
    const border = nameOf('border')
    for (const [place, own, theirs] of [
      ['a', addresses.a, addresses.borderForA],
      ['b', addresses.b, addresses.borderForB],
    ] as const) {
      ip(`-n ${border} link add to-${place} type veth peer name to-border netns ${nameOf(place)}`)
      ip(`-n ${border} addr add ${theirs}/30 dev to-${place}`)
      ip(`-n ${border} link set to-${place} up`)
      ip(`-n ${nameOf(place)} addr add ${own}/30 dev to-border`)
      ip(`-n ${nameOf(place)} link set to-border up`)
    }
  } catch (error) {
    remove()
    throw error
  }
  const inside = (place: Place): string[] => ['netns', 'exec', nameOf(place)]
  return {
    run(place, command, ...args) {
      const { status, stdout, stderr } = spawnSync('ip', [...inside(place), command, ...args], {
        encoding: 'utf8',
        timeout: 60_000,
      })
      return { status, output: `${stdout}${stderr}` }
    },
    start: (place, script, given) => startIn([...inside(place), process.execPath, script.pathname], given),
    remove,
  }
}

/** A killed test could not clean up; the next one does. */
function sweep(): void {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' })
  for (const [name, pid] of stdout.matchAll(/^corridor-(\d+)-(?:a|b|border|try)\b/gm))
    if (!existsSync(`/proc/${pid}`)) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
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

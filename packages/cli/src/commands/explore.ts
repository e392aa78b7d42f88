import { randomInt } from 'node:crypto'
import {
  type Explored,
  explore,
  type Found,
  loadExplored,
  loadPaths,
  Pairs,
  type Path,
  Walks,
  type Wrong,
} from '@corridor/explorer'
import { readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { progressOf } from '../documents/progress.ts'
import { print } from '../print.ts'

/** Nothing is said of a path that is done sooner than this. */
const patienceMs = 2000

/**
 * `corridor explore [PATH…] [--depth N] [--states N] [--list] [--json]`: the states that the offices of one movement reach together, counted,
 * each looked at. Exit code 0 only when nothing was found.
 */
export async function exploreCommand(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['depth', 'states', 'random', 'seed'],
    flags: ['list', 'json'],
    words: Infinity,
  })
  const number = (name: string): number | undefined => {
    const text = options.get(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} takes a whole number, not “${text}”.`)
    return value
  }
  const random = number('random')
  if (random !== undefined) return randomWays(random, number('seed') ?? randomInt(1, mostSeed), flags.has('json'))
  const compiled = loadExplored()
  const all = loadPaths(compiled.law)
  const paths = words.length === 0 ? all : words.map((word) => named(all, word))
  if (flags.has('list')) {
    await print(flags.has('json') ? `${JSON.stringify(paths.map(inShort))}\n` : listOf(paths))
    return 0
  }
  const pairs = new Pairs(compiled.law)
  const limits = { depth: number('depth'), states: number('states'), clock: () => performance.now() }
  const done: Explored[] = []
  if (!flags.has('json')) await print(row(['path', 'states', 'settled', 'ended', 'steps', 'depth', 'seconds', '']))
  for (const path of paths) {
    const explored = explore(compiled, pairs, path, { ...limits, onStates: statesOf(path.path) })
    done.push(explored)
    if (!flags.has('json')) await print(row(cells(explored)))
    if (explored.found !== undefined && !flags.has('json')) await print(tell(explored.found))
  }
  const found = done.filter((each) => each.found !== undefined).length
  if (flags.has('json')) await print(`${JSON.stringify(asJson(done, pairs))}\n`)
  else await print(summary(done, pairs))
  return found === 0 ? 0 : 1
}

/** Movements that share two guarantees at a time: as many as a trader with a comprehensive guarantee has under way. */
const groupSize = 50

/** Seeds stay small enough to be read out. */
const mostSeed = 1_000_000_000

/** So little that movements take it from each other. */
const amounts = { '26AL0009010000019': '90000.00', '26XK0009010000019': '25000.00' }

async function randomWays(movements: number, first: number, json: boolean): Promise<number> {
  const compiled = loadExplored()
  const walks = new Walks(compiled, new Pairs(compiled.law))
  const ends: Record<string, number> = {}
  const total = { movements: 0, steps: 0, entries: 0 }
  let found: (Wrong & { seed: number }) | undefined
  const progress = progressOf(movements, process.stderr, () => performance.now(), 'movements')
  for (let seed = first; total.movements < movements && found === undefined; seed += 1) {
    const walked = walks.group(seed, Math.min(groupSize, movements - total.movements), amounts)
    for (let each = 0; each < walked.movements; each += 1) progress.done()
    total.movements += walked.movements
    total.steps += walked.steps
    total.entries += walked.entries.length
    for (const [end, count] of Object.entries(walked.ends)) ends[end] = (ends[end] ?? 0) + count
    if (walked.wrong !== undefined) found = { seed, ...(walks.shrunk(walked.wrong) ?? walked.wrong) }
  }
  progress.clear()
  const replay = found && `npx --no corridor explore --random ${groupSize} --seed ${found.seed}`
  if (json) {
    const { what, trace, records, seed } = found ?? {}
    await print(
      `${JSON.stringify({ ok: found === undefined, first, ...total, ends, ...(found && { seed, what, trace, records, replay }) })}\n`,
    )
    return found === undefined ? 0 : 1
  }
  const counted = Object.entries(ends).map(([end, count]) => `${end} ${count}`)
  if (found !== undefined) await print(`${tell(found)}${replay}\n`)
  await print(
    `${total.movements} movements from seed ${first}, ${total.steps} steps, ${total.entries} entries of the ledger: ${found === undefined ? 'all is well' : 'something was found'}\n${counted.join(', ')}\n`,
  )
  return found === undefined ? 0 : 1
}

function named(all: readonly Path[], word: string): Path {
  const path = all.find((each) => each.path === word)
  if (path === undefined)
    throw new UsageError(`There is no path “${word}”. There are: ${all.map((each) => each.path).join(', ')}.`)
  return path
}

const inShort = ({ path, copies, depth, what }: Path) => ({ path, copies, depth, what })

const listOf = (paths: readonly Path[]): string => columns(paths.map(({ path, what }) => [path, what]))

/** Says how far it is, when that takes a while; on standard error, so that the output stays what it is. */
function statesOf(path: string): (states: number) => void {
  let said = performance.now()
  return (states) => {
    if (performance.now() - said < patienceMs) return
    said = performance.now()
    process.stderr.write(`${path}: ${states} states\n`)
  }
}

const widths = [26, 10, 9, 9, 10, 6, 8]

function row(all: readonly (string | number)[]): string {
  const [first = '', ...others] = all.map(String)
  const [wide = 0, ...narrow] = widths
  return `${[first.padEnd(wide), ...others.map((cell, at) => cell.padStart(narrow[at] ?? 0))].join(' ').trimEnd()}\n`
}

const cells = ({ path, states, settled, ended, steps, depth, seconds, complete, found }: Explored) => [
  path,
  states,
  settled,
  ended,
  steps,
  depth,
  seconds.toFixed(1),
  found === undefined ? (complete ? ' all of them' : ' to this depth') : ' FOUND',
]

const tell = ({ what, trace, records }: Pick<Found, 'what' | 'trace' | 'records'>): string =>
  [
    ...what.map((each) => `  ${each}`),
    '  The shortest way there:',
    ...trace.map((step, at) => `  ${String(at + 1).padStart(4)}  ${step}`),
    '  There:',
    ...records.map((record) => `        ${record}`),
    '',
  ].join('\n')

const sum = (done: readonly Explored[], of: (each: Explored) => number): number =>
  done.reduce((total, each) => total + of(each), 0)

function summary(done: readonly Explored[], pairs: Pairs): string {
  const found = done.filter((each) => each.found !== undefined).length
  const { settled, travelling } = pairs.size
  const verdict = found === 0 ? 'all is well' : `something was found on ${found}`
  return [
    `${sum(done, ({ states }) => states)} states explored on ${done.length} paths, ${sum(done, ({ steps }) => steps)} steps in ${sum(done, ({ seconds }) => seconds).toFixed(1)} s: ${verdict}`,
    `${done.filter(({ complete }) => complete).length} paths to their end; ${settled} pairs of states are legal with nothing on its way, ${travelling} at all`,
    '',
  ].join('\n')
}

function asJson(done: readonly Explored[], pairs: Pairs): unknown {
  return {
    ok: done.every(({ found }) => found === undefined),
    states: sum(done, ({ states }) => states),
    steps: sum(done, ({ steps }) => steps),
    seconds: Math.round(sum(done, ({ seconds }) => seconds) * 10) / 10,
    legalPairs: pairs.size,
    paths: done.map((each) => ({ ...each, seconds: Math.round(each.seconds * 10) / 10 })),
  }
}

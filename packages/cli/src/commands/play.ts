import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Corridor,
  type DocumentKind,
  messagesIn,
  NodeFault,
  type RunningCorridor,
  readCorridor,
  startCorridor,
} from '@corridor/node'
import { loadLaw } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { print } from '../print.ts'
import { countForPeople, countMessages } from '../story/count.ts'
import { type ActLine, StoryDriver } from '../story/driver.ts'
import { lineForPeople } from '../story/lines.ts'
import type { Summary } from '../story/office-pages.ts'
import { namesInOrder, notPlayedIn, readStory, storyNames } from '../story/story.ts'

const write = (text: string): void => void process.stdout.write(`${text}\n`)

/**
 * `corridor play CORRIDOR[/STORY] [--list] [--all] [--json]`: a story in fresh databases, or all of them one after the other; exit code 0 only
 * if every expectation held. With `--all` it is counted which messages of the specification went between the nodes. The corridor
 * may be the path of a corridor.yaml of one's own, with the story after it: `…/corridor.yaml/outage`.
 */
export async function play(typed: string[]): Promise<number> {
  const { words, flags } = readArguments(typed, { flags: ['json', 'list', 'all'], words: 1 })
  const [what] = words
  if (what === undefined)
    throw new UsageError('Say which corridor to play, for instance albania-kosovo, or albania-kosovo/outage.')
  const { corridor: name, story } = named(what)
  const corridor = readCorridor(name)
  if (flags.has('list')) return list(corridor)
  const all = flags.has('all')
  if (all && story !== undefined) throw new UsageError('--all plays every story: name the corridor alone.')
  const json = flags.has('json')
  const results: Result[] = []
  const kinds: DocumentKind[] = []
  // A story that cannot be read says so before anything is started.
  for (const { file, names } of all ? everyStory(name, corridor) : [oneStory(name, corridor, story)]) {
    const { played, had } = await playIn(file, names, json)
    results.push(...played)
    kinds.push(...had)
  }
  if (all) tellAll(corridor, results, kinds, json)
  return results.every(({ ok }) => ok) ? 0 : 1
}

/** Stories that one configuration of a corridor plays, one after the other; undefined: the main one. */
interface Turn {
  /** Name of the corridor, or path of its file. */
  file: string
  names: (string | undefined)[]
}

type Result = Summary & { name: string }

function oneStory(file: string, corridor: Corridor, name: string | undefined): Turn {
  return { file: readStory(corridor, name).configuration ?? file, names: [name] }
}

function everyStory(file: string, corridor: Corridor): Turn[] {
  const { quiet, moving, changing, configured } = namesInOrder(corridor)
  const main = corridor.story === null ? [] : [undefined]
  for (const each of main) readStory(corridor, each)
  return [
    { file, names: [...main, ...quiet, ...moving] },
    // Each in a corridor of its own: it leaves another one behind.
    ...changing.map((name) => ({ file, names: [name] })),
    ...[...configured].map(([other, names]) => ({ file: other, names })),
  ]
}

/** Starts a corridor in a home of its own, plays stories in it, and removes it. @returns also what its nodes have had */
async function playIn(
  file: string,
  names: Turn['names'],
  json: boolean,
): Promise<{ played: Result[]; had: DocumentKind[] }> {
  const home = mkdtempSync(join(tmpdir(), 'corridor-play-'))
  // As root PostgreSQL runs as another account and must get through to its own folder; what is secret has modes of its own.
  chmodSync(home, 0o711)
  let running: RunningCorridor | undefined
  const end = async (): Promise<void> => {
    await running?.stop()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
  const interrupted = (): void => void end().finally(() => process.exit(130))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, interrupted)
  try {
    const tell = json ? () => undefined : write
    running = await startCorridor({ corridor: file, home, anyPorts: true, now: () => new Date(), tell })
    const played: Result[] = []
    for (const each of names) played.push(await playOne(running, each, json))
    const had = await Promise.all(running.nodes.map(({ settings }) => messagesIn(settings)))
    return { played, had: had.flat() }
  } finally {
    await end()
    for (const signal of signals) process.off(signal, interrupted)
  }
}

/** The corridor and the story of `albania-kosovo/outage`, or of a file: `my/corridor.yaml/outage`. */
function named(what: string): { corridor: string; story: string | undefined } {
  const [, corridor = what, story] = /^(.+\.ya?ml|[^/]+)\/([a-z0-9/-]+)$/.exec(what) ?? []
  return { corridor, story }
}

/** Every story of a corridor, with its title. */
async function list(corridor: Corridor): Promise<number> {
  const named = storyNames(corridor).map((name) => [`${corridor.id}/${name}`, readStory(corridor, name).title])
  const main = corridor.story === null ? [] : [[corridor.id, readStory(corridor).title]]
  if (main.length + named.length === 0) throw new NodeFault('STORY_UNKNOWN', `${corridor.id} has no stories.`)
  await print(columns([...main, ...named]))
  return 0
}

/** Plays a story in a corridor that runs, and says line by line what comes of it. */
async function playOne(running: RunningCorridor, story: string | undefined, json: boolean): Promise<Result> {
  const tell = (line: ActLine): void => write(json ? JSON.stringify(publicLine(line)) : lineForPeople(line))
  const driver = new StoryDriver(running, tell, undefined, story)
  if (!json) write(`\n${driver.story.title}\n`)
  const progress = driver.newProgress()
  const failures: string[] = []
  try {
    await driver.play(progress)
  } catch (error) {
    failures.push((error as Error).message)
  }
  const result = await driver.result(progress, failures)
  const { failures: all, ...summary } = result
  if (json) write(JSON.stringify({ ...summary, ...(all.length > 0 ? { failures: all } : {}) }))
  else {
    for (const failure of all) write(`FAILED ${failure}`)
    write(
      `\n${summary.ok ? 'All of it came true' : 'Not all of it came true'}: ${countsOf({ ...summary, steps: driver.story.steps.length })}.`,
    )
  }
  return { ...result, name: story ?? running.corridor.id }
}

/** What a story has moved; of one without movements its steps are all there is to count. */
function countsOf({
  steps,
  messages,
  receipts,
  discharged,
  guaranteesReleased,
}: Omit<Summary, 'failures'> & { steps: number }): string {
  if (messages === 0) return `${steps} steps`
  return `${messages} messages, ${receipts} receipts, ${discharged} discharged, ${guaranteesReleased} guarantee released`
}

/** How every story went, and which messages of the specification the nodes had of each other, of traders and of stand-ins. */
function tellAll(corridor: Corridor, results: readonly Result[], kinds: DocumentKind[], json: boolean): void {
  const { law } = loadLaw()
  const messages = countMessages(law.messages.types, kinds, law, notPlayedIn(corridor))
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name)
  if (json) return write(JSON.stringify({ stories: results.length, failed, messages }))
  const came = `${results.length - failed.length} of ${results.length} stories came true`
  write(`\n${came}${failed.length > 0 ? `; not ${failed.join(', ')}` : ''}.`)
  for (const line of countForPeople(messages)) write(line)
}

function publicLine({ who: _, title: __, ...line }: ActLine): Omit<ActLine, 'who' | 'title'> {
  return line
}

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Corridor, NodeFault, type RunningCorridor, readCorridor, startCorridor } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { print } from '../print.ts'
import { type ActLine, StoryDriver } from '../story/driver.ts'
import { lineForPeople } from '../story/lines.ts'
import type { Summary } from '../story/office-pages.ts'
import { readStory, storyNames } from '../story/story.ts'

const write = (text: string): void => void process.stdout.write(`${text}\n`)

/**
 * `corridor play CORRIDOR[/STORY] [--list] [--json]`: a story in fresh databases; exit code 0 only if every expectation held. The corridor
 * may be the path of a corridor.yaml of one's own, with the story after it: `…/corridor.yaml/outage`.
 */
export async function play(typed: string[]): Promise<number> {
  const { words, flags } = readArguments(typed, { flags: ['json', 'list'], words: 1 })
  const [what] = words
  if (what === undefined)
    throw new UsageError('Say which corridor to play, for instance albania-kosovo, or albania-kosovo/outage.')
  const { corridor: name, story } = named(what)
  const corridor = readCorridor(name)
  if (flags.has('list')) return list(corridor)
  // A story that cannot be read says so before anything is started.
  readStory(corridor, story)
  const json = flags.has('json')
  const home = mkdtempSync(join(tmpdir(), 'corridor-play-'))
  // As root PostgreSQL runs as another account and must get through to its own folder; what is secret has modes of its own.
  chmodSync(home, 0o711)
  let running: RunningCorridor | undefined
  const end = async (): Promise<void> => {
    await running?.stop()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void end().finally(() => process.exit(130)))
  try {
    running = await startCorridor({
      corridor: name,
      home,
      anyPorts: true,
      now: () => new Date(),
      tell: json ? () => undefined : write,
    })
    const { ok } = await playIn(running, story, json)
    return ok ? 0 : 1
  } finally {
    await end()
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
async function playIn(running: RunningCorridor, story: string | undefined, json: boolean): Promise<Summary> {
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
      `\n${summary.ok ? 'All of it came true' : 'Not all of it came true'}: ${summary.messages} messages, ${summary.receipts} receipts, ${summary.discharged} discharged, ${summary.guaranteesReleased} guarantee released.`,
    )
  }
  return result
}

function publicLine({ who: _, title: __, ...line }: ActLine): Omit<ActLine, 'who' | 'title'> {
  return line
}

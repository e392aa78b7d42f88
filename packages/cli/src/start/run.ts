import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Corridor,
  defaultCorridor,
  homeOf,
  isOfOfficer,
  issueLink,
  type RunningCorridor,
  readCorridor,
  startCorridor,
  writePrivate,
} from '@corridor/node'
import { type Progress, StoryDriver } from '../story/driver.ts'
import { lineForPeople } from '../story/lines.ts'
import { StandInTrader } from '../story/stand-in-trader.ts'
import type { Phase } from '@corridor/start-page'
import type { StartDesk } from './desk.ts'

const write = (text: string): void => void process.stdout.write(`${text}\n`)

/** Who waits for what: the end of everything, or another corridor. */
export interface Watch {
  desk: StartDesk
  /** Resolves when the program is to end. */
  ended: Promise<undefined>
  /** Whether the story is played once more. */
  again: boolean
}

/**
 * Runs a corridor until the program is to end, or another one is wished on the start page; then everything of it is stopped in order, and
 * its data stays.
 * @param name of the corridor, or path of its file
 * @returns what is to run next; undefined when nothing is
 * @throws NodeFault, DatabaseFault when it does not start
 */
export async function runUntil(name: string, watch: Watch): Promise<string | undefined> {
  const { desk } = watch
  const corridor = readCorridor(name)
  const home = homeOf(corridor.id, process.env, process.cwd())
  write(`${corridor.title}: data and keys are in ${home}`)
  let phase: Phase = 'starting'
  const show = (next: Phase, said?: string): void => {
    phase = next
    desk.show(corridor, next, said)
  }
  const tell = (line: string): void => {
    write(line)
    show(phase, line.trim())
  }
  let trouble = ''
  show('starting')
  const running = await startCorridor({ corridor: name, home, now: () => new Date(), tell })
  const over = Promise.race([watch.ended, desk.wish()])
  const ending = new AbortController()
  void over.then(() => ending.abort())
  desk.runs(running, home)
  let trader: StandInTrader | undefined
  try {
    if (corridor.story !== null) {
      show('playing')
      const fail = (why: string): void => {
        trouble = why
        tell(`\n${why}`)
      }
      trader = await playStory(running, home, { ...watch, over, ending: ending.signal, fail })
    }
    if (ending.signal.aborted) return await over
    await signInLinks(running)
    write(`\nThe start page: ${desk.url}`)
    write(
      `Ctrl-C stops everything; the data stays. New links: npx --no corridor login${name === defaultCorridor ? '' : ` --corridor ${name}`}`,
    )
    show('ready', trouble)
    return await over
  } finally {
    desk.stops()
    write('\nStopping …')
    show('stopping')
    await trader?.stop()
    await running.stop()
    desk.stopped()
  }
}

/** @returns the stand-in that goes on for a person; undefined when the end came first */
async function playStory(
  running: RunningCorridor,
  home: string,
  { desk, again, over, ending, fail }: Watch & { over: Promise<unknown>; ending: AbortSignal; fail(why: string): void },
): Promise<StandInTrader | undefined> {
  const driver = new StoryDriver(running, (line) => {
    write(lineForPeople(line))
    desk.say(line)
  })
  ending.addEventListener('abort', () => driver.end())
  const told = tellStory(driver, join(home, 'story.json'), again).catch((error: unknown) => {
    // The nodes are up all the same: whoever wants to know why looks there.
    if (!ending.aborted) fail(`The story did not come true: ${(error as Error).message}`)
  })
  await Promise.race([told, over])
  if (ending.aborted) return undefined
  const trader = new StandInTrader(driver, write)
  trader.start()
  return trader
}

/** The story once, from where it stands; then one more declaration that waits for a person to act on it. */
async function tellStory(driver: StoryDriver, file: string, again: boolean): Promise<void> {
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { story: Progress; waiting: Progress })
    : undefined
  const progress = kept !== undefined && !again ? kept : { story: driver.newProgress(), waiting: driver.newProgress() }
  const keep = () => writePrivate(file, JSON.stringify(progress))
  const done = progress.story.next >= driver.story.steps.length && progress.waiting.next >= 1
  if (done) {
    const which = progress.story.mrn === '' ? '' : ` (MRN ${progress.story.mrn})`
    write(`The story was played before${which}; corridor start --again plays it once more.`)
    return
  }
  write(`\n${progress.story.next > 0 ? 'Going on with: ' : ''}${driver.story.title}\n`)
  keep()
  await driver.play(progress.story, undefined, keep)
  const { mrn } = progress.story
  if (mrn === '') {
    // A story without a movement: there is no second truck.
    progress.waiting.next = 1
    keep()
    write(`\nAll ${driver.story.steps.length} steps of it came true.`)
    return
  }
  const summary = await driver.summary([mrn], [])
  write(
    `\n${mrn} is discharged: ${summary.messages} messages, ${summary.receipts} signed receipts, ${summary.guaranteesReleased} guarantee released.`,
  )
  write('\nA second truck is declared and waits for you at the office of departure:\n')
  await driver.play(progress.waiting, 1, keep)
}

async function signInLinks(running: RunningCorridor): Promise<void> {
  write('\nSign in (each link once, within ten minutes):')
  for (const { node, settings } of running.nodes) {
    for (const account of node.accounts) {
      if (!isOfOfficer(account)) continue
      write(`  ${`${node.name}: ${account.name}, ${account.role}`.padEnd(44)} ${await issueLink(settings, account.id)}`)
    }
  }
}

/** Shows why a corridor did not start, and waits for what is to run instead. @returns undefined when the program is to end */
export async function afterFailure(
  corridor: Corridor,
  error: Error,
  { desk, ended }: Watch,
): Promise<string | undefined> {
  write(`\n${corridor.title} was not started: ${error.message}`)
  const wished = desk.wish()
  desk.show(corridor, 'failed', error.message)
  return Promise.race([ended, wished])
}

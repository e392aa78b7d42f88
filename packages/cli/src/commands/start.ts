import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  defaultCorridor,
  homeOf,
  isOfOfficer,
  issueLink,
  type RunningCorridor,
  readCorridor,
  startCorridor,
  writePrivate,
} from '@corridor/node'
import { readArguments } from '../arguments.ts'
import { type Progress, StoryDriver } from '../story/driver.ts'
import { lineForPeople } from '../story/lines.ts'
import { StandInTrader } from '../story/stand-in-trader.ts'

const write = (text: string) => process.stdout.write(`${text}\n`)

/** `corridor start [CORRIDOR]`: every node of a corridor on this machine, its story, sign-in links; until Ctrl-C. */
export async function start(typed: string[]): Promise<number> {
  const { words, flags } = readArguments(typed, { flags: ['again'], words: 1 })
  const name = words[0] ?? defaultCorridor
  const corridor = readCorridor(name)
  const home = homeOf(corridor.id, process.env, process.cwd())
  let ending = false
  const asked = whenAsked().then(() => {
    ending = true
  })
  write(`${corridor.title}: data and keys are in ${home}`)
  const running = await startCorridor({ corridor: name, home, now: () => new Date(), tell: write })
  let trader: StandInTrader | undefined
  try {
    if (corridor.story !== null) {
      const driver = new StoryDriver(running, (line) => write(lineForPeople(line)))
      const told = tellStory(driver, join(home, 'story.json'), flags.has('again')).then(
        () => true,
        // The nodes are up all the same: whoever wants to know why looks there.
        (error: unknown) => {
          if (!ending) write(`\nThe story did not come true: ${(error as Error).message}`)
          return true
        },
      )
      if (!(await Promise.race([told, asked.then(() => false)]))) return 130
      trader = new StandInTrader(driver, write)
      trader.start()
    }
    await signInLinks(running)
    write('\nCtrl-C stops everything; the data stays. New links: npx --no corridor login')
    await asked
  } finally {
    write('\nStopping …')
    await trader?.stop()
    await running.stop()
  }
  return 0
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
    write(`The story was played before (MRN ${progress.story.mrn}); corridor start --again plays it once more.`)
    return
  }
  write(`\n${progress.story.next > 0 ? 'Going on with: ' : ''}${driver.story.title}\n`)
  keep()
  await driver.play(progress.story, undefined, keep)
  const { mrn } = progress.story
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

function whenAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}

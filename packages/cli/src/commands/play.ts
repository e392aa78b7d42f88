import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCorridor, startCorridor } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { type ActLine, StoryDriver } from '../story/driver.ts'
import { lineForPeople } from '../story/lines.ts'
import { readStory } from '../story/story.ts'

/** `corridor play CORRIDOR [--json]`: the story in fresh databases; exit code 0 only if every expectation held. */
export async function play(typed: string[]): Promise<number> {
  const { words, flags } = readArguments(typed, { flags: ['json'], words: 1 })
  const [corridor] = words
  if (corridor === undefined) throw new UsageError('Say which corridor to play, for instance albania-kosovo.')
  const json = flags.has('json')
  readStory(readCorridor(corridor))
  const write = (text: string) => process.stdout.write(`${text}\n`)
  const home = mkdtempSync(join(tmpdir(), 'corridor-play-'))
  // As root PostgreSQL runs as another account and must get through to its own folder; what is secret has modes of its own.
  chmodSync(home, 0o711)
  let running: Awaited<ReturnType<typeof startCorridor>> | undefined
  const end = async (): Promise<void> => {
    await running?.stop()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void end().finally(() => process.exit(130)))
  try {
    running = await startCorridor({
      corridor,
      home,
      anyPorts: true,
      now: () => new Date(),
      tell: json ? () => undefined : write,
    })
    const driver = new StoryDriver(running, (line) =>
      write(json ? JSON.stringify(publicLine(line)) : lineForPeople(line)),
    )
    if (!json) write(`\n${driver.story.title}\n`)
    const progress = driver.newProgress()
    const failures: string[] = []
    try {
      await driver.play(progress)
    } catch (error) {
      failures.push((error as Error).message)
    }
    const { failures: all, ...summary } = await driver.summary(progress.mrn === '' ? [] : [progress.mrn], failures)
    if (!json) {
      for (const failure of all) write(`FAILED ${failure}`)
      write(
        `\n${summary.ok ? 'All of it came true' : 'Not all of it came true'}: ${summary.messages} messages, ${summary.receipts} receipts, ${summary.discharged} discharged, ${summary.guaranteesReleased} guarantee released.`,
      )
    } else write(JSON.stringify({ ...summary, ...(all.length > 0 ? { failures: all } : {}) }))
    return summary.ok ? 0 : 1
  } finally {
    await end()
  }
}

function publicLine({ who: _, title: __, ...line }: ActLine): Omit<ActLine, 'who' | 'title'> {
  return line
}

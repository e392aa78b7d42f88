import { fileURLToPath } from 'node:url'
import { corridorFileOf, homeOf, readCorridor } from '@corridor/node'
import type { ChangeOutcome } from '@corridor/start-page'
import { readArguments, UsageError } from '../arguments.ts'
import { addressIn } from '../start/address.ts'
import { shownPath } from '../start/views.ts'

/**
 * `corridor change FILE`: the corridor that runs here works by another file of it from now on, while everything runs.
 * @returns 1 when all goes on as before
 */
export async function change(typed: string[]): Promise<number> {
  const { words } = readArguments(typed, { words: 1 })
  const [name] = words
  if (name === undefined)
    throw new UsageError('Say which file: corridor change corridors/afghanistan-tajikistan/region.yaml')
  if (process.env['DATABASE_URL'])
    throw new UsageError(
      'DATABASE_URL is set. A real node takes up its changed corridor.yaml by itself: kill -HUP PID.',
    )
  // What is wrong in it is told before anybody is asked.
  const { id, title } = readCorridor(name)
  const outcome = await asked(id, fileURLToPath(corridorFileOf(name)))
  if (outcome.kind === 'taken') {
    process.stdout.write(`${title}: taken up while everything runs.\n`)
    return 0
  }
  const why = {
    unknown: `The corridor ${id} does not run here: npm start -- ${id} starts it.`,
    busy: `The corridor ${id} is being started, stopped or changed. Try again when it is done.`,
    silent: `The program that runs the corridor ${id} ended before it answered.`,
    refused: `Not taken up, and all goes on as before: ${outcome.kind === 'refused' ? outcome.why : ''}`,
  }[outcome.kind]
  process.stderr.write(`${why}\n`)
  return 1
}

/** Asks the program that runs the corridor, by its start page. */
async function asked(corridor: string, file: string): Promise<ChangeOutcome | { kind: 'silent' }> {
  const address = addressIn(homeOf(corridor, process.env, process.cwd()))
  if (address === undefined) return { kind: 'unknown' }
  const { origin, hash } = new URL(address.url)
  process.stdout.write(`Asking the corridor that runs here to work by ${shownPath(file)} …\n`)
  try {
    const answer = await fetch(`${origin}/corridors/${encodeURIComponent(corridor)}/change`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hash.slice(1)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ configuration: file }),
    })
    if ([200, 404, 409, 422].includes(answer.status)) return (await answer.json()) as ChangeOutcome
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException }
    if (cause?.code !== 'ECONNREFUSED') return { kind: 'silent' }
  }
  // A program that was killed could not take its address away, and another may be there now.
  return { kind: 'unknown' }
}

import { randomInt } from 'node:crypto'
import {
  type FleetSummary,
  makePapers,
  makeStores,
  replayCommand,
  type Run,
  runFleet,
  runSeed,
  tellViolation,
} from '@corridor/simulator'
import { temporaryServer } from '@corridor/database/testing'
import { readArguments, UsageError } from '../arguments.ts'
import { progressOf } from '../documents/progress.ts'
import { print } from '../print.ts'

/** How many seeds run when nobody says. */
const usualSeeds = '100'

/** Seeds stay small enough to be read out. */
const mostSeed = 1_000_000_000

/**
 * `corridor simulate [--seeds N] [--first S] [--workers W] [--json]`: many seeds, and what is wrong with the nodes in any of them; the first
 * one is a fresh number unless told. `corridor simulate --seed S`: one of them, line by line. Exit code 0 only when all is well.
 */
export async function simulate(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: ['seeds', 'first', 'seed', 'workers'],
    flags: ['json'],
    words: 0,
  })
  const number = (name: string, text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1 || value > mostSeed)
      throw new UsageError(`--${name} takes a whole number from 1 to ${mostSeed}, not “${text}”.`)
    return value
  }
  const json = flags.has('json')
  const seed = options.get('seed')
  if (seed !== undefined) return replay(number('seed', seed), json)
  const first = number('first', options.get('first') ?? String(randomInt(1, mostSeed / 2)))
  const seeds = number('seeds', options.get('seeds') ?? usualSeeds)
  const workers = options.get('workers')
  return many({ first, seeds, ...(workers === undefined ? {} : { workers: number('workers', workers) }) }, json)
}

async function many(asked: { first: number; seeds: number; workers?: number }, json: boolean): Promise<number> {
  if (!json) await print(`Seeds ${asked.first} to ${asked.first + asked.seeds - 1}\n`)
  const progress = progressOf(asked.seeds, process.stderr, () => performance.now(), 'seeds')
  const summary = await runFleet({ ...asked, onRun: () => progress.done() })
  progress.clear()
  await print(json ? `${JSON.stringify(asJson(summary))}\n` : tell(summary))
  return summary.failures.length === 0 ? 0 : 1
}

async function replay(seed: number, json: boolean): Promise<number> {
  const stores = await makeStores(await temporaryServer({ throwaway: true }), 'simulator')
  const lines: string[] = []
  const run = await runSeed({ seed, stores, papers: await makePapers(), listener: (line) => lines.push(line) })
  await stores.close()
  if (json) await print(`${JSON.stringify(runAsJson(run))}\n`)
  else await print(`${lines.join('\n')}\n\n${tellViolation(run) ?? `all is well with seed ${seed}`}\n${run.digest}\n`)
  return run.violation === undefined ? 0 : 1
}

function tell({ seeds, steps, seconds, memoryBytes, counts, failures }: FleetSummary): string {
  const counted = Object.entries(counts)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([what, count]) => `${String(count).padStart(9)}  ${what}`)
  const failed = failures.map((run) => `${tellViolation(run) ?? ''}\n`)
  const memory = Math.round(memoryBytes / 2 ** 20)
  const verdict = failures.length === 0 ? 'all is well' : `${failures.length} failed`
  return [
    ...counted,
    ...failed,
    `${seeds} seeds, ${steps} steps in ${seconds.toFixed(1)} s, ${memory} MiB: ${verdict}\n`,
  ].join('\n')
}

function asJson({ failures, seconds, ...summary }: FleetSummary): unknown {
  return {
    ok: failures.length === 0,
    ...summary,
    seconds: Math.round(seconds * 10) / 10,
    failures: failures.map(runAsJson),
  }
}

function runAsJson({ seed, steps, digest, violation }: Run): unknown {
  return { seed, steps, digest, ...violation, replay: replayCommand(seed) }
}

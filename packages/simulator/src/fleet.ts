import { fork, type ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Run } from './run.ts'
import type { Counts } from './world.ts'

/** How many seeds, from which on. */
export interface FleetOptions {
  first: number
  seeds: number
  /** Processes; one for each processor unless told. */
  workers?: number
  /** Hears of each seed when it is done, in whatever order that is. */
  onRun?: (run: Run) => void
}

/** What came of many seeds. */
export interface FleetSummary {
  first: number
  seeds: number
  steps: number
  /** Sums over all seeds; see `Run`. */
  counts: Counts
  seconds: number
  /** Largest resident size of a worker, in bytes. */
  memoryBytes: number
  /** Runs with a violation, by seed. */
  failures: Run[]
}

/** What a worker is told. */
export interface Order {
  seed: number
}

/**
 * Runs seeds in processes of their own, each with a throwaway PostgreSQL of its own: transactions of one server are numbered together, and
 * what is sealed in one database waits for those of the others.
 */
export async function runFleet({ first, seeds, workers, onRun }: FleetOptions): Promise<FleetSummary> {
  const started = performance.now()
  const summary: FleetSummary = { first, seeds, steps: 0, counts: {}, seconds: 0, memoryBytes: 0, failures: [] }
  let next = first
  const take = (): number | undefined => (next < first + seeds ? next++ : undefined)
  const note = (run: Run): void => {
    summary.steps += run.steps
    summary.memoryBytes = Math.max(summary.memoryBytes, run.memoryBytes)
    for (const [what, count] of Object.entries(run.counts)) summary.counts[what] = (summary.counts[what] ?? 0) + count
    if (run.violation !== undefined) summary.failures.push(run)
    onRun?.(run)
  }
  const size = Math.min(workers ?? availableParallelism(), seeds)
  await Promise.all(Array.from({ length: size }, () => work(take, note)))
  summary.failures.sort((a, b) => a.seed - b.seed)
  return { ...summary, seconds: (performance.now() - started) / 1_000 }
}

function work(take: () => number | undefined, note: (run: Run) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(new URL('worker.ts', import.meta.url), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const give = (): void => {
      const seed = take()
      if (seed === undefined) child.disconnect()
      else child.send({ seed } satisfies Order)
    }
    child.on('message', (run: Run | 'ready') => {
      if (run !== 'ready') note(run)
      give()
    })
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
  })
}

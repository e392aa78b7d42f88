/** The process of a stand-in for a national system: kept running, and spoken to by lines of JSON on its pipes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { NodeFault } from '../faults.ts'

/** A stand-in that runs. */
export interface StandInProcess {
  /** The process that runs now; undefined between a death and the next start. */
  readonly pid: number | undefined
  /**
   * Asks one thing, after what was asked before; waits for one that is being started again.
   * @throws NodeFault NODE_FAILED for what it cannot do, or when it ends meanwhile: then nobody knows whether it is done
   */
  ask(question: object): Promise<Said>
  stop(): Promise<void>
}

type Said = Record<string, unknown>

interface Piped extends ChildProcess {
  stdin: Writable
  stdout: Readable
}

const main = fileURLToPath(new URL('main.ts', import.meta.resolve('@corridor/connectors/stand-ins')))

/** One that lives shorter ended for a reason that will be there again. */
const quickMs = 5_000
const longestPauseMs = 30_000

/**
 * Starts a stand-in and keeps it running: at once the first time it ends, then with growing pauses.
 * @param told what stands behind its program on the command line
 * @returns when it is ready; rejects when its first start fails
 */
export async function startStandIn(parts: {
  id: string
  log: string
  told: readonly string[]
  onRestart: (id: string) => void
}): Promise<StandInProcess> {
  const { id, onRestart } = parts
  const failed = (what: string): NodeFault =>
    new NodeFault('NODE_FAILED', `the stand-in for the national system of ${id}: ${what}`)
  let isStopping = false
  let hasStarted = false
  let quickDeaths = 0
  let pause: NodeJS.Timeout | undefined
  let child: Piped | undefined
  let ready: Promise<Lines>

  const launch = (): Promise<Lines> => {
    const startedAt = performance.now()
    const launched = spawned(parts)
    child = launched
    const lines = linesOf(launched, failed)
    let isOver = false
    const over = (): void => {
      if (isOver) return
      isOver = true
      child = undefined
      // A first start that fails is its caller's to hear of.
      if (hasStarted && !isStopping) again(performance.now() - startedAt)
    }
    launched.once('close', over)
    // No process could be made: nothing of it closes then.
    launched.on('error', () => {
      if (launched.pid === undefined) over()
    })
    return untilReady(lines, failed)
  }
  const again = (livedMs: number): void => {
    quickDeaths = livedMs < quickMs ? quickDeaths + 1 : 0
    onRestart(id)
    ready = new Promise((resolve) => {
      const pauseMs = Math.min(longestPauseMs, quickDeaths * quickDeaths * 100)
      // One that fails again ends again, and is heard above.
      pause = setTimeout(() => void launch().then(resolve, () => undefined), pauseMs)
    })
  }

  ready = launch()
  try {
    await ready
    hasStarted = true
  } catch (error) {
    child?.kill('SIGKILL')
    throw error
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    get pid() {
      return child?.pid
    },
    ask(question) {
      const answer = last.then(async () => {
        if (isStopping) throw failed('it is stopped')
        const lines = await ready
        lines.write(question)
        return lines.next()
      })
      last = answer.catch(() => undefined)
      return answer
    },
    async stop() {
      isStopping = true
      clearTimeout(pause)
      if (child !== undefined) await ended(child)
    },
  }
}

function spawned({ told, log }: { told: readonly string[]; log: string }): Piped {
  const file = openSync(log, 'a', 0o600)
  const stdio: ['pipe', 'pipe', number] = ['pipe', 'pipe', file]
  // A group of its own, as a node has: Ctrl-C in the terminal is for the supervisor.
  const child = spawn(process.execPath, [main, ...told], { stdio, detached: true }) as Piped
  closeSync(file)
  return child
}

interface Lines {
  write(question: object): void
  next(): Promise<Said>
}

/** What it says, line by line; an end, or a process that could not be made, is a fault of whoever waits. */
function linesOf(child: Piped, failed: (what: string) => NodeFault): Lines {
  const heard: Said[] = []
  const waiting: ((said: Said) => void)[] = []
  let end: Said | undefined
  const hear = (said: Said): void => {
    const next = waiting.shift()
    if (next === undefined) heard.push(said)
    else next(said)
  }
  const over = (why: string): void => {
    end = { error: why }
    for (const each of waiting.splice(0)) each(end)
  }
  createInterface({ input: child.stdout }).on('line', (line) => hear(JSON.parse(line) as Said))
  child.on('error', (error) => {
    if (child.pid === undefined) over(error.message)
  })
  child.once('close', () => over('it ended'))
  // A question to one that has ended: its end is heard above.
  child.stdin.on('error', () => undefined)
  return {
    write: (question) => void child.stdin.write(`${JSON.stringify(question)}\n`),
    async next() {
      const said = heard.shift() ?? end ?? (await new Promise<Said>((resolve) => waiting.push(resolve)))
      if (typeof said['error'] === 'string') throw failed(said['error'])
      return said
    },
  }
}

async function untilReady(lines: Lines, failed: (what: string) => NodeFault): Promise<Lines> {
  let first = await lines.next()
  // One that listens says where, first.
  if (typeof first['url'] === 'string') first = await lines.next()
  if (first['standIn'] !== true) throw failed('it is something else')
  return lines
}

function ended(child: Piped): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    // It ends when nobody tells it anything any more.
    child.stdin.end()
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
  })
}

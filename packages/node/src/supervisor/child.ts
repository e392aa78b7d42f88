import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Reloaded } from '../keep-node.ts'

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url))

/** A node as a process of its own. */
export interface NodeProcess {
  readonly id: string
  /** The process that runs now; undefined between a death and the next start. */
  readonly pid: number | undefined
  /** How often it was started again after it died by itself. */
  readonly restarts: number
  stop(): Promise<void>
  /** Kills it as a power cut would, and leaves it so until `start`. */
  kill(): Promise<void>
  /** Starts it after `kill`; comes back when it is ready. */
  start(): Promise<void>
  /** Tells the process, where one runs, that its clock is so far ahead from now on; comes back when it is. */
  moveClock(aheadMs: number): Promise<void>
  /** Tells the process, where one runs, that its settings have changed; comes back when it works by them, or says why it does not. */
  reload(): Promise<Reloaded>
}

/** What a node's process says to its supervisor. */
export type NodeWord = { ready: true } | { failed: string } | { clockAheadMs: number } | { reloaded: Reloaded }

/** What the supervisor says to a node's process. */
export type SupervisorWord = { clockAheadMs: number } | { reload: true }

/**
 * Starts a node's process and keeps it running: when it dies it is started again, at once the first time, then with growing pauses.
 * @param settingsFile what the node reads at start
 * @param logFile where its log lines go, and what it says when it dies
 * @returns when the node is ready; rejects with what it said when the first start fails
 */
export async function startChild(
  id: string,
  settingsFile: string,
  logFile: string,
  onRestart: (id: string) => void,
): Promise<NodeProcess> {
  let child: ChildProcess | undefined
  let stopping = false
  let hasStarted = false
  let restarts = 0
  let quickDeaths = 0
  let pause: NodeJS.Timeout | undefined

  const launch = (): Promise<void> => {
    const log = openSync(logFile, 'a', 0o600)
    const startedAt = performance.now()
    // A group of its own: Ctrl-C in the terminal is for the supervisor, which then stops each node in order.
    const launched = fork(mainFile, [settingsFile, logFile], { stdio: ['ignore', log, log, 'ipc'], detached: true })
    closeSync(log)
    child = launched
    return new Promise((resolve, reject) => {
      launched.on('message', (word: NodeWord) => {
        if ('ready' in word) resolve()
        else if ('failed' in word) reject(new Error(word.failed))
      })
      let isOver = false
      const over = (why: string, livedMs: number): void => {
        if (isOver) return
        isOver = true
        child = undefined
        reject(new Error(`the process of node ${id} ${why}; its log is ${logFile}`))
        // A first start that fails is its caller's to hear of.
        if (hasStarted && !stopping) again(livedMs)
      }
      // No process could be made, for instance because the machine has too many: there is no exit then. Any other error is told with its own call.
      launched.on('error', (error) => {
        if (launched.pid === undefined) over(`could not be started (${error.message})`, 0)
      })
      launched.once('exit', (code, signal) => {
        // Killed from outside is no fault of the node's own: it comes back at once.
        over(
          `ended (${signal ?? `exit code ${code}`})`,
          signal === null ? performance.now() - startedAt : Number.POSITIVE_INFINITY,
        )
      })
    })
  }
  const again = (livedMs: number): void => {
    quickDeaths = livedMs < 5_000 ? quickDeaths + 1 : 0
    restarts += 1
    onRestart(id)
    pause = setTimeout(() => void launch().catch(() => undefined), Math.min(30_000, quickDeaths * quickDeaths * 100))
  }

  const end = (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> =>
    new Promise((resolve) => {
      stopping = true
      clearTimeout(pause)
      const running = child
      if (running === undefined) return resolve()
      const giveUp = setTimeout(() => running.kill('SIGKILL'), 10_000)
      running.once('exit', () => {
        clearTimeout(giveUp)
        resolve()
      })
      running.kill(signal)
    })

  try {
    await launch()
    hasStarted = true
  } catch (error) {
    stopping = true
    child?.kill('SIGKILL')
    throw error
  }
  return {
    id,
    get pid() {
      return child?.pid
    },
    get restarts() {
      return restarts
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start: async () => {
      if (!stopping) return
      stopping = false
      await launch()
    },
    moveClock: (aheadMs) =>
      tell(child, { clockAheadMs: aheadMs }, (word) =>
        'clockAheadMs' in word && word.clockAheadMs === aheadMs ? {} : undefined,
      ).then(() => undefined),
    // One that dies now starts again with what stands in its settings.
    reload: () =>
      tell(child, { reload: true }, (word) => ('reloaded' in word ? word.reloaded : undefined)).then(
        (reloaded) => reloaded ?? { kind: 'taken-up' },
        (error: unknown) => ({ kind: 'refused', why: (error as Error).message }),
      ),
  }
}

/** So long a node may take for a change: what hangs may not keep the corridor from being stopped. */
const answerMs = 60_000

/** Tells a process something and waits for its answer; undefined when none runs, or it ends before it answers. Rejects when it says nothing for too long. */
export function tell<Answer extends object>(
  running: Pick<ChildProcess, 'on' | 'once' | 'off' | 'send'> | undefined,
  told: SupervisorWord,
  answerIn: (word: NodeWord) => Answer | undefined,
  patienceMs = answerMs,
): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    if (running === undefined) return resolve(undefined)
    const leave = (): void => {
      clearTimeout(patience)
      running.off('message', hear)
      running.off('exit', ended)
    }
    const fail = (error: Error): void => {
      leave()
      reject(error)
    }
    const patience = setTimeout(
      () => fail(new Error(`it has said nothing for ${patienceMs / 1_000} seconds`)),
      patienceMs,
    )
    const done = (answer?: Answer): void => {
      leave()
      resolve(answer)
    }
    const hear = (word: NodeWord): void => {
      const answer = answerIn(word)
      if (answer !== undefined) done(answer)
    }
    const ended = (): void => done()
    running.on('message', hear)
    running.once('exit', ended)
    running.send(told, (error) => {
      if (error !== null) fail(error)
    })
  })
}

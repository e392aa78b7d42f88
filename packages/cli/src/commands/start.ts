import { defaultCorridor, readCorridor } from '@corridor/node'
import { readArguments } from '../arguments.ts'
import { StartDesk } from '../start/desk.ts'
import { afterFailure, runUntil, type Watch } from '../start/run.ts'

/**
 * `corridor start [CORRIDOR]`: every node of a corridor on this machine, its story, sign-in links, and the start page, on which another
 * corridor can be started instead; until Ctrl-C.
 */
export async function start(typed: string[]): Promise<number> {
  const { words, flags } = readArguments(typed, { flags: ['again'], words: 1 })
  const first = words[0] ?? defaultCorridor
  const corridor = readCorridor(first)
  const ended = whenAsked()
  const desk = await StartDesk.open(first, corridor)
  const watch: Watch = { desk, ended, again: flags.has('again') }
  try {
    process.stdout.write(`The start page, for this machine alone: ${desk.url}\n`)
    let next = await runUntil(first, watch)
    while (next !== undefined) next = await runNext(next, { ...watch, again: false })
    return 0
  } finally {
    await desk.close()
  }
}

/** One that was wished on the page: when it does not start, the page says why, and something else may be wished. */
async function runNext(name: string, watch: Watch): Promise<string | undefined> {
  try {
    return await runUntil(name, watch)
  } catch (error) {
    return afterFailure(readCorridor(name), error as Error, watch)
  }
}

function whenAsked(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(undefined))
  })
}

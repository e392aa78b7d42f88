import type { LogLine } from './log.ts'

/** Ends the process when something was thrown that nobody caught, and tells it by the log: Node's own last words quote the error as it is. */
export function tellLastWords(log: LogLine): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (error: unknown) => {
      log('error', 'node.fault', { error })
      process.exit(1)
    })
}

import type { Casework } from '@corridor/casework'
import { Loop } from '@corridor/exchange'
import type { LogLine } from './log.ts'

/** A month that is over is found so soon. */
const pollMs = 600_000

/** Sends the statistics of each month to the central services when it is over, and again when its counts change. @returns how to stop */
export function keepReporting(casework: Pick<Casework, 'sendDueStatistics'>, log: LogLine): () => Promise<void> {
  const loop = new Loop({
    lanes: 1,
    step: async () => {
      for (const month of await casework.sendDueStatistics()) log('info', 'statistics.sent', { month })
      return false
    },
    pollMs,
    onFault: (error) => log('error', 'statistics.failed', { error }),
  })
  loop.start()
  return () => loop.stop()
}

import type { NodeClock } from './clock.ts'
import { nodeClock } from './clock.ts'
import { planOf } from './live/plan.ts'
import type { LogLine } from './log.ts'
import { type RunningNode, runNode } from './run-node.ts'
import type { NodeSettings } from './settings.ts'

/** What came of a changed configuration; `why` is for an operator. */
export type Reloaded = { kind: 'taken-up' } | { kind: 'refused'; why: string }

/** A node that takes up another configuration while it runs. */
export interface KeptNode extends Pick<RunningNode, 'retired' | 'stop'> {
  /** Reads the configuration anew and works by it. A wrong one is told in the log and changes nothing. One comes after the other. */
  reload(): Promise<Reloaded>
}

/**
 * Runs a node and keeps it running over changes of its configuration.
 * @param read its settings as they are now
 * @throws what `read` and `runNode` throw, of the first start
 */
export async function keepNode(read: () => NodeSettings, log: LogLine, time?: NodeClock): Promise<KeptNode> {
  const first = read()
  const running = await runNode(first, log, time ?? nodeClock(first))
  let work: Promise<unknown> = Promise.resolve()

  const takeUp = async (): Promise<Reloaded> => {
    const began = performance.now()
    try {
      const settings = read()
      await running.takeUp(settings)
      const parties = settings.partners.map(({ node }) => node)
      log('info', 'configuration.taken-up', { partners: parties, afterMs: Math.round(performance.now() - began) })
      return { kind: 'taken-up' }
    } catch (error) {
      log('error', 'configuration.refused', { error })
      return { kind: 'refused', why: (error as Error).message }
    }
  }
  const inTurn = <T>(next: () => Promise<T>): Promise<T> => {
    const done = work.then(next)
    work = done.catch(() => undefined)
    return done
  }
  return {
    reload: () => inTurn(takeUp),
    retired: () => running.retired(),
    stop: () => inTurn(() => running.stop()),
  }
}

/**
 * Whether a node could start with these settings, as far as that is seen without its database.
 * @throws NodeFault, or an Error that names the file and the line of a code list
 */
export function checkRunnable(settings: NodeSettings): void {
  planOf(settings)
}

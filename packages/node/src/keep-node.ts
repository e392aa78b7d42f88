import { setTimeout as pause } from 'node:timers/promises'
import { loadLaw } from '@corridor/tables'
import { type NodeClock, nodeClock } from './clock.ts'
import { checkGuarantees, knownTimers, rulesOf } from './config/agreed.ts'
import { readCorridor } from './config/corridor.ts'
import { NodeFault } from './faults.ts'
import { checkedPair } from './health/certificates.ts'
import type { LogLine } from './log.ts'
import { partnersOf } from './partners.ts'
import { type RunningNode, runNode } from './run-node.ts'
import type { NodeSettings } from './settings.ts'
import { actionsOf } from './wire.ts'

/** A node that takes up another configuration while its process runs. */
export interface KeptNode extends RunningNode {
  /**
   * Reads the configuration anew. A wrong one is told in the log and changes nothing. With a right one the node ends its work under way,
   * and goes on with it a moment later: partners send again what they sent in between, queues lie in the database.
   * @returns whether it was taken up
   */
  reload(): Promise<boolean>
}

const againMs = 2_000

/**
 * Runs a node and keeps it running over changes of its configuration.
 * @param read its settings as they are now
 * @throws what `read` and `runNode` throw, of the first start
 */
export async function keepNode(read: () => NodeSettings, log: LogLine, time?: NodeClock): Promise<KeptNode> {
  const first = read()
  const clock = time ?? nodeClock(first)
  let running: RunningNode | undefined = await runNode(first, log, clock)
  const stopping = new AbortController()
  let work: Promise<unknown> = Promise.resolve()

  const takeUp = async (): Promise<boolean> => {
    let settings: NodeSettings
    try {
      settings = read()
      checkRunnable(settings)
    } catch (error) {
      log('error', 'configuration.refused', { error })
      return false
    }
    const began = performance.now()
    await running?.stop()
    running = undefined
    // What was checked starts, unless something outside (database, port) is away at this moment.
    while (!stopping.signal.aborted) {
      try {
        running = await runNode(settings, log, clock)
        const parties = settings.partners.map(({ node }) => node)
        log('info', 'configuration.taken-up', { partners: parties, afterMs: Math.round(performance.now() - began) })
        return true
      } catch (error) {
        log('error', 'node.failed', { error })
        await pause(againMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
    return false
  }
  const inTurn = <T>(next: () => Promise<T>): Promise<T> => {
    const done = work.then(next)
    work = done.catch(() => undefined)
    return done
  }
  return {
    reload: () => inTurn(takeUp),
    stop: () => {
      stopping.abort()
      return inTurn(async () => running?.stop())
    },
  }
}

/**
 * Whether a node could start with these settings, as far as that is seen without its database.
 * @throws NodeFault, or an Error that names the file and the line of a code list
 */
export function checkRunnable(settings: NodeSettings): void {
  const corridor = readCorridor(settings.corridor)
  const own = corridor.nodes.find(({ id }) => id === settings.node)
  if (own === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${settings.node} in ${corridor.id}.`)
  checkedPair(settings.signing, 'signing')
  checkedPair(settings.tls, 'TLS')
  const { law, rules } = loadLaw(corridor.codelists)
  checkGuarantees(own, law)
  knownTimers(own, law)
  rulesOf(corridor, rules)
  partnersOf(corridor, own, settings, actionsOf(law))
}

import { NodeFault } from './faults.ts'
import { isDemonstration } from './pki/certificates.ts'
import type { NodeSettings } from './settings.ts'

/** The clock of a node: every time that it decides by, writes or says comes from here. */
export interface NodeClock {
  now(): Date
  /** How far it is ahead of the machine's own clock, in milliseconds; 0 but in stories and tests. */
  readonly aheadMs: number
  /** Moves it on, never back: times that were written would lie in the future. */
  moveAhead(aheadMs: number): void
}

/**
 * The clock that the settings of a node ask for.
 * @throws NodeFault CLOCK_AHEAD when it is ahead and the node is a real one: what that signs is evidence
 */
export function nodeClock(settings: Pick<NodeSettings, 'clockAheadMs' | 'signing' | 'tls'>): NodeClock {
  let aheadMs = 0
  const moveAhead = (wanted: number): void => {
    if (wanted === aheadMs) return
    if (!isDemonstration(settings.signing.certificate) || !isDemonstration(settings.tls.certificate))
      throw new NodeFault('CLOCK_AHEAD', `clockAheadMs is ${wanted}.`)
    if (!Number.isSafeInteger(wanted) || wanted < aheadMs)
      throw new NodeFault('CLOCK_AHEAD', `clockAheadMs goes from ${aheadMs} to ${wanted}: a clock only moves on.`)
    aheadMs = wanted
  }
  moveAhead(settings.clockAheadMs ?? 0)
  return {
    now: () => new Date(Date.now() + aheadMs),
    get aheadMs() {
      return aheadMs
    },
    moveAhead,
  }
}

import type { Casework } from '@corridor/casework'
import type { Database } from '@corridor/database'
import type { Form } from '@corridor/declarations'
import { loadDeclarations } from '@corridor/tables'
import type { CorridorNode } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import type { LogLine } from '../log.ts'
import type { NodeSettings } from '../settings.ts'
import { keepNational } from './keep.ts'
import { openNational } from './open.ts'

/** Working with the national system of a node. */
export interface NationalWork {
  start(): Promise<void>
  /** Ends what is under way; nothing to do where it was not started. */
  stop(): Promise<void>
}

/**
 * Works with the national system of a node, where it has one and declaration data are agreed on.
 * @throws NodeFault CORRIDOR_FILE as {@link nationalFormOf}
 */
export function nationalDesk(parts: {
  own: CorridorNode
  settings: NodeSettings
  casework: Casework
  db: Database
  clock: () => Date
  log: LogLine
}): NationalWork {
  const { own, settings, casework, db, clock, log } = parts
  const { nationalSystem: system } = own
  const { declarations } = casework
  const form = declarations && nationalFormOf(own, settings)
  if (system === null || declarations === undefined || form === undefined)
    return { start: async () => undefined, stop: async () => undefined }
  let stop: (() => Promise<void>) | undefined
  return {
    async start() {
      stop = keepNational({
        system: await openNational(system, settings.nationalSystem!, clock),
        form,
        facts: { country: own.country, agency: own.name, currency: system.currency },
        casework: declarations,
        db,
        clock,
        log,
      })
    },
    async stop() {
      const running = stop
      stop = undefined
      await running?.()
    },
  }
}

/**
 * In which form the national system of a node has its declarations; undefined for a node without one.
 * @throws NodeFault CORRIDOR_FILE for a form that there is not, or a system of which nobody says where it is
 */
export function nationalFormOf({ id, nationalSystem: system }: CorridorNode, settings: NodeSettings): Form | undefined {
  if (system === null) return undefined
  const place = `corridor.yaml › nodes › ${id} › nationalSystem`
  const { forms } = loadDeclarations()
  const form = forms.get(system.form)
  if (form === undefined) {
    const names = [...forms.keys()].join(', ')
    throw new NodeFault('CORRIDOR_FILE', `${place}: there is no form “${system.form}”. There are: ${names}.`)
  }
  if (settings.nationalSystem === undefined)
    throw new NodeFault('CORRIDOR_FILE', `${place}: “keys” of the node does not say where it is (nationalSystem).`)
  return form
}

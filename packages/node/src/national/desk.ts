import type { Casework } from '@corridor/casework'
import type { Database } from '@corridor/database'
import { loadDeclarations } from '@corridor/tables'
import type { CorridorNode } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import type { LogLine } from '../log.ts'
import type { NodeSettings } from '../settings.ts'
import { keepNational, type NationalDesk } from './keep.ts'
import { openNational } from './open.ts'

/** Working with the national system of a node. */
export interface NationalWork {
  start(): Promise<void>
  /** Ends what is under way; nothing to do where it was not started. */
  stop(): Promise<void>
}

/**
 * Works with the national system of a node, where it has one and there is something to hand over.
 * @throws NodeFault CORRIDOR_FILE for a form that there is not, or a system of which nobody says where it is
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
  const { nationalSystem: known } = settings
  if (system === null || (casework.declarations === undefined && casework.national === undefined))
    return { start: async () => undefined, stop: async () => undefined }
  if (known === undefined)
    throw new NodeFault(
      'CORRIDOR_FILE',
      `${placeOf(own)}: “keys” of the node does not say where it is (nationalSystem).`,
    )
  const declarations = declarationDesk(own, casework)
  let stop: (() => Promise<void>) | undefined
  return {
    async start() {
      stop = keepNational({
        system: await openNational(system, known, { clock, db, log }),
        ...(declarations && { declarations }),
        ...(casework.national && { transit: casework.national }),
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

const placeOf = ({ id }: CorridorNode): string => `corridor.yaml › nodes › ${id} › nationalSystem`

/** In which form it hands over declarations; undefined where it hands over none. */
function declarationDesk(own: CorridorNode, { declarations: casework }: Casework): NationalDesk['declarations'] {
  const told = own.nationalSystem?.declarations
  if (told == null || casework === undefined) return undefined
  const { forms } = loadDeclarations()
  const form = forms.get(told.form)
  if (form === undefined) {
    const names = [...forms.keys()].join(', ')
    throw new NodeFault('CORRIDOR_FILE', `${placeOf(own)}: there is no form “${told.form}”. There are: ${names}.`)
  }
  return { form, facts: { country: own.country, agency: own.name, currency: told.currency }, casework }
}

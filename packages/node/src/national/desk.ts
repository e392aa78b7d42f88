import type { Casework } from '@corridor/casework'
import type { Database } from '@corridor/database'
import { loadDeclarations } from '@corridor/tables'
import type { CorridorNode } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import type { LogLine } from '../log.ts'
import type { NodeSettings } from '../settings.ts'
import { keepNational, type NationalDesk } from './keep.ts'
import { openNational } from './open.ts'

/**
 * Works with the national system of a node, where it has one and there is something to hand over. @returns how to stop
 * @throws NodeFault CORRIDOR_FILE for a form that there is not, or a system of which nobody says where it is
 */
export async function nationalDesk(parts: {
  own: CorridorNode
  settings: NodeSettings
  casework: Casework
  db: Database
  clock: () => Date
  log: LogLine
}): Promise<() => Promise<void>> {
  const { own, settings, casework, db, clock, log } = parts
  const { nationalSystem: system } = own
  if (system === null || (casework.declarations === undefined && casework.national === undefined))
    return async () => undefined
  if (settings.nationalSystem === undefined)
    throw new NodeFault(
      'CORRIDOR_FILE',
      `${placeOf(own)}: “keys” of the node does not say where it is (nationalSystem).`,
    )
  const declarations = declarationDesk(own, casework)
  return keepNational({
    system: await openNational(system, settings.nationalSystem, clock),
    ...(declarations && { declarations }),
    ...(casework.national && { transit: casework.national }),
    db,
    clock,
    log,
  })
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

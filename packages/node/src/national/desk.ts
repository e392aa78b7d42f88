import type { Casework } from '@corridor/casework'
import type { Database } from '@corridor/database'
import { loadDeclarations } from '@corridor/tables'
import type { CorridorNode } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import type { LogLine } from '../log.ts'
import type { NodeSettings } from '../settings.ts'
import { keepNational } from './keep.ts'
import { openNational } from './open.ts'

/**
 * Works with the national system of a node, where it has one and declaration data are agreed on. @returns how to stop
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
  if (system === null || casework.declarations === undefined) return async () => undefined
  const place = `corridor.yaml › nodes › ${own.id} › nationalSystem`
  const form = loadDeclarations().forms.get(system.form)
  if (form === undefined) {
    const names = [...loadDeclarations().forms.keys()].join(', ')
    throw new NodeFault('CORRIDOR_FILE', `${place}: there is no form “${system.form}”. There are: ${names}.`)
  }
  if (settings.nationalSystem === undefined)
    throw new NodeFault('CORRIDOR_FILE', `${place}: “keys” of the node does not say where it is (nationalSystem).`)
  return keepNational({
    system: await openNational(system, settings.nationalSystem, clock),
    form,
    facts: { country: own.country, agency: own.name, currency: system.currency },
    casework: casework.declarations,
    db,
    clock,
    log,
  })
}

import type { DeclarationPorts } from '@corridor/casework'
import { agencyParticipant } from '@corridor/registry'
import { loadDeclarations } from '@corridor/tables'
import type { Corridor, CorridorNode } from './config/corridor.ts'
import { NodeFault } from './faults.ts'

/**
 * What a node needs for declaration data; undefined where nobody agreed on any with it.
 * @throws NodeFault CORRIDOR_FILE for an edition or an element that the utility block does not have
 */
export function declarationPortsOf(
  corridor: Corridor,
  own: CorridorNode,
): Omit<DeclarationPorts, 'shares'> | undefined {
  const agreed = corridor.declarations.filter(({ between }) => between.includes(own.id))
  if (agreed.length === 0) return undefined
  const { blocks, imports, law } = loadDeclarations()
  const partyOf = (id: string): string => corridor.nodes.find((node) => node.id === id)?.party ?? id
  const agreements = agreed.map(({ between: [one, other], edition, tells, share }) => {
    const partner = one === own.id ? other : one
    if (edition !== null && !blocks.editions.some((each) => each.edition === edition))
      throw new NodeFault('CORRIDOR_FILE', `corridor.yaml › declarations: the utility block has no edition ${edition}`)
    const agreement = { edition: edition ?? blocks.newest, tells, ...(share !== null && { purpose: share }) }
    return [partyOf(partner), agreement] as const
  })
  const agencies = own.accounts.flatMap(({ id, subscription }) => {
    if (subscription === null) return []
    const unknown = subscription.elements.find((element) => blocks.element(element) === undefined)
    if (unknown !== undefined)
      throw new NodeFault('CORRIDOR_FILE', `account ${id}, subscribes: the utility block has no element ${unknown}`)
    return [{ participant: agencyParticipant(id), ...subscription }]
  })
  return {
    blocks,
    imports,
    law,
    agreements: new Map(agreements),
    agencies,
    traders: new Set(own.accounts.flatMap(({ trader }) => trader ?? [])),
    agency: own.name,
    mirror: own.mirror,
    hasNationalSystem: own.nationalSystem?.declarations != null,
  }
}

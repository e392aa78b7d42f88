import { createDirectory, type Directory } from '@corridor/casework'
import { systemParticipant } from '@corridor/procedures'
import type { Corridor, CorridorNode } from './config/corridor.ts'

/** Who is who, from the corridor file; names of other offices, and operators, are those that are published. */
export function directoryOf(
  corridor: Corridor,
  own: CorridorNode,
  published: Pick<Parameters<typeof createDirectory>[0], 'officeName' | 'operator'> = {},
): Directory {
  const byCountry = new Map(corridor.nodes.map((node) => [node.country, node.party]))
  return createDirectory({
    party: own.party,
    country: own.country,
    offices: corridor.offices.map((office) => ({ ...office, party: byCountry.get(office.country) ?? '' })),
    traders: corridor.traders,
    systems: own.accounts.flatMap(({ system }) => system ?? []),
    guarantees: corridor.guarantees,
    ...published,
    parties: Object.fromEntries([
      ...corridor.nodes.map((node) => [node.party, node.name]),
      ...own.accounts.flatMap(({ id, name, system, trader }) =>
        [id, trader ?? [], system === null ? [] : systemParticipant(system)].flat().map((each) => [each, name]),
      ),
    ]) as Record<string, string>,
  })
}

/** What incidents change: the seals and the means of transport as they are now. */
import type { Doc } from '@corridor/customs'
import { groups, numbered, text, texts } from './read.ts'
import type { Movement, MovementData } from './types.ts'

/** The seals on the goods now: those of the record, replaced by what incidents say. Without containers an incident speaks of all of them. */
export function sealsNow({ record, incidents = [] }: MovementData): string[] {
  const seals = new Map<string, string[]>()
  const affix = (equipment: Doc) => {
    seals.set(text(equipment, 'containerIdentificationNumber') ?? '', texts(equipment, 'Seal.identifier'))
  }
  groups(record, 'Consignment.TransportEquipment').forEach(affix)
  for (const { incident } of incidents) {
    const changed = groups(incident, 'TransportEquipment').filter((each) => text(each, 'numberOfSeals') !== undefined)
    if (changed.some((each) => text(each, 'containerIdentificationNumber') === undefined)) seals.clear()
    changed.forEach(affix)
  }
  return [...seals.values()].flat()
}

/** The means of transport that carries the goods now: that of departure, or of the last transhipment. */
export function meansNow({ record, incidents = [] }: MovementData): Doc | undefined {
  const changed = incidents.flatMap(({ incident }) => groups(incident, 'Transhipment.TransportMeans'))
  return changed.at(-1) ?? groups(record, 'Consignment.DepartureTransportMeans')[0]
}

/** The incidents of a movement as the documents have them that carry its record: the last nine, more find no place in them. */
export const incidentGroups = ({ data }: Pick<Movement, 'data'>): Doc[] =>
  numbered((data.incidents ?? []).slice(-9).map(({ incident: { sequenceNumber: _, ...incident } }) => incident))

import { openBorderDatabase, openObjectStore, storeSettings } from '@corridor/carriers'
import type { Carrier, Place } from '@corridor/exchange'
import type { Corridor } from './config/corridor.ts'
import type { CorridorPlace } from './config/links.ts'
import { NodeFault } from './faults.ts'
import type { LogLine } from './log.ts'
import type { Partners } from './partners.ts'
import type { NodeSettings } from './settings.ts'

/** Third places that the links of a node pass. */
export interface Places {
  places: Record<string, Place>
  close(): Promise<void>
}

type Opener = (parts: { address: string; party: string; log: LogLine }) => Carrier

const openers: Readonly<Record<CorridorPlace['kind'], Opener>> = {
  'border-database': ({ address, ...rest }) => openBorderDatabase({ url: address, ...rest }),
  cloud: ({ address, ...rest }) => openObjectStore({ settings: storeSettings(address), ...rest }),
}

/**
 * Reaches the places by which a node's partners are reached; no connection is made before the first message.
 * @throws NodeFault CORRIDOR_FILE when the settings lack the address of one; BorderFault, StoreFault when it is none
 */
export function placesOf(
  { nodes, places: known }: Corridor,
  party: string,
  settings: NodeSettings,
  { carried }: Partners,
  log: LogLine,
): Places {
  const ids = new Set(carried.map(({ place }) => place))
  const places: Record<string, Place> = {}
  for (const id of ids) {
    const hub = nodes.find((node) => node.id === id)
    if (hub !== undefined) places[id] = { hub: hub.party }
    const place = known.find((each) => each.id === id)
    if (place !== undefined) {
      const address = settings.places?.[id]
      if (address === undefined) throw new NodeFault('CORRIDOR_FILE', `there is no address of the place ${id}.`)
      places[id] = { carrier: openers[place.kind]({ address, party, log }) }
    }
  }
  return {
    places,
    async close() {
      await Promise.all(Object.values(places).flatMap((place) => ('carrier' in place ? [place.carrier.close()] : [])))
    },
  }
}

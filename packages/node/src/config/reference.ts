import { NodeFault } from '../faults.ts'
import type { Checked } from './checked.ts'
import type { Corridor } from './corridor.ts'

/** Lists of reference data that one node owns and others take from it. */
export interface CorridorReference {
  /** Ids; of one administration's part of a list `CL141/NTA.AL`, of the corridor's `CL009/albania-kosovo`. */
  lists: string[]
  name: string
  /** Name of the node that alone changes them. */
  owner: string
  /** Names of the nodes that take them; null: every node that has a link with the owner. */
  subscribers: string[] | null
  illustrative: boolean
}

const nodeName = /^[a-z][a-z0-9-]*$/

/** One member of the section `reference`. @throws NodeFault CORRIDOR_FILE */
export function referenceFrom(shared: Checked): CorridorReference {
  const subscribers = shared.optionalTexts('subscribers')
  return {
    lists: shared.texts('lists', /^[A-Za-z0-9][\w.-]{0,49}(\/[\w.-]{1,49})?$/),
    name: shared.text('name'),
    owner: shared.text('owner', nodeName),
    subscribers: subscribers.length === 0 ? null : subscribers,
    illustrative: shared.text('status', /^(official|illustrative)$/) === 'illustrative',
  }
}

/** Who takes the lists of an owner: names of nodes. */
export function subscribersOf({ links }: Pick<Corridor, 'links'>, { owner, subscribers }: CorridorReference): string[] {
  if (subscribers !== null) return subscribers
  return links.flatMap(({ between: [one, other] }) => (one === owner ? [other] : other === owner ? [one] : []))
}

/** What the section `reference` says of nodes and links must be there. @throws NodeFault CORRIDOR_FILE */
export function crossCheckReference(corridor: Corridor): void {
  const wrong = (what: string): never => {
    throw new NodeFault('CORRIDOR_FILE', `corridor.yaml: reference: ${what}`)
  }
  const nodes = new Map(corridor.nodes.map((node) => [node.id, node]))
  const parties = new Set(corridor.nodes.map(({ party }) => party))
  const seen = new Set<string>()
  for (const shared of corridor.reference) {
    const owner = nodes.get(shared.owner) ?? wrong(`the owner ${shared.owner} of ${shared.lists[0]} is no node`)
    for (const list of shared.lists) {
      if (seen.has(list)) wrong(`the list ${list} is there twice; it has one owner`)
      seen.add(list)
      const part = list.split('/')[1]
      if (part !== undefined && parties.has(part) && part !== owner.party)
        wrong(`the list ${list} is the part of ${part}, and the owner ${shared.owner} is ${owner.party}`)
      if (part !== undefined && !parties.has(part) && part !== corridor.id)
        wrong(`the list ${list} is the part of ${part}, which is neither a party nor this corridor`)
    }
    const linked = subscribersOf(corridor, { ...shared, subscribers: null })
    const stranger = shared.subscribers?.find((node) => !linked.includes(node))
    if (stranger !== undefined)
      wrong(`the subscriber ${stranger} of ${shared.lists[0]} has no link with the owner ${shared.owner}`)
  }
}

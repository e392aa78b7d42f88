import { type Checked, type Corridor, NodeFault } from '@corridor/node'

/** A node that a place of a story names. @throws NodeFault CORRIDOR_FILE */
export function nodeOf(place: Checked, corridor: Corridor, name = 'node'): string {
  return place.text(name, (id) => corridor.nodes.some((node) => node.id === id))
}

/** A node or a third place that a place of a story names. @throws NodeFault CORRIDOR_FILE */
export function nodeOrPlaceOf(place: Checked, corridor: Corridor, name: string): string {
  return place.text(name, (id) => [...corridor.nodes, ...corridor.places].some((each) => each.id === id))
}

/** The node that an account is of. @throws NodeFault CORRIDOR_FILE when there is no such account */
export function nodeOfAccount({ nodes }: Corridor, account: string): string {
  const found = nodes.find(({ accounts }) => accounts.some(({ id }) => id === account))
  if (found === undefined) throw new NodeFault('CORRIDOR_FILE', `there is no account “${account}”`)
  return found.id
}

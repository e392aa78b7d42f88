import type { Checked, Corridor } from '@corridor/node'

/** A node that a place of a story names. @throws NodeFault CORRIDOR_FILE */
export function nodeOf(place: Checked, corridor: Corridor, name = 'node'): string {
  return place.text(name, (id) => corridor.nodes.some((node) => node.id === id))
}

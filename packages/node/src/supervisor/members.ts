import type { CorridorNode } from '../config/corridor.ts'

/** Whether both are the same members, in any order. */
export function isSame(some: readonly CorridorNode[], others: readonly CorridorNode[]): boolean {
  const ids = new Set(some.map(({ id }) => id))
  return ids.size === others.length && others.every(({ id }) => ids.has(id))
}

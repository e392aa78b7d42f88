import type { Share } from '../api/share-types.ts'
import type { Tone } from '../api/types.ts'

/** How loud a state is. The words are `shareState.<state>`. */
const tones: Readonly<Record<Share['state'], Tone>> = {
  offered: 'warn',
  accepted: 'ok',
  declined: 'bad',
  replaced: 'neutral',
  withdrawn: 'bad',
  ended: 'neutral',
}

export const toneOf = (state: string): Tone => tones[state as Share['state']] ?? 'neutral'

/** The address of a share, for the page and for the node alike. */
export const toShare = ({ owner, id }: Pick<Share, 'owner' | 'id'>, rest = ''): string =>
  `/shares/${encodeURIComponent(owner)}/${encodeURIComponent(id)}${rest}`

/** The address of a list or of a page of it. */
export const withCursor = (path: string, cursor: string | null): string =>
  cursor === null || cursor === '' ? path : `${path}?cursor=${encodeURIComponent(cursor)}`

/** An element of the utility block with what is below it. */
export interface ElementNode {
  path: string
  name: string
  /** Elements with a value at or below it. */
  leaves: string[]
  children: ElementNode[]
}

/** The elements with a value as a tree of their groups, in their order. */
export function treeOf(paths: readonly string[]): ElementNode[] {
  const roots: ElementNode[] = []
  for (const path of paths) {
    let [level, above] = [roots, '']
    const steps = path.split('/')
    for (const [at, name] of steps.entries()) {
      above = at === 0 ? name : `${above}/${name}`
      let node = level.find((each) => each.name === name)
      if (node === undefined) level.push((node = { path: above, name, leaves: [], children: [] }))
      node.leaves.push(path)
      level = node.children
    }
  }
  return roots
}

/** What is named, said as shortly as it can be: a group of which everything is named stands for all below it. */
export function collapsed(named: readonly string[], all: readonly string[]): string[] {
  const has = new Set(named)
  const known = new Set(all)
  const said = (nodes: readonly ElementNode[]): string[] =>
    nodes.flatMap(({ path, leaves, children }) =>
      leaves.every((leaf) => has.has(leaf)) ? [path] : [...(has.has(path) ? [path] : []), ...said(children)],
    )
  // What this edition does not know stays as it was named.
  return [...said(treeOf(all)), ...named.filter((path) => !known.has(path))]
}

/** The named elements with others, or without them. Those that are always there stay. */
export function toggled(
  named: ReadonlySet<string>,
  leaves: readonly string[],
  { on, always }: { on: boolean; always: readonly string[] },
): Set<string> {
  const next = new Set(named)
  for (const leaf of leaves)
    if (on) next.add(leaf)
    else if (!always.includes(leaf)) next.delete(leaf)
  return next
}

/** Every value of a block, by its path. */
export function valuesOf(block: unknown, above = ''): { path: string; value: string }[] {
  if (typeof block === 'string') return [{ path: above, value: block }]
  if (Array.isArray(block)) return block.flatMap((each, at) => valuesOf(each, `${above}[${at + 1}]`))
  if (typeof block !== 'object' || block === null) return []
  return Object.entries(block).flatMap(([name, value]) =>
    valuesOf(value, name === '#text' ? above : above === '' ? name : `${above}/${name}`),
  )
}

/** A part of a block: what an agreement lets somebody see. */
import { CustomsFault, type Doc } from '@corridor/customs'
import { compact } from '../doc.ts'
import type { BlockElement } from './elements.ts'

/**
 * The block with some elements only. What is not of the declaration (whose block it is, which edition) stays, and so do the keys of groups that
 * repeat, where something of the group is wanted: else nobody could tell one item from another.
 * @throws CustomsFault bad-value for an element that no edition has: a misspelt agreement must not hide by giving less
 */
export function only(block: Doc, wanted: readonly string[], elements: ReadonlyMap<string, BlockElement>): Doc {
  const unknown = wanted.find((path) => !elements.has(path))
  if (unknown !== undefined) throw new CustomsFault('bad-value', `the utility block has no ${unknown}`)
  const isWanted = (path: string): boolean =>
    !path.startsWith('Declaration') || wanted.some((each) => path === each || path.startsWith(`${each}/`))
  const part = (doc: Doc, above: string): Doc => {
    const kept: Doc = {}
    const keys: Doc = {}
    for (const [name, value] of Object.entries(doc)) {
      const path = name === '#text' ? above.slice(0, -1) : `${above}${name}`
      const own = name === '#text' || name.startsWith('@') ? above.slice(0, -1) : path
      if (typeof value === 'string') {
        if (isWanted(own)) kept[name] = value
        else if (elements.get(path)?.isKey === true) keys[name] = value
      } else if (value !== undefined) {
        const inside = (each: string | Doc): string | Doc => (typeof each === 'string' ? each : part(each, `${path}/`))
        kept[name] = Array.isArray(value) ? value.map(inside) : inside(value)
      }
    }
    const some = compact(kept)
    return Object.keys(some).length === 0 ? some : { ...keys, ...some }
  }
  return compact(part(block, ''))
}

/** A document as rules walk it: every element knows how it was reached, and is made only once however often rules come by. */
import type { Doc, Place } from '../document.ts'

/** An element of a document; as a `Place` it is its own way from the document element. */
export interface Frame extends Place {
  readonly value: string | Doc
  readonly parent: Frame | undefined
  /** what was looked for from here so far, by the names of the steps; see `remembered` */
  seen: Map<string, readonly Frame[]> | undefined
  /** groups below by the value of one of their fields, `ConsignmentItem[goodsItemNumber]`; see `childrenWith` */
  keyed: Map<string, ReadonlyMap<string, readonly Frame[]>> | undefined
}

const none: readonly Frame[] = []

function frame(parent: Frame | undefined, name: string, index: number, value: string | Doc): Frame {
  return { parent, name, index, value, seen: undefined, keyed: undefined }
}

/** What was looked for under these names before, the very same list; else what `look` finds now. */
export function remembered(from: Frame, names: string, look: () => readonly Frame[]): readonly Frame[] {
  const known = from.seen?.get(names)
  if (known) return known
  const found = look()
  from.seen = (from.seen ?? new Map()).set(names, found)
  return found
}

/** The document element of a document as a frame. */
export function rootFrame(type: string, doc: Doc): Frame {
  return frame(undefined, type, 0, doc)
}

/** The document element that a frame is below. */
export function topOf(from: Frame): Frame {
  let at = from
  while (at.parent) at = at.parent
  return at
}

/** The elements of that name directly below. */
export function childrenOf(parent: Frame, name: string): readonly Frame[] {
  const { value } = parent
  if (typeof value === 'string') return none
  const found = value[name]
  if (found === undefined) return none
  return remembered(parent, name, () =>
    Array.isArray(found) ? found.map((each, at) => frame(parent, name, at + 1, each)) : [frame(parent, name, 0, found)],
  )
}

/** The text of a field; '' for a group. */
export function textOf({ value }: Frame): string {
  return typeof value === 'string' ? value : ''
}

/** The text of the field of that name directly below, undefined when there is none. */
export function fieldOf(group: Frame, name: string): string | undefined {
  const value = typeof group.value === 'string' ? undefined : group.value[name]
  return typeof value === 'string' ? value : undefined
}

/** The groups of that name directly below whose field `key` has this text. */
export function childrenWith(parent: Frame, name: string, key: string, text: string): readonly Frame[] {
  const slot = `${name}[${key}]`
  let index = parent.keyed?.get(slot)
  if (!index) {
    const made = new Map<string, Frame[]>()
    for (const child of childrenOf(parent, name)) {
      const own = fieldOf(child, key)
      const same = own === undefined ? undefined : made.get(own)
      if (same) same.push(child)
      else if (own !== undefined) made.set(own, [child])
    }
    parent.keyed = (parent.keyed ?? new Map()).set(slot, (index = made))
  }
  return index.get(text) ?? none
}

/** The frame and every group below it, in document order. */
export function groupsBelow(from: Frame): Frame[] {
  if (typeof from.value === 'string') return []
  return [from, ...Object.keys(from.value).flatMap((name) => childrenOf(from, name).flatMap(groupsBelow))]
}

/** Whether two values hold the same, whatever the order of elements in groups. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' || typeof b === 'string' || a === undefined || b === undefined) return a === b
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, at) => isEqual(each, b[at]))
  const [one, other] = [a as Doc, b as Doc]
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => isEqual(one[name], other[name]))
}

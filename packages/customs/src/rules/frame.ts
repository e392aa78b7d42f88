/** A document as rules walk it: every element knows how it was reached, and is made only once however often rules come by. */
import type { Doc, Place } from '../document.ts'

/** An element of a document; as a `Place` it is its own way from the document element. */
export interface Frame extends Place {
  readonly value: string | Doc
  readonly parent: Frame | undefined
  /** the elements below that were looked for so far, by name; for the document element also by path */
  readonly seen: Map<string, readonly Frame[]>
  /** groups below by the value of one of their fields, `ConsignmentItem[goodsItemNumber]`; internal to this file */
  readonly keyed: Map<string, ReadonlyMap<string, readonly Frame[]>>
}

const none: readonly Frame[] = []

function frame(parent: Frame | undefined, name: string, index: number, value: string | Doc): Frame {
  return { parent, name, index, value, seen: new Map(), keyed: new Map() }
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
  const { value, seen } = parent
  if (typeof value === 'string') return none
  const found = value[name]
  if (found === undefined) return none
  let frames = seen.get(name)
  if (!frames) {
    frames = Array.isArray(found)
      ? found.map((each, at) => frame(parent, name, at + 1, each))
      : [frame(parent, name, 0, found)]
    seen.set(name, frames)
  }
  return frames
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
  let index = parent.keyed.get(slot)
  if (!index) {
    const made = new Map<string, Frame[]>()
    for (const child of childrenOf(parent, name)) {
      const own = fieldOf(child, key)
      if (own !== undefined) made.set(own, [...(made.get(own) ?? []), child])
    }
    parent.keyed.set(slot, (index = made))
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

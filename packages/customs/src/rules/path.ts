/**
 * Paths of rules: `Guarantee/guaranteeType` below the place the rule is at, `/Consignment` from the document element, `../` one group up,
 * `//Address` every such element of the document.
 */
import type { Doc, Place } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import type { TableNode } from '../messages/fields.ts'

/** An element of a document and how it was reached. */
export interface Frame {
  readonly value: string | Doc
  readonly place: Place
  readonly parent: Frame | undefined
}

/** A compiled path. */
export interface Path {
  readonly text: string
  /** Every occurrence, in document order. */
  select(from: Frame): Frame[]
  /** The groups in which the last step is looked for, whether it is there or not. */
  groups(from: Frame): Frame[]
  /** The occurrences of the last step in one of these groups. */
  inGroup(group: Frame): Frame[]
  /** the name of the last step */
  readonly name: string
}

/** The document element of a document as a frame. */
export function rootFrame(type: string, doc: Doc): Frame {
  return { value: doc, place: { parent: undefined, name: type, index: 0 }, parent: undefined }
}

/** Compiles a path. Throws `rule-syntax`. */
export function compilePath(text: string): Path {
  if (!/^(?:\/\/|\/)?(?:\.\.\/)*[A-Za-z]\w*(?:\/[A-Za-z]\w*)*$/.test(text))
    throw new CustomsFault('rule-syntax', `not a path: ${text}`)
  const steps = text.replace(/^\/+/, '').split('/')
  const name = steps.at(-1)!
  const up = steps.filter((step) => step === '..').length
  const down = steps.slice(up, -1)
  const start = (from: Frame): Frame[] => {
    if (text.startsWith('//')) return descendants(top(from))
    return [text.startsWith('/') ? top(from) : ancestor(from, up)]
  }
  const groups = (from: Frame): Frame[] => {
    let frames = start(from)
    for (const step of down) frames = frames.flatMap((frame) => children(frame, step))
    return frames
  }
  const inGroup = (group: Frame): Frame[] => children(group, name)
  const select = (from: Frame): Frame[] => groups(from).flatMap(inGroup)
  return { text, name, groups, inGroup, select: text.startsWith('/') ? onceADocument(select) : select }
}

/** A path from the document element leads to the same elements from everywhere, so a rule for each of many items looks only once. */
function onceADocument(select: (from: Frame) => Frame[]): (from: Frame) => Frame[] {
  const found = new WeakMap<Frame, Frame[]>()
  return (from) => {
    const root = top(from)
    let frames = found.get(root)
    if (!frames) found.set(root, (frames = select(root)))
    return frames
  }
}

function top(frame: Frame): Frame {
  let at = frame
  while (at.parent) at = at.parent
  return at
}

function ancestor(frame: Frame, up: number): Frame {
  let at = frame
  for (let step = 0; step < up; step++) at = at.parent ?? at
  return at
}

function children({ value, place, ...rest }: Frame, name: string): Frame[] {
  if (typeof value === 'string') return []
  const found = value[name]
  if (found === undefined) return []
  const parent: Frame = { value, place, ...rest }
  if (!Array.isArray(found)) return [{ value: found, place: { parent: place, name, index: 0 }, parent }]
  return found.map((each, at) => ({ value: each, place: { parent: place, name, index: at + 1 }, parent }))
}

/** The frame and every group below it. */
function descendants(frame: Frame): Frame[] {
  if (typeof frame.value === 'string') return []
  return [frame, ...Object.keys(frame.value).flatMap((name) => children(frame, name).flatMap(descendants))]
}

/** A place in a message table, for checking that a rule's paths exist. */
export interface Spot {
  readonly node: TableNode
  readonly parent: Spot | undefined
}

/** The places that a path leads to in a message table; empty when it leads nowhere. */
export function spotsOf(path: Path, from: readonly Spot[]): Spot[] {
  const steps = path.text.replace(/^\/+/, '').split('/')
  let spots = from.map((spot) => (path.text.startsWith('/') ? topSpot(spot) : spot))
  if (path.text.startsWith('//')) spots = spots.flatMap(everySpot)
  for (const step of steps) {
    spots = spots.flatMap((spot): Spot[] => {
      if (step === '..') return spot.parent ? [spot.parent] : []
      return (spot.node.children ?? []).filter((node) => node.name === step).map((node) => ({ node, parent: spot }))
    })
  }
  return spots
}

/** The document element of a message table. */
export function rootSpot(root: TableNode): Spot {
  return { node: root, parent: undefined }
}

function topSpot(spot: Spot): Spot {
  return spot.parent ? topSpot(spot.parent) : spot
}

function everySpot(spot: Spot): Spot[] {
  return [spot, ...(spot.node.children ?? []).flatMap((node) => everySpot({ node, parent: spot }))]
}

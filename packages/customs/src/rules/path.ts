/**
 * Paths of rules:
 *
 * | path | leads to |
 * |---|---|
 * | `Guarantee/guaranteeType` | below the group the rule is at |
 * | `../grossMass` | one group up |
 * | `/Consignment` | below the document element |
 * | `//Address` | every such element of the document |
 * | `HouseConsignment[sequenceNumber]/…` | only the groups with the same number as the one of that name that the rule is in |
 * | `CC015C:/TransitOperation/security` | the earlier message of the movement (`Facts.previous`); without it the rule is not evaluated |
 * | `CC013C\|CC015C:/Authorisation/type` | the first of these that there is |
 * | `CC013C?:/TransitOperation/security` | the earlier message, which need not be there |
 */
import { CustomsFault } from '../faults.ts'
import type { TableNode } from '../messages/fields.ts'
import type { Run } from './facts.ts'
import { childrenOf, childrenWith, fieldOf, groupsBelow, remembered, topOf, type Frame } from './frame.ts'

/** A compiled path. */
export interface Path {
  readonly text: string
  /** the name of the last step */
  readonly name: string
  /** earlier messages that it looks into, empty for the document itself */
  readonly messages: readonly string[]
  /** the names of all steps, `..` included, for checking against a table */
  readonly steps: readonly string[]
  /** Every occurrence, in document order. */
  select(from: Frame, run: Run): readonly Frame[]
  /** The groups in which the last step is looked for, whether it is there or not. */
  groups(from: Frame, run: Run): readonly Frame[]
  /** Where the first step is that is not there, for a path that leads to nothing. */
  gap(from: Frame, run: Run): { readonly group: Frame; readonly name: string }
}

interface Step {
  readonly name: string
  readonly key: string | undefined
}

const none: readonly Frame[] = []
const shape =
  /^(?:(C[CD]\d{3}[A-Z](?:\|C[CD]\d{3}[A-Z])*)(\?)?:)?(\/\/|\/)?((?:\.\.\/)*)([A-Za-z]\w*(?:\[\w+\])?(?:\/[A-Za-z]\w*(?:\[\w+\])?)*)$/

/** Paths by their text: the tables of rules write the same ones over and over, and a path keeps nothing. */
const compiled = new Map<string, Path>()

/** Compiles a path. Throws `rule-syntax`. */
export function compilePath(text: string): Path {
  let path = compiled.get(text)
  if (!path) compiled.set(text, (path = compile(text)))
  return path
}

function compile(text: string): Path {
  const [, earlier, mayBeMissing, from = '', ups = '', rest = ''] = shape.exec(text) ?? []
  if (rest === '' || (from !== '' && ups !== '') || (earlier !== undefined && from !== '/'))
    throw new CustomsFault('rule-syntax', `not a path: ${text}`)
  const up = ups.length / 3
  const steps = rest.split('/').map((step): Step => {
    const [, name = '', key] = /^(\w+)(?:\[(\w+)\])?$/.exec(step)!
    return { name, key }
  })
  const { name } = steps.at(-1)!
  const above = steps.slice(0, -1)
  const messages = earlier?.split('|') ?? []
  const start = starter(messages, mayBeMissing !== undefined, from, up)
  const groups = (at: Frame, run: Run): readonly Frame[] => {
    let frames = start(at, run)
    for (const step of above) frames = down(frames, step, at)
    return frames
  }
  const select = (at: Frame, run: Run): readonly Frame[] => down(groups(at, run), steps.at(-1)!, at)
  const isSameFromStart = steps.length > 1 && steps.every(({ key }) => key === undefined)
  return {
    text,
    name,
    messages,
    steps: [...Array.from<string>({ length: up }).fill('..'), ...steps.map((step) => step.name)],
    groups,
    gap: (at, run) => {
      let frames = start(at, run)
      for (const step of above) {
        const next = down(frames, step, at)
        if (next.length === 0) return { group: frames[0] ?? at, name: step.name }
        frames = next
      }
      return { group: frames[0] ?? at, name }
    },
    select: isSameFromStart && from !== '//' ? onceFrom(start, rest, select) : select,
  }
}

function starter(
  messages: readonly string[],
  mayBeMissing: boolean,
  from: string,
  up: number,
): (at: Frame, run: Run) => readonly Frame[] {
  if (messages.length > 0) {
    return (_, run) => {
      const root = run.earlier(messages, mayBeMissing)
      return root ? [root] : none
    }
  }
  if (from === '//') return (at) => groupsBelow(topOf(at))
  if (from === '/') return (at) => [topOf(at)]
  return (at) => {
    let frame = at
    for (let step = 0; step < up; step++) frame = frame.parent ?? frame
    return [frame]
  }
}

function down(frames: readonly Frame[], { name, key }: Step, at: Frame): readonly Frame[] {
  const step = (frame: Frame): readonly Frame[] => {
    if (key === undefined) return childrenOf(frame, name)
    const own = holderOf(at, name)
    const text = own && fieldOf(own, key)
    return text === undefined ? none : childrenWith(frame, name, key, text)
  }
  return frames.length === 1 ? step(frames[0]!) : frames.flatMap(step)
}

/** The group of that name that a frame is or is in. */
function holderOf(from: Frame, name: string): Frame | undefined {
  for (let at: Frame | undefined = from; at; at = at.parent) if (at.name === name) return at
  return undefined
}

/** Where a path starts, it leads to the same elements for every item that looks, so they are looked for once and the list is the same. */
function onceFrom(
  start: (at: Frame, run: Run) => readonly Frame[],
  rest: string,
  select: Path['select'],
): (at: Frame, run: Run) => readonly Frame[] {
  return (at, run) => {
    const [first] = start(at, run)
    return first ? remembered(first, rest, () => select(at, run)) : none
  }
}

/** A place in a message table, for checking that a rule's paths exist. */
export interface Spot {
  readonly node: TableNode
  readonly parent: Spot | undefined
}

/** The places that a path leads to in a message table; empty when it leads nowhere. */
export function spotsOf(path: Path, from: readonly Spot[]): Spot[] {
  let spots = /^(?:[^/]*:)?\//.test(path.text) ? from.map(topSpot) : [...from]
  if (path.text.startsWith('//')) spots = spots.flatMap(everySpot)
  for (const step of path.steps) {
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

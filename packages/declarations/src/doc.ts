/** Ways through a document in its JSON form, by paths such as `Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity`. */
import type { Doc } from '@corridor/customs'

type Value = string | Doc | (string | Doc)[] | undefined

/** One text of a document. */
export interface Leaf {
  /** with the numbers of repeated elements, from 1 */
  readonly path: string
  /** the same without them: the element of the table */
  readonly element: string
  readonly value: string
}

/** One step of a path; `index` counts from 1 and is undefined for an element that cannot repeat. */
export interface Step {
  readonly name: string
  readonly index: number | undefined
}

/** The text of an element that has attributes stands under this name, and is meant by the path of the element. */
const ownText = '#text'

/** Every text of a document, in its order. */
export function leaves(doc: Doc): Leaf[] {
  const found: Leaf[] = []
  collect(doc, '', '', found)
  return found
}

function collect(doc: Doc, path: string, element: string, into: Leaf[]): void {
  for (const [name, value] of Object.entries(doc)) {
    const own = name === ownText ? '' : path === '' ? name : `/${name}`
    if (Array.isArray(value)) {
      for (const [at, each] of value.entries()) one(each, `${path}${own}[${at + 1}]`, element + own, into)
    } else one(value, path + own, element + own, into)
  }
}

function one(value: Value, path: string, element: string, into: Leaf[]): void {
  if (typeof value === 'string') into.push({ path, element, value })
  // What was kept as it came may have values that no reader of this edition makes of it: null, numbers.
  else if (typeof value === 'object' && value !== null && !Array.isArray(value)) collect(value, path, element, into)
}

/** The steps of a path. */
export function stepsOf(path: string): Step[] {
  return path.split('/').map((step) => {
    // Most steps have no number, and paths are walked for every element of every declaration of a report.
    if (!step.endsWith(']')) return { name: step, index: undefined }
    const [, name = step, index] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? []
    return { name, index: index === undefined ? undefined : Number(index) }
  })
}

/** A path without the numbers of repeated elements. */
export function elementOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '')
}

/** The text at a path; undefined when it is not there. */
export function textAt(doc: Doc, path: string): string | undefined {
  let at: Value = doc
  for (const { name, index } of stepsOf(path)) {
    if (at === undefined || typeof at === 'string' || Array.isArray(at)) return undefined
    const next: Value = at[name]
    at = Array.isArray(next) ? next[(index ?? 1) - 1] : next
  }
  if (typeof at === 'string') return at
  return at === undefined || Array.isArray(at) ? undefined : plain(at[ownText])
}

const plain = (value: Value): string | undefined => (typeof value === 'string' ? value : undefined)

/** The groups at a path, whose last step may repeat. */
export function groupsAt(doc: Doc, path: string): Doc[] {
  let level: Doc[] = [doc]
  for (const name of path.split('/'))
    level = level.flatMap((group) => {
      const value = group[name]
      return (Array.isArray(value) ? value : [value]).filter((each): each is Doc => typeof each === 'object')
    })
  return level
}

/** Whether an element has attributes, so that its text stands below it. */
export type HasAttributes = (element: string) => boolean

/** Names by which a path would leave the document for what every object of the process shares. No element is called so. */
const neverNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** More entries than any element repeats; a number beyond it would make an array that fills the memory. */
const mostEntries = 100_000

/**
 * Puts a text at a path; groups on the way are made. Arrays may get holes, which {@link compact} closes. A path that no element can have
 * (others choose the names in a block of a newer edition) and one that other content stands in the way of are passed over.
 */
export function putAt(doc: Doc, path: string, value: string, hasAttributes: HasAttributes): void {
  const steps = stepsOf(path)
  if (steps.some(({ name, index = 1 }) => neverNames.has(name) || index < 1 || index > mostEntries)) return
  let at = doc
  let element = ''
  for (const [depth, { name, index }] of steps.entries()) {
    element = element === '' ? name : `${element}/${name}`
    const place = placeOf(at, name, index)
    if (place === undefined) return
    const isLast = depth === steps.length - 1
    const there = place.get()
    // A group that is there already keeps its attributes, whatever the table says of the element.
    if (isLast && !hasAttributes(element) && (there === undefined || typeof there === 'string')) return place.set(value)
    if (Array.isArray(there)) return
    // An attribute of a newer edition, on an element that had none: its text makes room.
    const group: Doc = typeof there === 'string' ? { [ownText]: there } : (there ?? {})
    place.set(group)
    if (isLast) group[ownText] = value
    at = group
  }
}

interface Place {
  get(): Value
  set(value: string | Doc): void
}

/** Where a step leads: own members only, never what an object inherits. Undefined where something else than a list is in the way. */
function placeOf(at: Doc, name: string, index: number | undefined): Place | undefined {
  const own = Object.hasOwn(at, name) ? at[name] : undefined
  if (index === undefined) return { get: () => own, set: (value) => void (at[name] = value) }
  if (own !== undefined && !Array.isArray(own)) return undefined
  const list = own ?? []
  at[name] = list
  return { get: () => list[index - 1], set: (value) => void (list[index - 1] = value) }
}

/** The document without empty groups, empty arrays and holes in arrays. */
export function compact(doc: Doc): Doc {
  const kept: Doc = {}
  for (const [name, value] of Object.entries(doc)) {
    if (neverNames.has(name)) continue
    if (Array.isArray(value)) {
      const entries = Array.from(value, (each) => (typeof each === 'object' ? compact(each) : each))
      const full = entries.filter((each) => typeof each === 'string' || (each !== undefined && !isEmpty(each)))
      if (full.length > 0) kept[name] = full
    } else if (typeof value === 'string') kept[name] = value
    else if (value !== undefined) {
      const inside = compact(value)
      if (!isEmpty(inside)) kept[name] = inside
    }
  }
  return kept
}

const isEmpty = (doc: Doc): boolean => Object.keys(doc).length === 0

/** A copy that shares nothing with the document. */
export function copyOf(doc: Doc): Doc {
  return structuredClone(doc)
}

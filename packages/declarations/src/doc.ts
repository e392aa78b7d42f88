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
  else if (value !== undefined && !Array.isArray(value)) collect(value, path, element, into)
}

/** The steps of a path. */
export function stepsOf(path: string): Step[] {
  return path.split('/').map((step) => {
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

/** Puts a text at a path; groups on the way are made. Arrays may get holes, which {@link compact} closes. */
export function putAt(doc: Doc, path: string, value: string, hasAttributes: HasAttributes): void {
  const steps = stepsOf(path)
  let at = doc
  for (const [depth, { name, index }] of steps.entries()) {
    const isLast = depth === steps.length - 1
    const element = steps
      .slice(0, depth + 1)
      .map((step) => step.name)
      .join('/')
    const holdsText = isLast && !hasAttributes(element)
    if (index === undefined) {
      if (holdsText) at[name] = value
      else at = (at[name] ??= {}) as Doc
    } else {
      const list = (at[name] ??= []) as (string | Doc)[]
      if (holdsText) list[index - 1] = value
      else at = (list[index - 1] ??= {}) as Doc
    }
    if (isLast && !holdsText) at[ownText] = value
  }
}

/** The document without empty groups, empty arrays and holes in arrays. */
export function compact(doc: Doc): Doc {
  const kept: Doc = {}
  for (const [name, value] of Object.entries(doc)) {
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

/** Tables compiled for reading: where each name belongs. One plan serves both readers. */
import type { Format } from '../format/format.ts'
import type { TableNode } from './fields.ts'

/** One thing that a sequence or choice may hold: an element, or a model group. */
export interface Member {
  readonly node: TableNode
  /** key in the JSON form */
  readonly name: string
  /** position among its siblings, from 0 */
  readonly order: number
  readonly min: number
  readonly max: number
  readonly format: Format | undefined
  /** the content of an element that holds elements */
  readonly plan: Plan | undefined
  readonly attributes: AttributePlan | undefined
  /** set when this is no element */
  readonly model: Model | undefined
  /** the structure is right without it */
  readonly optional: boolean
  /** the bytes of `<name` and `</name>`, for elements of flat content */
  readonly start: Expected
  readonly end: Expected
}

/** Bytes to compare with: as many words of four as there are, little-endian, and the bytes after them. */
export interface Expected {
  readonly words: Int32Array
  readonly rest: Uint8Array
  readonly length: number
}

/** Members one after the other, or one of them. */
export interface Model {
  readonly choice: boolean
  readonly members: readonly Member[]
}

/** What one element may hold. */
export interface Plan {
  readonly model: Model
  /** the way to each element by its expanded name: through model groups, the element last */
  readonly routes: ReadonlyMap<string, readonly Member[]>
  /** expected namespaces by local name, to tell a wrong namespace from an unknown element */
  readonly namespaces: ReadonlyMap<string, string>
  /** elements without namespace and attributes, nothing else: what the quick reader can expect byte by byte */
  readonly flat: boolean
  /** position of the last member that must occur, -1 when none must */
  readonly lastRequired: number
}

/** Which attributes an element may have. */
export interface AttributePlan {
  readonly byName: ReadonlyMap<string, TableNode>
  readonly required: readonly TableNode[]
}

/** One string for namespace and local name. */
export function expandedName(namespace: string, local: string): string {
  return namespace === '' ? local : `{${namespace}}${local}`
}

/** Returns the compiler of one edition's plans: groups that several messages share are compiled once. */
export function planCompiler(): (fields: readonly TableNode[]) => Plan {
  const compiled = new Map<readonly TableNode[], Plan>()
  const compilePlan = (fields: readonly TableNode[]): Plan => {
    let plan = compiled.get(fields)
    if (!plan) compiled.set(fields, (plan = toPlan(fields, compilePlan)))
    return plan
  }
  return compilePlan
}

function toPlan(fields: readonly TableNode[], compilePlan: (fields: readonly TableNode[]) => Plan): Plan {
  const model = toModel(fields, false, compilePlan)
  const routes = new Map<string, readonly Member[]>()
  const namespaces = new Map<string, string>()
  const visit = ({ members }: Model, way: readonly Member[]): void => {
    for (const member of members) {
      const { namespace, local } = member.node
      if (member.model) visit(member.model, [...way, member])
      else {
        routes.set(expandedName(namespace, local), [...way, member])
        namespaces.set(local, namespace)
      }
    }
  }
  visit(model, [])
  const flat = fields.every(({ kind, namespace, attributes }) => !kind && namespace === '' && !attributes)
  return { model, routes, namespaces, flat, lastRequired: model.members.findLastIndex(({ optional }) => !optional) }
}

const utf8 = new TextEncoder()
const known = new Map<string, Expected>()

/** The same names stand in many tables; the bytes of each are made once. */
function expected(text: string): Expected {
  let made = known.get(text)
  if (!made) {
    const bytes = utf8.encode(text)
    const view = new DataView(bytes.buffer)
    const words = new Int32Array(bytes.length >> 2)
    for (let index = 0; index < words.length; index++) words[index] = view.getInt32(index * 4, true)
    made = { words, rest: bytes.slice(words.length * 4), length: bytes.length }
    known.set(text, made)
  }
  return made
}

function toModel(
  fields: readonly TableNode[],
  choice: boolean,
  compilePlan: (fields: readonly TableNode[]) => Plan,
): Model {
  const members = fields.map((node, order): Member => {
    const isModel = node.kind === 'choice' || node.kind === 'sequence'
    const model = isModel ? toModel(node.children!, node.kind === 'choice', compilePlan) : undefined
    return {
      node,
      name: node.name,
      order,
      min: node.min,
      max: node.max,
      format: node.format,
      plan: node.children && !isModel ? compilePlan(node.children) : undefined,
      attributes: attributePlan(node.attributes),
      model,
      optional: node.min === 0 || (model !== undefined && mayBeEmpty(model)),
      start: expected(`<${node.name}`),
      end: expected(`</${node.name}>`),
    }
  })
  return { choice, members }
}

function mayBeEmpty({ choice, members }: Model): boolean {
  return choice ? members.some(({ optional }) => optional) : members.every(({ optional }) => optional)
}

/** undefined when an element has no attributes of its own. */
export function attributePlan(attributes: readonly TableNode[] = []): AttributePlan | undefined {
  if (attributes.length === 0) return undefined
  return {
    byName: new Map(attributes.map((node) => [expandedName(node.namespace, node.local), node])),
    required: attributes.filter(({ required }) => required),
  }
}

/** Documents with one thing changed: most are wrong then, some are not. Each kind says what it does; it may find nothing to do it to. */
import type { Chance } from './instances-random.ts'
import { elementsOf, type Grown } from './instances-tree.ts'
import { edgeValues } from './instances-values.ts'

/** Changes a tree in one place; false when there is no such place. */
export type Mutate = (root: Grown, chance: Chance) => boolean

const copy = (element: Grown): Grown => ({
  ...element,
  attributes: element.attributes.map((each) => ({ ...each })),
  children: element.children.map(copy),
})

const some = (root: Grown, chance: Chance, which: (element: Grown) => boolean = () => true) => {
  const found = elementsOf(root).filter(({ element }) => which(element))
  return found.length > 0 ? chance.pick(found) : undefined
}

const unknown = (local: string, namespace = ''): Grown => ({
  local,
  namespace,
  attributes: [],
  children: [],
  text: 'x',
  node: undefined,
})

/** Puts an element somewhere among the children of a group. */
function putInto(root: Grown, added: Grown, chance: Chance): boolean {
  const groups = [root, ...elementsOf(root).map(({ element }) => element)].filter(({ children }) => children.length > 0)
  const { children } = chance.pick(groups)
  children.splice(chance.below(children.length + 1), 0, added)
  return true
}

/** Repeats an element until there is one more than the table allows, or just as many. */
function repeatTo(root: Grown, chance: Chance, more: number): boolean {
  const found = some(root, chance, ({ node }) => node !== undefined && node.max <= 99)
  if (!found) return false
  const { element, siblings } = found
  const same = siblings.filter(({ local, namespace }) => local === element.local && namespace === element.namespace)
  const missing = element.node!.max + more - same.length
  if (missing < 0) return false
  siblings.splice(siblings.indexOf(element), 0, ...Array.from({ length: missing }, () => copy(element)))
  return true
}

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'

export const mutations: Readonly<Record<string, Mutate>> = {
  'an element is missing': (root, chance) => {
    const found = some(root, chance)
    if (found) found.siblings.splice(found.siblings.indexOf(found.element), 1)
    return found !== undefined
  },
  'an unknown element is added': (root, chance) =>
    putInto(root, unknown(chance.pick(['Unknown', 'lrn', 'LRN', 'é'])), chance),
  'an element of another group is added': (root, chance) => {
    const found = some(root, chance)
    return found !== undefined && putInto(root, copy(found.element), chance)
  },
  'an element is moved': (root, chance) => {
    const found = some(root, chance)
    if (!found) return false
    found.siblings.splice(found.siblings.indexOf(found.element), 1)
    found.siblings.splice(chance.below(found.siblings.length + 1), 0, found.element)
    return true
  },
  'two neighbours are exchanged': (root, chance) => {
    const found = some(root, chance)
    const at = found ? found.siblings.indexOf(found.element) : 0
    if (!found || at === 0) return false
    found.siblings.splice(at - 1, 2, found.siblings[at]!, found.siblings[at - 1]!)
    return true
  },
  'an element is one level higher': (root, chance) => {
    const found = some(root, chance, ({ children }) => children.length > 0)
    if (!found) return false
    found.siblings.splice(found.siblings.indexOf(found.element), 0, found.element.children.shift()!)
    return true
  },
  'an element is there as often as it may be': (root, chance) => repeatTo(root, chance, 0),
  'an element is there once more than it may be': (root, chance) => repeatTo(root, chance, 1),
  'a value is at an edge of its format': (root, chance) => {
    const found = some(root, chance, ({ node }) => node?.format !== undefined)
    if (found) found.element.text = chance.pick(edgeValues(found.element.node!.format!, chance))
    return found !== undefined
  },
  'a value is that of another element': (root, chance) => {
    const found = some(root, chance, ({ node }) => node?.format !== undefined)
    const other = some(root, chance, ({ node }) => node?.format !== undefined)
    if (!found || !other) return false
    found.element.text = other.element.text
    return true
  },
  'a text holds an element': (root, chance) => {
    const found = some(root, chance, ({ node }) => node?.format !== undefined)
    found?.element.children.push(unknown('b'))
    return found !== undefined
  },
  'a group holds text': (root, chance) => {
    const found = some(root, chance, ({ children }) => children.length > 0)
    if (found) found.element.text = chance.pick(['x', ' x ', '\u00a0', ' \n\t'])
    return found !== undefined
  },
  'a group is empty': (root, chance) => {
    const found = some(root, chance, ({ children }) => children.length > 0)
    if (found) found.element.children = []
    return found !== undefined
  },
  'an element is in a wrong namespace': (root, chance) => {
    const found = some(root, chance)
    const element = found?.element ?? root
    element.namespace = chance.pick(['urn:other', root.namespace, ''].filter((each) => each !== element.namespace))
    return true
  },
  'the root is in a wrong namespace': (root, chance) => {
    root.namespace = chance.pick(['', 'urn:other', `${root.namespace}/`, root.namespace.toUpperCase()])
    return true
  },
  'the root is another': (root, chance) => {
    root.local = chance.pick(['CC999C', root.local.toLowerCase(), `${root.local}X`])
    return true
  },
  'an attribute is added': (root, chance) => {
    const found = some(root, chance)
    const element = chance.oneIn(3) || !found ? root : found.element
    element.attributes.push({
      local: chance.pick(['a', 'Id', 'phaseID']),
      namespace: chance.pick(['', 'urn:other']),
      value: '1',
    })
    return true
  },
  'an attribute is missing': (root, chance) => {
    const all = [root, ...elementsOf(root).map(({ element }) => element)].filter(
      ({ attributes }) => attributes.length > 0,
    )
    if (all.length === 0) return false
    const { attributes } = chance.pick(all)
    attributes.splice(chance.below(attributes.length), 1)
    return true
  },
  'an attribute has another value': (root, chance) => {
    const all = [root, ...elementsOf(root).map(({ element }) => element)].filter(
      ({ attributes }) => attributes.length > 0,
    )
    if (all.length === 0) return false
    const attribute = chance.pick(chance.pick(all).attributes)
    attribute.value = chance.pick(['', ' ', 'x', `${attribute.value} `, ` ${attribute.value}`, `${attribute.value}x`])
    return true
  },
  'a schema location is given': (root, chance) => {
    const element = chance.oneIn(2) ? root : (some(root, chance)?.element ?? root)
    const local = chance.pick(['schemaLocation', 'noNamespaceSchemaLocation'])
    element.attributes.push({ local, namespace: schemaInstance, value: 'https://attacker.example/evil.xsd' })
    return true
  },
}

/**
 * Reads an NCTS schema set (root schemas, ctypes, htypes, stypes, tcl) into plain objects. Names, structure and facets only: the
 * prose of the schema (descriptions, documentation) is used to find a field again in the rule tables, and never written out.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ParseOption, type XmlAttribute, XmlDocument, XmlElement } from 'libxml2-wasm'

/** The facets of a simple type, its ancestors' included. */
export interface Facets {
  /** built-in type at the root of the derivation, e.g. `token` */
  base: string
  lengths: { length?: number; minLength?: number; maxLength?: number }
  digits: { totalDigits?: number; fractionDigits?: number }
  range: { minInclusive?: number; maxInclusive?: number }
  /** one entry a derivation step; alternatives inside an entry */
  patterns: string[][]
  values: string[]
  /** the name of the nearest simple type that adds a facet */
  typeName: string
}

export interface SchemaField {
  name: string
  label: string
  optionality: string
  max: number
  format: string
  codeList: string
  /** name of the complex type, when the field is a group */
  group?: string
  facets?: Facets
}

export interface SchemaMessage {
  type: string
  ie: string
  acronym: string
  title: string
  edition: string
  namespace: string
  phases: string[]
  fields: SchemaField[]
}

export interface Schema {
  messages: SchemaMessage[]
  /** complex types by name; the header group is called `Header` */
  groups: Map<string, SchemaField[]>
}

/** Reads every schema of the folder. Throws when the set uses a construct that this reader does not know. */
export function readSchema(directory: string): Schema {
  const files = readdirSync(directory).filter((name) => name.endsWith('.xsd'))
  const shared = ['ctypes.xsd', 'htypes.xsd', 'stypes.xsd', 'tcl.xsd']
  const simple = new Map<string, XmlElement>()
  const groups = new Map<string, SchemaField[]>()
  const documents: XmlDocument[] = []
  const open = (file: string): XmlElement => {
    const document = XmlDocument.fromBuffer(readFileSync(join(directory, file)), {
      option: ParseOption.XML_PARSE_NO_XXE,
    })
    documents.push(document)
    return document.root
  }
  try {
    const roots = shared.map(open)
    for (const root of roots) for (const type of elements(root, 'simpleType')) simple.set(attribute(type, 'name'), type)
    const types = new Set(roots.flatMap((root) => elements(root, 'complexType').map((type) => attribute(type, 'name'))))
    const fieldsOf = (parent: XmlElement): SchemaField[] =>
      elements(only(parent, 'sequence'), 'element').map((element) => readField(element, types, simple))
    for (const root of roots) {
      for (const type of elements(root, 'complexType')) groups.set(attribute(type, 'name'), fieldsOf(type))
      for (const group of elements(root, 'group')) groups.set('Header', fieldsOf(group))
    }
    const phases = readFacets('phaseIDtype', simple).values.map((value) => value.trim())
    const messages = files
      .filter((file) => /^C[CD]\d{3}[A-Z]\.xsd$/.test(file))
      .sort()
      .map((file) =>
        readMessage(file.slice(0, -4), open(file), readFileSync(join(directory, file), 'utf8'), phases, fieldsOf),
      )
    return { messages, groups }
  } finally {
    for (const document of documents) document.dispose()
  }
}

function readMessage(
  type: string,
  root: XmlElement,
  text: string,
  phases: string[],
  fieldsOf: (parent: XmlElement) => SchemaField[],
): SchemaMessage {
  const [, ie, acronym, title] = /<!--=+ (IE\d+): (\S+) +-->\s*<!--=+ (.*?) +-->/.exec(text) ?? []
  if (!ie || !acronym || !title) throw new Error(`${type}: no title in the schema`)
  return {
    type,
    ie,
    acronym,
    title,
    edition: attribute(root, 'version'),
    namespace: attribute(root, 'targetNamespace'),
    phases,
    fields: fieldsOf(only(root, 'complexType')),
  }
}

function readField(element: XmlElement, types: Set<string>, simple: Map<string, XmlElement>): SchemaField {
  const type = attribute(element, 'type')
  const metadata = (name: string, key: string): string =>
    (element.get(`.//*[local-name()='${name}']/@${key}`) as XmlAttribute | null)?.value ?? ''
  const min = Number(attribute(element, 'minOccurs') || '1')
  const optionality = metadata('optionality', 'value') || (min === 0 ? 'O' : 'R')
  if ((optionality === 'R') !== (min === 1))
    throw new Error(`${attribute(element, 'name')}: optionality and minOccurs differ`)
  return {
    name: attribute(element, 'name'),
    label: metadata('description', 'value'),
    optionality,
    max: Number(attribute(element, 'maxOccurs') || '1'),
    format: metadata('format', 'value'),
    codeList: metadata('codeList', 'code'),
    ...(types.has(type) ? { group: type } : { facets: readFacets(type, simple) }),
  }
}

function readFacets(typeName: string, simple: Map<string, XmlElement>): Facets {
  const type = simple.get(typeName)
  if (!type) throw new Error(`unknown simple type ${typeName}`)
  const restriction = only(type, 'restriction')
  const base = attribute(restriction, 'base')
  const inherited: Facets = base.startsWith('xs:')
    ? { base: base.slice(3), lengths: {}, digits: {}, range: {}, patterns: [], values: [], typeName }
    : readFacets(base, simple)
  const facets: Facets = { ...inherited, lengths: { ...inherited.lengths }, digits: { ...inherited.digits } }
  const patterns: string[] = []
  let own = false
  for (const node of elements(restriction)) {
    const value = attribute(node, 'value')
    if (node.name === 'annotation') continue
    own = true
    if (node.name === 'pattern') patterns.push(value)
    else if (node.name === 'enumeration') facets.values = [...facets.values, value]
    else if (/^(length|minLength|maxLength)$/.test(node.name))
      facets.lengths = { ...facets.lengths, [node.name]: Number(value) }
    else if (/^(total|fraction)Digits$/.test(node.name))
      facets.digits = { ...facets.digits, [node.name]: Number(value) }
    else if (/^(min|max)Inclusive$/.test(node.name)) facets.range = { ...facets.range, [node.name]: Number(value) }
    else throw new Error(`${typeName}: unknown facet ${node.name}`)
  }
  if (patterns.length > 0) facets.patterns = [...facets.patterns, patterns]
  return { ...facets, typeName: own ? typeName : inherited.typeName }
}

function elements(parent: XmlElement, name?: string): XmlElement[] {
  const found: XmlElement[] = []
  for (let node = parent.firstChild; node; node = node.next)
    if (node instanceof XmlElement && (name === undefined || node.name === name)) found.push(node)
  return found
}

function only(parent: XmlElement, name: string): XmlElement {
  const [first, ...more] = elements(parent, name)
  if (!first || more.length > 0) throw new Error(`expected one ${name} in ${attribute(parent, 'name')}`)
  return first
}

function attribute(element: XmlElement, name: string): string {
  return element.attr(name)?.value ?? ''
}

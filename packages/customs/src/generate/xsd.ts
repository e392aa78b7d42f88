/** An XML Schema of our own from a message table: it accepts what the reader accepts. */
import { escapeAttribute, escapeText } from '@corridor/xml'
import type { Format } from '../format/format.ts'
import type { TableNode } from '../messages/fields.ts'
import type { MessageTable } from '../messages/messages.ts'
import { rulesOf } from './rules-of.ts'
import { formatTypeName, simpleType } from './xsd-simple-types.ts'

/**
 * The XML Schema 1.0 of a message by file name, the message's own file first. It is self-contained unless the table has names in other
 * namespaces: each of those needs a file of its own (XML Schema part 1, 3.15.2). Shared groups are named complex types, formats named simple
 * types; an element's documentation says its code list and rules, which are data and not in the schema.
 */
export function toXsd(table: MessageTable): ReadonlyMap<string, string> {
  const writer = new XsdWriter(table)
  const root = writer.rootElement()
  const types = writer.types()
  const files = new Map([[`${table.type}.xsd`, writer.file(table.namespace, root + types)]])
  for (const [namespace, { file, declarations }] of writer.foreign)
    files.set(file, writer.file(namespace, [...declarations.keys()].join('')))
  return files
}

/** What stands in another namespace: each element or attribute as a group of its own, which content refers to. */
interface Foreign {
  readonly file: string
  readonly prefix: string
  /** text of the declaration → name */
  readonly declarations: Map<string, string>
}

class XsdWriter {
  readonly foreign = new Map<string, Foreign>()
  readonly #table: MessageTable
  /** complex types that have a name, and the node that gives their content */
  readonly #groups = new Map<string, TableNode>()
  readonly #formats = new Map<string, Format>()
  readonly #qualified: boolean

  constructor(table: MessageTable) {
    this.#table = table
    this.#qualified = table.namespace !== '' && firstElement(table.root.children)?.namespace === table.namespace
  }

  rootElement(): string {
    const { root, phases } = this.#table
    const values = phases.map((phase) => `            <xs:enumeration value="${escapeAttribute(phase)}"/>\n`).join('')
    const phase = `      <xs:attribute name="PhaseID">\n        <xs:simpleType>\n          <xs:restriction base="xs:token">\n${values}          </xs:restriction>\n        </xs:simpleType>\n      </xs:attribute>\n`
    return `  <xs:element name="${root.local}">\n${this.#complexType(root, '    ', '', phases.length > 0 ? phase : '')}  </xs:element>\n`
  }

  /** The named types that were referred to; those that they refer to are met on the way. */
  types(): string {
    const groups: string[] = []
    for (const [name, node] of this.#groups) groups.push(this.#complexType(node, '  ', ` name="${name}"`))
    const simple = [...this.#formats].map(([name, format]) => simpleType(name, format))
    return groups.join('') + simple.join('')
  }

  /** A schema document. The message's namespace is the default one in all of them, so that references to types need no prefix. */
  file(namespace: string, content: string): string {
    const { type, ie, title, edition, namespace: own } = this.#table
    const isOwn = namespace === own
    const others = isOwn ? [...this.foreign] : []
    const imports = isOwn
      ? others.map(([uri, { file }]) => `  <xs:import namespace="${escapeAttribute(uri)}" schemaLocation="${file}"/>\n`)
      : [`  <xs:import${own === '' ? '' : ` namespace="${escapeAttribute(own)}"`} schemaLocation="${type}.xsd"/>\n`]
    const attributes = [
      ['xmlns:xs', 'http://www.w3.org/2001/XMLSchema'],
      ['xmlns', own],
      ...others.map(([uri, { prefix }]) => [`xmlns:${prefix}`, uri]),
      ['targetNamespace', namespace],
      ['elementFormDefault', isOwn && !this.#qualified ? 'unqualified' : 'qualified'],
      ['version', edition],
    ].filter(([, value]) => value !== '')
    const written = attributes.map(([name, value]) => ` ${name}="${escapeAttribute(value!)}"`).join('')
    const says = `${type}${ie === '' ? '' : ` (${ie})`} ${title}`.replaceAll('--', '- -')
    return `<?xml version="1.0" encoding="UTF-8"?>\n<!-- ${says}: made from the message table of Corridor, edition ${edition} -->\n<xs:schema${written}>\n${imports.join('')}${content}</xs:schema>\n`
  }

  #complexType(node: TableNode, indent: string, name: string, more = ''): string {
    const deeper = node.children ? `${indent}  ` : `${indent}      `
    const attributes = (node.attributes ?? []).map((each) => this.#attribute(each, deeper)).join('') + more
    const start = `${indent}<xs:complexType${name}>\n`
    if (node.children)
      return `${start}${this.#model('sequence', node.children, `${indent}  `, '')}${attributes}${indent}</xs:complexType>\n`
    const base = this.#formatType(node.format!)
    const extension = `${indent}    <xs:extension base="${base}">\n${attributes}${indent}    </xs:extension>\n`
    return `${start}${indent}  <xs:simpleContent>\n${extension}${indent}  </xs:simpleContent>\n${indent}</xs:complexType>\n`
  }

  #model(kind: 'sequence' | 'choice', children: readonly TableNode[], indent: string, occurs: string): string {
    const inner = children.map((child) => this.#particle(child, `${indent}  `)).join('')
    return `${indent}<xs:${kind}${occurs}>\n${inner}${indent}</xs:${kind}>\n`
  }

  #particle(node: TableNode, indent: string): string {
    const occurs = occurrence(node)
    if (node.kind === 'choice' || node.kind === 'sequence')
      return this.#model(node.kind, node.children!, indent, occurs)
    if (node.namespace === '' || node.namespace === this.#table.namespace) {
      const isQualified = node.namespace !== ''
      const form = isQualified === this.#qualified ? '' : ` form="${isQualified ? '' : 'un'}qualified"`
      return this.#element(node, indent, form + occurs, node.group === undefined)
    }
    const { prefix, name } = this.#declare(
      node,
      'group',
      (as) =>
        `  <xs:group name="${as}">\n    <xs:sequence>\n${this.#element(node, '      ', '', false)}    </xs:sequence>\n  </xs:group>\n`,
    )
    return `${indent}<xs:group ref="${prefix}:${name}"${occurs}/>\n`
  }

  /** `inline`: content of its own may stand inside the element; else it becomes a type of the message's namespace. */
  #element(node: TableNode, indent: string, more: string, inline: boolean): string {
    const says = documentation(node, this.#table.type, `${indent}  `)
    const start = `${indent}<xs:element name="${node.local}"`
    const isComplex = node.children !== undefined || node.attributes !== undefined
    if (isComplex && inline)
      return `${start}${more}>\n${says}${this.#complexType(node, `${indent}  `, '')}${indent}</xs:element>\n`
    const typed = `${start} type="${isComplex ? this.#groupType(node) : this.#formatType(node.format!)}"${more}`
    return says === '' ? `${typed}/>\n` : `${typed}>\n${says}${indent}</xs:element>\n`
  }

  #attribute(node: TableNode, indent: string): string {
    const use = node.required ? ' use="required"' : ''
    const type = ` type="${this.#formatType(node.format!)}"`
    const declared = (more: string) => `<xs:attribute name="${node.local}"${type}${more}/>\n`
    if (node.namespace === '') return indent + declared(use)
    if (node.namespace === this.#table.namespace) return indent + declared(` form="qualified"${use}`)
    const { prefix, name } = this.#declare(
      node,
      'attributeGroup',
      (as) => `  <xs:attributeGroup name="${as}">\n    ${declared(` form="qualified"${use}`)}  </xs:attributeGroup>\n`,
    )
    return `${indent}<xs:attributeGroup ref="${prefix}:${name}"/>\n`
  }

  /** A declaration in the file of another namespace; equal ones are made once. */
  #declare(
    { namespace, local }: TableNode,
    kind: string,
    make: (name: string) => string,
  ): { prefix: string; name: string } {
    let foreign = this.foreign.get(namespace)
    if (!foreign) {
      const prefix = `n${this.foreign.size + 1}`
      foreign = { file: `${this.#table.type}-${prefix}.xsd`, prefix, declarations: new Map() }
      this.foreign.set(namespace, foreign)
    }
    const { prefix, declarations } = foreign
    for (let number = 1; ; number += 1) {
      const name = `${local}.${kind}${number}`
      const text = make(name)
      if (declarations.get(text) === name) return { prefix, name }
      if ([...declarations.values()].includes(name)) continue
      declarations.set(text, name)
      return { prefix, name }
    }
  }

  #groupType(node: TableNode): string {
    const same = (known: TableNode): boolean =>
      known.children === node.children && known.attributes === node.attributes && known.format === node.format
    for (let number = 0; ; number += 1) {
      const name = (node.group ?? `${node.local}.type`) + (number === 0 ? '' : `.${number}`)
      const known = this.#groups.get(name)
      if (known && !same(known)) continue
      if (!known) this.#groups.set(name, node)
      return name
    }
  }

  #formatType(format: Format): string {
    const name = formatTypeName(format)
    this.#formats.set(name, format)
    return name
  }
}

function firstElement(nodes: readonly TableNode[]): TableNode | undefined {
  const [first] = nodes
  return first?.kind === 'choice' || first?.kind === 'sequence' ? firstElement(first.children!) : first
}

function occurrence({ min, max }: TableNode): string {
  const most = max === Infinity ? 'unbounded' : String(max)
  return `${min === 1 ? '' : ` minOccurs="${min}"`}${max === 1 ? '' : ` maxOccurs="${most}"`}`
}

function documentation(node: TableNode, type: string, indent: string): string {
  const rules = rulesOf(node, type)
  const says = [
    ...(node.optionality === 'D' ? ['depends on its rules'] : []),
    ...(node.codeList === undefined ? [] : [`code list ${node.codeList}`]),
    ...(rules.length > 0 ? [`rules ${rules.join(' ')}`] : []),
  ].join('; ')
  return says === ''
    ? ''
    : `${indent}<xs:annotation><xs:documentation>${escapeText(says)}</xs:documentation></xs:annotation>\n`
}

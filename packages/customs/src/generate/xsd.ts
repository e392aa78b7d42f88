/** An XML Schema of our own from a message table: it accepts what the reader accepts. */
import { escapeAttribute, escapeText } from '@corridor/xml'
import type { Format } from '../format/format.ts'
import type { TableNode } from '../messages/fields.ts'
import type { MessageTable } from '../messages/messages.ts'
import { facetsOf } from './facets.ts'
import { rulesOf } from './rules-of.ts'

/** What one schema needs besides its document element, in the order it was met. */
interface Parts {
  readonly table: MessageTable
  readonly groups: Map<string, readonly TableNode[]>
  readonly formats: Map<string, Format>
}

/**
 * One self-contained XML Schema 1.0 of a message: shared groups are named complex types, formats named simple types, and each element's
 * documentation says its optionality, code list and rules. Code lists and rules themselves are not in it; they are data.
 */
export function toXsd(table: MessageTable): string {
  const parts: Parts = { table, groups: new Map(), formats: new Map() }
  const elements = sequence(table.root.children, parts, '      ')
  const types: string[] = []
  for (const [name, children] of parts.groups) {
    types.push(`  <xs:complexType name="${name}">\n${sequence(children, parts, '    ')}  </xs:complexType>\n`)
  }
  const simple = [...parts.formats].map(([name, format]) => simpleType(name, format))
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${table.type} (${table.ie}) ${table.title.replaceAll('--', '- -')}: made from the message table of Corridor, edition ${table.edition} -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="${escapeAttribute(table.namespace)}" targetNamespace="${escapeAttribute(table.namespace)}" elementFormDefault="unqualified" version="${escapeAttribute(table.edition)}">
  <xs:element name="${table.type}">
    <xs:complexType>
${elements}      <xs:attribute name="PhaseID">
        <xs:simpleType>
          <xs:restriction base="xs:token">
${table.phases.map((phase) => `            <xs:enumeration value="${escapeAttribute(phase)}"/>\n`).join('')}          </xs:restriction>
        </xs:simpleType>
      </xs:attribute>
    </xs:complexType>
  </xs:element>
${types.join('')}${simple.join('')}</xs:schema>
`
}

function sequence(children: readonly TableNode[], parts: Parts, indent: string): string {
  const inner = children.map((node) => element(node, parts, `${indent}  `)).join('')
  return `${indent}<xs:sequence>\n${inner}${indent}</xs:sequence>\n`
}

function element(node: TableNode, parts: Parts, indent: string): string {
  const occurs = `${node.required ? '' : ' minOccurs="0"'}${node.max > 1 ? ` maxOccurs="${node.max}"` : ''}`
  const start = `${indent}<xs:element name="${node.name}"`
  const says = documentation(node, parts.table.type, `${indent}  `)
  if (node.children && node.group === undefined) {
    const inner = sequence(node.children, parts, `${indent}    `)
    const type = `${indent}  <xs:complexType>\n${inner}${indent}  </xs:complexType>\n`
    return `${start}${occurs}>\n${says}${type}${indent}</xs:element>\n`
  }
  const typed = `${start} type="${typeName(node, parts)}"${occurs}`
  return says === '' ? `${typed}/>\n` : `${typed}>\n${says}${indent}</xs:element>\n`
}

function typeName({ children, group, format }: TableNode, { groups, formats }: Parts): string {
  if (children) {
    groups.set(group!, children)
    return group!
  }
  const name = formatTypeName(format!)
  formats.set(name, format!)
  return name
}

/** `n..16,2 positive` → `n..16-2.positive`: an NCName that no group has, because groups begin with a capital. */
function formatTypeName({ notation }: Format): string {
  return notation.replaceAll(',', '-').replaceAll(' ', '.')
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

function simpleType(name: string, format: Format): string {
  const { base, patterns, values = [], positive, ...bounds } = facetsOf(format)
  const facets = [
    ...Object.entries(bounds).map(([kind, value]) => facet(kind, value)),
    ...(positive ? [facet('minExclusive', 0)] : []),
    ...values.map((value) => facet('enumeration', value)),
  ]
  return `  <xs:simpleType name="${name}">\n    ${restriction(base, patterns, facets)}\n  </xs:simpleType>\n`
}

function facet(kind: string, value: string | number): string {
  return `<xs:${kind} value="${escapeAttribute(String(value))}"/>`
}

/** Patterns of one step are alternatives; those that must all match take a step of derivation each (XML Schema part 2, 4.3.4.3). */
function restriction(base: string, patterns: readonly string[], facets: readonly string[]): string {
  const [last, ...before] = patterns.toReversed()
  const own = [...facets, ...(last === undefined ? [] : [facet('pattern', last)])]
    .map((line) => `\n      ${line}`)
    .join('')
  if (before.length === 0) return `<xs:restriction base="xs:${base}">${own}\n    </xs:restriction>`
  const inner = restriction(base, before.toReversed(), [])
  return `<xs:restriction><xs:simpleType>${inner}</xs:simpleType>${own}\n    </xs:restriction>`
}

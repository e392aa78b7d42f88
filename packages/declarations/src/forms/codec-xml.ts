/** A form in XML: liberal in what it reads (names of any namespace, elements that nobody knows), strict about XML itself. */
import { escapeText, parse, textOf, XmlFault, type XmlElement } from '@corridor/xml'
import { type Codec, formFinding } from './codec.ts'
import type { LayoutNode } from './layout.ts'
import { type FormNode, nodeOf } from './tree.ts'

/** What stands for a value that is not there. */
const nothing = 'null'

export const xmlCodec: Codec = {
  decode(bytes, { root: { name } }) {
    let element: XmlElement
    try {
      element = parse(bytes)
    } catch (error) {
      if (!(error instanceof XmlFault)) throw error
      const place = { line: error.line ?? 1, column: error.column ?? 1 }
      return { root: undefined, findings: [formFinding('not-xml', place, error.message, error.remedy)] }
    }
    const { local, line, column } = element
    if (local === name) return { root: nodeFrom(element), findings: [] }
    const place = { line, column, value: local }
    const remedy = `Give a document whose root element is ${name}.`
    return { root: undefined, findings: [formFinding('root', place, `The document is no ${name}.`, remedy)] }
  },
  encode(root, layout) {
    const out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    element(root, layout.root, '', out)
    return new TextEncoder().encode(out.join(''))
  },
}

function nodeFrom(element: XmlElement): FormNode {
  const { local, line, column } = element
  const inside = element.children.filter((child) => typeof child !== 'string')
  const node = nodeOf(local, '', { line, column })
  for (const child of inside) if (child.local !== nothing) node.children.push(nodeFrom(child))
  if (inside.length === 0) node.value = textOf(element)
  return node
}

function element(node: FormNode, layout: LayoutNode, indent: string, out: string[]): void {
  if (layout.children.length === 0) {
    out.push(`${indent}<${layout.name}>${escapeText(node.value)}</${layout.name}>\n`)
    return
  }
  out.push(`${indent}<${layout.name}>\n`)
  for (const row of layout.children) {
    const found = node.children.filter((child) => child.name === row.name)
    for (const child of found)
      if (child.value === '' && child.children.length === 0) missing(row, `${indent}  `, out)
      else element(child, row, `${indent}  `, out)
    if (found.length === 0) missing(row, `${indent}  `, out)
  }
  out.push(`${indent}</${layout.name}>\n`)
}

function missing(row: LayoutNode, indent: string, out: string[]): void {
  if (row.empty === 'omit' || row.repeats) return
  if (row.children.length > 0) element(nodeOf(row.name), row, indent, out)
  else out.push(row.empty === 'null' ? `${indent}<${row.name}><null/></${row.name}>\n` : `${indent}<${row.name}/>\n`)
}

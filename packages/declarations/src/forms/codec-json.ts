/** A form in JSON: objects and arrays of the layout; a number is taken as the text that it is written with. */
import { type JsonNode, lineFinder, parseJson } from '@corridor/customs'
import { type Codec, formFinding, notUtf8, utf8 } from './codec.ts'
import type { LayoutNode } from './layout.ts'
import { type FormNode, nodeOf } from './tree.ts'

type Place = (offset: number) => { line: number; column: number }

export const jsonCodec: Codec = {
  decode(bytes, { root: { name } }) {
    const text = utf8(bytes)
    if (text === undefined) return { root: undefined, findings: [notUtf8] }
    const place = lineFinder(text)
    const parsed = parseJson(text)
    if (parsed.kind === 'problem') {
      const finding = formFinding('not-json', place(parsed.at), parsed.text, 'Send a JSON text in UTF-8 (RFC 8259).')
      return { root: undefined, findings: [finding] }
    }
    const own = parsed.kind === 'object' ? parsed.members.find((member) => member.name === name) : undefined
    if (own?.value.kind !== 'object') {
      const remedy = `Give one object {"${name}": {…}}.`
      return { root: undefined, findings: [formFinding('root', place(parsed.at), `The text is no ${name}.`, remedy)] }
    }
    return { root: nodeFrom(name, own.value, place), findings: [] }
  },
  encode(root, { root: layout }) {
    return new TextEncoder().encode(`${JSON.stringify({ [layout.name]: objectOf(root, layout) }, undefined, 2)}\n`)
  },
}

function nodeFrom(name: string, json: JsonNode, place: Place): FormNode {
  const node = nodeOf(name, '', place(json.at))
  if (json.kind === 'object')
    for (const member of json.members)
      for (const each of member.value.kind === 'array' ? member.value.items : [member.value])
        node.children.push(nodeFrom(member.name, each, place))
  else if (json.kind === 'array') for (const each of json.items) node.children.push(nodeFrom(name, each, place))
  else if (!(json.kind === 'literal' && json.value === 'null')) node.value = json.value
  return node
}

interface Members {
  [name: string]: string | Members | (string | Members)[]
}

function objectOf(node: FormNode, layout: LayoutNode): Members {
  const members: Members = {}
  for (const row of layout.children) {
    const values = node.children
      .filter(({ name, value, children }) => name === row.name && (value !== '' || children.length > 0))
      .map((child) => (row.children.length > 0 ? objectOf(child, row) : child.value))
    if (values.length > 0) members[row.name] = row.repeats ? values : values[0]!
  }
  return members
}

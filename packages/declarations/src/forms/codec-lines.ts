/**
 * A form of lines: one record a line, its kind first, fields behind it with `|` between them, in the order of the layout. A record below
 * another follows it. `\\` is a backslash, `\p` a bar, `\n` a line break in a value. The first line is `HDR|form|version`, the last one
 * `END|number of the lines before it`: so a file that was cut off is known as such.
 */
import type { Finding } from '@corridor/customs'
import { type Codec, formFinding, notUtf8, utf8 } from './codec.ts'
import type { Layout, LayoutNode } from './layout.ts'
import { type FormNode, nodeOf } from './tree.ts'

const escapes: Record<string, string> = { '\\': '\\\\', '|': '\\p', '\n': '\\n', '\r': '' }
const unescapes: Record<string, string> = { '\\\\': '\\', '\\p': '|', '\\n': '\n' }

const escaped = (value: string): string => value.replaceAll(/[\\|\n\r]/g, (character) => escapes[character]!)
const unescaped = (field: string): string => field.replaceAll(/\\[\\pn]/g, (pair) => unescapes[pair]!)

const isRecord = (row: LayoutNode): boolean => row.children.length > 0
const fieldsOf = (row: LayoutNode): LayoutNode[] => row.children.filter((child) => !isRecord(child))

export const linesCodec: Codec = {
  decode(bytes, layout) {
    const text = utf8(bytes)
    if (text === undefined) return { root: undefined, findings: [notUtf8] }
    const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n')
    const wrong = frameFinding(lines, layout)
    if (wrong) return { root: undefined, findings: [wrong] }
    const findings: Finding[] = []
    const root = nodeOf(layout.root.name)
    /** the open records, the outermost first, each with its layout */
    let open: { node: FormNode; row: LayoutNode }[] = [{ node: root, row: layout.root }]
    for (const [at, line] of lines.entries()) {
      if (at === 0 || at === lines.length - 1) continue
      const [kind = '', ...fields] = line.split('|')
      const depth = open.findLastIndex(({ row }) =>
        row.children.some((child) => child.name === kind && isRecord(child)),
      )
      const node = nodeOf(kind, '', { line: at + 1, column: 1 })
      const row = open[depth]?.row.children.find((child) => child.name === kind)
      if (row === undefined) {
        // Nobody knows it: it stays in the tree, where it is told as not read.
        if (isKnown(layout.root, kind)) findings.push(misplaced(kind, at + 1))
        else root.children.push(withFields(node, [], fields))
        continue
      }
      open[depth]!.node.children.push(withFields(node, fieldsOf(row), fields))
      open = [...open.slice(0, depth + 1), { node, row }]
    }
    return { root, findings }
  },
  encode(root, layout) {
    const lines = [`HDR|${layout.root.name}|${layout.version}`]
    records(root, layout.root, lines)
    lines.push(`END|${lines.length}`)
    return new TextEncoder().encode(`${lines.join('\n')}\n`)
  },
}

function frameFinding(lines: readonly string[], { root, version }: Layout): Finding | undefined {
  const first = `HDR|${root.name}|`
  const last = lines.length
  if (!lines[0]!.startsWith(first))
    return formFinding(
      'root',
      { line: 1, column: 1, value: lines[0]!.slice(0, 80) },
      `The first line is not ${first}…`,
      `Begin the file with ${first}${version}.`,
    )
  const [, count] = /^END\|(\d+)$/.exec(lines[last - 1]!) ?? []
  if (count === undefined || Number(count) !== last - 1)
    return formFinding(
      'incomplete',
      { line: last, column: 1, ...(count !== undefined && { value: count }) },
      'The file does not end with a line END that counts the lines before it.',
      `Write the whole file again: it was cut off, or its lines were changed. There are ${last - (count === undefined ? 0 : 1)} lines.`,
    )
  return undefined
}

const isKnown = (row: LayoutNode, kind: string): boolean =>
  row.children.some((child) => isRecord(child) && (child.name === kind || isKnown(child, kind)))

const misplaced = (kind: string, line: number): Finding =>
  formFinding(
    'order',
    { line, column: 1, value: kind },
    `A record ${kind} stands where none may stand.`,
    `Put ${kind} behind the record that it belongs to.`,
  )

function withFields(node: FormNode, rows: readonly LayoutNode[], fields: readonly string[]): FormNode {
  for (const [at, field] of fields.entries())
    if (field !== '') {
      const place = node.line === undefined ? {} : { line: node.line, column: 1 }
      node.children.push(nodeOf(rows[at]?.name ?? `field-${at + 1}`, unescaped(field), place))
    }
  return node
}

function records(node: FormNode, layout: LayoutNode, lines: string[]): void {
  for (const row of layout.children)
    if (isRecord(row))
      for (const child of node.children.filter(({ name }) => name === row.name)) {
        const values = fieldsOf(row).map(({ name }) => child.children.find((each) => each.name === name)?.value ?? '')
        lines.push([row.name, ...values.map(escaped)].join('|').replace(/\|+$/, ''))
        records(child, row, lines)
      }
}

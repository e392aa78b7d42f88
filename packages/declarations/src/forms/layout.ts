/** The layout of a form: what it has, in which order, how long, and what stands where there is nothing. */
import { CustomsFault, readTable } from '@corridor/customs'

/** One row of a `layout.tsv` with the rows below it. */
export interface LayoutNode {
  readonly name: string
  readonly repeats: boolean
  /** most characters; undefined for no limit */
  readonly length: number | undefined
  /** what is written where there is nothing: `<name><null/></name>`, `<name/>`, or nothing at all */
  readonly empty: 'null' | 'empty' | 'omit'
  readonly children: readonly LayoutNode[]
}

/** The layout of a form. */
export interface Layout {
  /** what it is like, for people */
  readonly like: string
  readonly codec: 'xml' | 'lines' | 'json'
  readonly version: string
  readonly root: LayoutNode
}

/** Reads a layout: `#codec`, `#root`, `#like`, `#version`, then depth, name, occurs, length, empty. Throws `table-syntax`. */
export function readLayout(text: string, what: string): Layout {
  const { head, rows } = readTable(text, ['depth', 'name', 'occurs', 'length', 'empty'], what)
  const line = (key: string): string => {
    const value = head.get(key)
    if (!value) throw new CustomsFault('table-syntax', `${what}: no line #${key}`)
    return value
  }
  const codec = line('codec')
  if (codec !== 'xml' && codec !== 'lines' && codec !== 'json')
    throw new CustomsFault('table-syntax', `${what}: #codec is xml, lines or json`)
  const root: Open = { name: line('root'), repeats: false, length: undefined, empty: 'omit', children: [] }
  const open: Open[] = [root]
  for (const row of rows) {
    const depth = Number(row.cell('depth'))
    const parent = open[depth - 1]
    const [occurs, length, empty] = [row.cell('occurs'), row.cell('length'), row.cell('empty')]
    if (parent === undefined || !/^[1*]x$/.test(occurs) || !/^\d*$/.test(length) || !/^(null|empty|omit)$/.test(empty))
      throw new CustomsFault('table-syntax', `${what}, line ${row.line}: a row is depth, name, 1x or *x, length, empty`)
    const node: Open = {
      name: row.cell('name'),
      repeats: occurs === '*x',
      length: length === '' ? undefined : Number(length),
      empty: empty as LayoutNode['empty'],
      children: [],
    }
    parent.children.push(node)
    open.splice(depth, open.length, node)
  }
  return { like: line('like'), codec, version: line('version'), root }
}

interface Open extends LayoutNode {
  readonly children: Open[]
}

/** The row at a path of names. */
export function layoutAt(root: LayoutNode, names: readonly string[]): LayoutNode | undefined {
  let at: LayoutNode | undefined = root
  for (const name of names) at = at?.children.find((child) => child.name === name)
  return at
}

/** The rows of a message in the order of the document, each with its way from the document element. */
import type { TableNode } from '../../messages/fields.ts'

/** One row of the page. */
export interface Row {
  readonly node: TableNode
  /** how the row is called: its name, `one of` or `all of` for a model group */
  readonly label: string
  /** `9×`, `2–9×`, `*×` */
  readonly times: string
  /** `Consignment/HouseConsignment/grossMass`; also the row's id */
  readonly path: string
  /** 1 for what is directly in the document element */
  readonly depth: number
  /** number of the first field at or below it, counted from 0 through the message */
  readonly from: number
  /** fields at or below it */
  readonly fields: number
  readonly inside: readonly Row[]
}

/** The rows directly in an element or model group, its attributes first, with everything inside them. */
export function outlineOf({ attributes = [], children = [] }: Content, path = '', depth = 1, from = 0): Row[] {
  let at = from
  return [...attributes, ...children].map((node, order) => {
    const step = node.name === '' ? `${node.kind}-${order + 1}` : node.name
    const own = path === '' ? step : `${path}/${step}`
    const self = node.children ? 0 : 1
    const inside = outlineOf(node, own, depth + 1, at + self)
    const fields = inside.reduce((sum, row) => sum + row.fields, self)
    const row: Row = { node, label: labelOf(node), times: timesOf(node), path: own, depth, from: at, fields, inside }
    at += fields
    return row
  })
}

type Content = Pick<TableNode, 'attributes' | 'children'>

function labelOf({ kind, name }: TableNode): string {
  if (kind === 'choice') return name === '' ? 'one of' : `${name}: one of`
  if (kind === 'sequence') return name === '' ? 'all of' : `${name}: all of`
  return name
}

function timesOf({ min, max }: TableNode): string {
  const most = max === Infinity ? '*' : String(max)
  return `${min > 1 ? `${min}–` : ''}${most}×`
}

/** A list of rows with everything inside them, in the order of the document. */
export function flatten(rows: readonly Row[]): Row[] {
  return rows.flatMap((row) => [row, ...flatten(row.inside)])
}

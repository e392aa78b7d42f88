/** The rows of a message in the order of the document, each with its way from the document element. */
import type { TableNode } from '../../messages/fields.ts'

/** One row of the page. */
export interface Row {
  readonly node: TableNode
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

/** The rows directly in a group, with everything inside them. */
export function outlineOf(nodes: readonly TableNode[], path = '', depth = 1, from = 0): Row[] {
  let at = from
  return nodes.map((node) => {
    const own = path === '' ? node.name : `${path}/${node.name}`
    const inside = node.children ? outlineOf(node.children, own, depth + 1, at) : []
    const fields = node.children ? inside.reduce((sum, row) => sum + row.fields, 0) : 1
    const row: Row = { node, path: own, depth, from: at, fields, inside }
    at += fields
    return row
  })
}

/** A list of rows with everything inside them, in the order of the document. */
export function flatten(rows: readonly Row[]): Row[] {
  return rows.flatMap((row) => [row, ...flatten(row.inside)])
}

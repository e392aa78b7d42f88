/** Small documents written on one line, as the tables of cases have them; and what tables cite. */
import assert from 'node:assert/strict'
import type { Doc, MessageTable, TableNode } from '../src/index.ts'

/** `Guarantee[2]/guaranteeType=1 Consignment` → a document; a path without `=` makes an empty group. */
export function documentOf(text: string, root: TableNode): Doc {
  const doc: Doc = {}
  for (const assignment of text.split(' ')) {
    const [path = '', value] = assignment.split('=')
    let at: Doc = doc
    let nodes = root.children!
    for (const [depth, step] of path.split('/').entries()) {
      const [, name = '', index = '1'] = /^(\w+)(?:\[(\d+)\])?$/.exec(step)!
      const node = nodes.find((each) => each.name === name)
      assert.ok(node, `${root.name} has no ${path}`)
      if (depth === path.split('/').length - 1 && value !== undefined) {
        at[name] = value
      } else if (node.repeats) {
        const list = (at[name] ??= []) as Doc[]
        assert.ok(Number(index) <= list.length + 1, `${path} leaves a gap`)
        at = list[Number(index) - 1] ??= {}
      } else at = (at[name] ??= {}) as Doc
      nodes = node.children ?? []
    }
  }
  return doc
}

/** The ids of rules, conditions and guidelines that a message's table cites for that message. */
export function citedIn(table: MessageTable): Set<string> {
  const ids = new Set<string>()
  const visit = (nodes: readonly TableNode[]): void => {
    for (const { rules, children } of nodes) {
      for (const citation of rules) {
        const [id = '', only] = citation.split('@')
        if (only === undefined || only.split(',').includes(table.type)) ids.add(id)
      }
      visit(children ?? [])
    }
  }
  visit(table.root.children ?? [])
  return ids
}

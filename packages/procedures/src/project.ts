import type { Doc, TableNode } from '@corridor/customs'

/** What a projection made: the document, and the required elements for which the source had nothing. */
export interface Projection {
  doc: Doc
  missing: string[]
}

/**
 * Carries over from one document into another what both describe at the same place: a CD001C is a CC015C without what the office of
 * destination need not know. An optional group that the source fills only in part is left out as a whole; a required element that the
 * source lacks is reported.
 *
 * @param nodes the children of the target message's root
 * @param source the document to take from
 * @param given groups that the target has from elsewhere; they replace what the source has under that name
 */
export function project(nodes: readonly TableNode[], source: Doc, given: Doc): Projection {
  const doc: Doc = {}
  const missing: string[] = []
  for (const node of nodes) {
    if (isHeader(node.name)) continue
    const own = given[node.name]
    if (own !== undefined) {
      doc[node.name] = own
      continue
    }
    const made = take(node, source[node.name], `/${node.name}`)
    if (made.value !== undefined) doc[node.name] = made.value
    else if (node.required) missing.push(...(made.missing.length > 0 ? made.missing : [`/${node.name}`]))
  }
  return { doc, missing }
}

function take(
  node: TableNode,
  value: Doc[string] | undefined,
  path: string,
): { value?: Doc[string]; missing: string[] } {
  if (value === undefined) return { missing: [path] }
  if (node.children === undefined) {
    return typeof value === 'string' || (Array.isArray(value) && typeof value[0] === 'string')
      ? { value, missing: [] }
      : { missing: [path] }
  }
  const members = (Array.isArray(value) ? value : [value]).filter((member): member is Doc => typeof member !== 'string')
  const missing: string[] = []
  const kept: Doc[] = []
  members.forEach((member, index) => {
    const inner = projectGroup(node.children ?? [], member, members.length > 1 ? `${path}[${index + 1}]` : path)
    if (inner.missing.length > 0) missing.push(...inner.missing)
    else kept.push(inner.doc)
  })
  if (kept.length === 0 || (node.required && missing.length > 0))
    return { missing: missing.length > 0 ? missing : [path] }
  return { value: node.repeats ? kept : kept[0], missing: [] }
}

function projectGroup(nodes: readonly TableNode[], source: Doc, path: string): Projection {
  const doc: Doc = {}
  const missing: string[] = []
  for (const node of nodes) {
    const made = take(node, source[node.name], `${path}/${node.name}`)
    if (made.value !== undefined) doc[node.name] = made.value
    else if (node.required) missing.push(...made.missing)
  }
  return { doc, missing }
}

/** The header is stamped when the document is sent. */
function isHeader(name: string): boolean {
  return /^(message|preparationDateAndTime|correlationIdentifier)/.test(name)
}

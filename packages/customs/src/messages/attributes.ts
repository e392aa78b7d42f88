/** Attributes while they are read; both readers use this. */
import type { Doc, Place } from '../document.ts'
import { missingAttribute, strayAttribute, wrongFormat, type Findings } from './findings.ts'
import { expandedName, type AttributePlan } from './plan.ts'

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'

/** The two attributes that any element may have and that say nothing to a reader who knows the schema (XML Schema part 1, 2.6.3). */
export function isSchemaLocation({ namespace, local }: { namespace: string; local: string }): boolean {
  return namespace === schemaInstance && (local === 'schemaLocation' || local === 'noNamespaceSchemaLocation')
}

/** Keeps the attributes of an element under their keys, and adds what is wrong with them. */
export function readAttributes<W>(
  attributes: readonly { namespace: string; local: string; value: string }[],
  plan: AttributePlan | undefined,
  doc: Doc,
  at: Place,
  where: W,
  findings: Findings<W>,
): void {
  for (const attribute of attributes) {
    if (isSchemaLocation(attribute)) continue
    const { namespace, local, value } = attribute
    const node = plan?.byName.get(expandedName(namespace, local))
    if (!node) {
      findings.add(strayAttribute(local, value), at, where)
      continue
    }
    const normal = node.format!.normalise(value)
    const problem = node.format!.check(normal)
    const place = { parent: at, name: `@${local}`, index: 0 }
    if (problem) findings.add(wrongFormat(local, node.format!, problem, value), place, where)
    doc[node.name] = normal
  }
  for (const node of plan?.required ?? []) {
    if (doc[node.name] !== undefined) continue
    findings.add(missingAttribute(node), { parent: at, name: `@${node.local}`, index: 0 }, where)
  }
}

/** Which keys of an object belong to a row: a model group without a name puts the keys of its rows into the object it stands in. */
import type { TableNode } from '../messages/fields.ts'

const isUnnamedModel = ({ kind, name }: TableNode): boolean => name === '' && kind !== undefined && kind !== 'attribute'

/** The keys that a row may have in an object. */
export function keysOf(row: TableNode): string[] {
  return isUnnamedModel(row) ? row.children!.flatMap(keysOf) : [row.name]
}

/** The first key of each row of a model group, to name its alternatives. */
export function beginsOf(row: TableNode): string[] {
  return row.children!.map((child) => keysOf(child)[0]!)
}

/** Whether a model group asks for nothing. */
export function mayBeEmpty({ kind, children = [] }: TableNode): boolean {
  const isOptional = (child: TableNode): boolean =>
    !child.required || ((child.kind === 'choice' || child.kind === 'sequence') && mayBeEmpty(child))
  return kind === 'choice' ? children.some(isOptional) : children.every(isOptional)
}

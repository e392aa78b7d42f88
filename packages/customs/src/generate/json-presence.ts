/** Which keys an object must have, and which not beside each other, as JSON Schema: what the rows of a table ask. */
import { keysOf, mayBeEmpty } from '../json/keys.ts'
import type { TableNode } from '../messages/fields.ts'

/** A condition on the keys of an object; an empty one is always met. */
export interface Presence {
  readonly required?: readonly string[]
  readonly allOf?: readonly unknown[]
}

/** Conditions that must all be met, as one. */
export function together(conditions: readonly Presence[]): Presence {
  const required = conditions.flatMap((condition) => condition.required ?? [])
  const allOf = conditions.flatMap((condition) => condition.allOf ?? [])
  return { ...(required.length > 0 && { required }), ...(allOf.length > 0 && { allOf }) }
}

/** What a row asks of the object that it stands in. */
export function asks(row: TableNode): Presence {
  const { name, kind, required, children = [] } = row
  if (name !== '') return required && !(kind !== undefined && mayBeEmpty(row)) ? { required: [name] } : {}
  if (kind === 'choice') return alternatives(row)
  const inside = together(children.map(asks))
  return required || isMet(inside) ? inside : { allOf: [{ anyOf: [without(keysOf(row)), inside] }] }
}

/** What a choice asks: one alternative and nothing of the others; or nothing at all, where it may be left out. */
export function alternatives(row: TableNode): Presence {
  const { required, children = [] } = row
  const ways = children.map((child) => {
    const others = children.filter((other) => other !== child).flatMap(keysOf)
    return together([asks(child), others.length > 0 ? { allOf: [without(others)] } : {}])
  })
  const none = required ? [] : [without(keysOf({ ...row, name: '' }))]
  return { allOf: [{ anyOf: [...none, ...ways] }] }
}

function isMet({ required, allOf }: Presence): boolean {
  return required === undefined && allOf === undefined
}

function without(keys: readonly string[]): unknown {
  return { not: { anyOf: keys.map((key) => ({ required: [key] })) } }
}

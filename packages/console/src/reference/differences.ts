import type { CodeDifference, ReferenceEntry } from '../api/reference-types.ts'

/** One thing that an entry says. `name` is the language of a text, the name of an item, or '' of what has its own words. */
export interface EntryLine {
  kind: 'text' | 'item' | 'parent' | 'groups'
  name: string
  value: string
  /** Whether the other side does not say it. */
  differs: boolean
}

/** A time for which a code holds, with what it says then. */
export interface Period {
  from: string
  to: string
  /** Whether the other side has no such time. */
  differs: boolean
  lines: EntryLine[]
}

/** Both sides of a difference: every time, and of what is said then the texts, and all that differs. */
export function sidesOf({ before, after }: CodeDifference): { before: Period[]; after: Period[] } {
  return { before: before.map((entry) => periodOf(entry, after)), after: after.map((entry) => periodOf(entry, before)) }
}

function periodOf(entry: ReferenceEntry, others: ReferenceEntry[]): Period {
  const said = new Set(others.flatMap((other) => linesOf(other).map(keyOf)))
  const lines = linesOf(entry).map((line) => ({ ...line, differs: !said.has(keyOf(line)) }))
  const differs = !others.some(({ validFrom, validTo }) => validFrom === entry.validFrom && validTo === entry.validTo)
  // Records of customs offices are long: what is the same on both sides is left out, but for its words.
  const shown = lines.filter((line) => line.differs || line.kind === 'text')
  return { from: entry.validFrom, to: entry.validTo, differs, lines: shown.length > 0 ? shown : lines.slice(0, 1) }
}

function linesOf({ texts, items, parent, groups }: ReferenceEntry): Omit<EntryLine, 'differs'>[] {
  const pairs = (kind: 'text' | 'item', values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => ({ kind, name, value }))
  return [
    ...pairs('text', texts),
    ...(parent === null ? [] : [{ kind: 'parent' as const, name: '', value: parent }]),
    ...pairs('item', items),
    ...(groups.length === 0 ? [] : [{ kind: 'groups' as const, name: '', value: JSON.stringify(groups) }]),
  ]
}

const keyOf = ({ kind, name, value }: Omit<EntryLine, 'differs'>): string => `${kind} ${name} ${value}`

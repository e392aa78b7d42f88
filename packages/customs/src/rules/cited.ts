/**
 * Where the message tables cite a rule. In a rule table, `messages` may be `*`: every message that cites the rule in or below one of the
 * groups of `at`; `* -CD012C` leaves some out. `at` may be `cited`: the groups that hold a field where the rule is cited. In `then`, the
 * path `cited` stands for each of those fields.
 */
import { CustomsFault } from '../faults.ts'
import type { TableNode } from '../messages/fields.ts'
import type { Messages } from '../messages/messages.ts'
import { compilePath, rootSpot, spotsOf } from './path.ts'

const known = new WeakMap<Messages, Map<string, Map<string, string[]>>>()

/** The paths of the fields and groups at which the table of a message cites each rule, by the rule's id. */
export function citationsOf(messages: Messages, type: string): ReadonlyMap<string, readonly string[]> {
  const all = known.get(messages) ?? new Map<string, Map<string, string[]>>()
  known.set(messages, all)
  let own = all.get(type)
  if (!own) {
    own = new Map()
    gather(messages.get(type)?.root.children ?? [], '', type, own)
    all.set(type, own)
  }
  return own
}

function gather(nodes: readonly TableNode[], at: string, type: string, into: Map<string, string[]>): void {
  for (const { name, rules, children } of nodes) {
    for (const citation of rules) {
      const [id = '', only] = citation.split('@')
      if (only !== undefined && !only.split(',').includes(type)) continue
      const paths = into.get(id)
      if (paths) paths.push(`${at}/${name}`)
      else into.set(id, [`${at}/${name}`])
    }
    if (children) gather(children, `${at}/${name}`, type, into)
  }
}

/** The messages of a row. Throws `rule-syntax` when one does not exist or `*` finds none. */
export function typesOf(rule: string, cell: string, at: string, messages: Messages): string[] {
  const words = cell.split(' ')
  if (words[0] !== '*') {
    for (const type of words)
      if (!messages.get(type)) throw new CustomsFault('rule-syntax', `there is no message ${type}`)
    return words
  }
  const but = new Set(words.slice(1).map((word) => word.replace(/^-/, '')))
  const found = messages.types.filter((type) => {
    const paths = citationsOf(messages, type).get(rule) ?? []
    if (at === 'cited' || at === '/') return paths.length > 0
    return at.split(' ').some((group) => paths.some((path) => path.startsWith(`${group}/`) || path === group))
  })
  for (const type of but)
    if (!found.includes(type)) throw new CustomsFault('rule-syntax', `${type} does not cite it at ${at}`)
  const types = found.filter((type) => !but.has(type))
  if (types.length === 0) throw new CustomsFault('rule-syntax', `no message cites it at ${at}`)
  return types
}

/** The groups that a row is evaluated in, for one message; `/` is the document element. Of several written out, those that it has. */
export function expandAt(rule: string, type: string, cell: string, messages: Messages): string[] {
  if (cell === 'cited') {
    const holders = (citationsOf(messages, type).get(rule) ?? []).map(
      (path) => path.slice(0, path.lastIndexOf('/')) || '/',
    )
    return [...new Set(holders)]
  }
  const groups = cell.split(' ')
  if (groups.length === 1) return groups
  const root = [rootSpot(messages.get(type)!.root)]
  const there = groups.filter((group) => spotsOf(compilePath(group), root).length > 0)
  if (there.length === 0) throw new CustomsFault('rule-syntax', `${type} has none of ${cell}`)
  return there
}

/** The consequences of a row for one message, with `cited` written out. */
export function expandThen(rule: string, type: string, cell: string, messages: Messages): string {
  return cell
    .split(/\s*;\s*/)
    .flatMap((clause) => {
      if (!clause.startsWith('cited ')) return [clause]
      return (citationsOf(messages, type).get(rule) ?? []).map((path) => path + clause.slice('cited'.length))
    })
    .join('; ')
}

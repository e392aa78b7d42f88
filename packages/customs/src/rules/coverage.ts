/** What becomes of each rule of the specification here: a number to print, and the reasons beside it. */
import type { Messages } from '../messages/messages.ts'
import { readTable } from '../tsv.ts'
import { citationsOf } from './cited.ts'
import type { Rules } from './rules.ts'

/** First letter of an id: condition, rule, transitional rule (business, technical), guideline, sequence guideline. */
export type RuleKind = 'C' | 'R' | 'B' | 'E' | 'G' | 'S'

/**
 * - `done`: evaluated in every message that cites it
 * - `needs-fact`: likewise, and in some or all cases it asks something beyond the document; not evaluated where that is not given
 * - `guidance`: a guideline that no check of a document can hold
 * - `exception`: not evaluated, or not everywhere, for a reason
 * - `open`: neither evaluated nor excused
 */
export type CoverageState = 'done' | 'needs-fact' | 'guidance' | 'exception' | 'open'

/** One rule and what becomes of it. */
export interface CoveredRule {
  readonly id: string
  readonly kind: RuleKind
  readonly state: CoverageState
  /** what it may ask beyond the document: `isOperator`, `message CC015C`, `list CL610` … */
  readonly needs: readonly string[]
  /** why it is an exception or guidance; for any other state what part of it is not held, and why */
  readonly reasons: readonly string[]
  /** messages whose table cites it */
  readonly cited: readonly string[]
  /** those of them in which it is not evaluated */
  readonly open: readonly string[]
}

/** How many of how many. */
export type Count = Readonly<Record<CoverageState, number>> & { readonly all: number }

/** The coverage of all rules that the message tables cite or a catalogue has. */
export interface Coverage {
  readonly rules: readonly CoveredRule[]
  readonly byKind: ReadonlyMap<RuleKind, Count>
  /** rules cited in each message; a rule that is open there counts as what it is as a whole */
  readonly byMessage: ReadonlyMap<string, Count>
}

/** A guideline, as far as coverage goes. */
export interface CoveredGuideline {
  readonly id: string
  readonly kind: 'executable' | 'guidance'
  readonly how: string
  readonly messages: readonly string[]
}

/** What coverage is reckoned from. */
export interface CoverageSources {
  readonly messages: Messages
  readonly rules: Rules
  readonly guidelines: readonly CoveredGuideline[]
  /** tables of exceptions, `rule part why`; the part is `whole` for a rule that is not evaluated at all */
  readonly exceptions: readonly string[]
}

/** Reckons the coverage. Throws `table-syntax` for a table of exceptions that cannot be read. */
export function coverageOf({ messages, rules, guidelines, exceptions }: CoverageSources): Coverage {
  const excused = readExceptions(exceptions)
  const entries = new Map(rules.entries.map((entry) => [entry.id, entry]))
  const advice = new Map(guidelines.map((entry) => [entry.id, entry]))
  const cited = citedRules(messages)
  for (const id of [...entries.keys(), ...advice.keys()]) if (!cited.has(id)) cited.set(id, [])
  const covered = [...cited]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, types]): CoveredRule => {
      const kind = id[0] as RuleKind
      const reasons = excused.get(id) ?? []
      const guideline = advice.get(id)
      if (guideline) {
        const state = guideline.kind === 'guidance' ? 'guidance' : 'done'
        return { id, kind, state, needs: [], reasons: [guideline.how], cited: types, open: [] }
      }
      const entry = entries.get(id)
      const done = new Set(entry?.messages)
      const open = types.filter((type) => !done.has(type))
      const isExcused = reasons.some(({ part }) => part === 'whole')
      const state = isExcused
        ? 'exception'
        : !entry || done.size === 0
          ? 'open'
          : entry.needs.length > 0
            ? 'needs-fact'
            : 'done'
      const texts = reasons.map(({ part, why }) => (part === 'whole' ? why : `${part}: ${why}`))
      return { id, kind, state, needs: entry?.needs ?? [], reasons: texts, cited: types, open }
    })
  return {
    rules: covered,
    byKind: countBy(covered, ({ kind }) => [kind]),
    byMessage: countBy(covered, ({ cited }) => cited),
  }
}

/** The messages that cite each rule, in order. */
function citedRules(messages: Messages): Map<string, string[]> {
  const cited = new Map<string, string[]>()
  for (const type of messages.types)
    for (const id of citationsOf(messages, type).keys()) cited.set(id, [...(cited.get(id) ?? []), type])
  return cited
}

interface Exception {
  readonly part: string
  readonly why: string
}

function readExceptions(texts: readonly string[]): Map<string, Exception[]> {
  const found = new Map<string, Exception[]>()
  for (const text of texts) {
    for (const row of readTable(text, ['rule', 'part', 'why'], 'exceptions').rows) {
      const exception = { part: row.cell('part'), why: row.cell('why') }
      found.set(row.cell('rule'), [...(found.get(row.cell('rule')) ?? []), exception])
    }
  }
  return found
}

function countBy<K extends string>(
  rules: readonly CoveredRule[],
  keysOf: (rule: CoveredRule) => readonly K[],
): Map<K, Count> {
  const counts = new Map<K, Record<CoverageState, number> & { all: number }>()
  for (const rule of rules) {
    for (const key of keysOf(rule)) {
      const count = counts.get(key) ?? { all: 0, done: 0, 'needs-fact': 0, guidance: 0, exception: 0, open: 0 }
      counts.set(key, count)
      count.all += 1
      count[rule.state] += 1
    }
  }
  return counts
}

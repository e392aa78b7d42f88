/** What a page says of the rules, from catalogue and coverage. */
import type { Guideline } from '../../guidelines/guidelines.ts'
import type { Coverage, CoveredRule } from '../../rules/coverage.ts'
import type { RuleEntry } from '../../rules/rules.ts'
import type { PageRule } from './page.ts'
import { needInWords } from './words.ts'

/** The rules that a message cites, for its page. Rules without a meaning in catalogue or guidelines are left out. */
export function pageRules(
  type: string,
  coverage: Coverage,
  entries: readonly Pick<RuleEntry | Guideline, 'id' | 'meaning' | 'source'>[],
): Map<string, PageRule> {
  const meanings = new Map(entries.map((entry) => [entry.id, entry]))
  const rules = new Map<string, PageRule>()
  for (const rule of coverage.rules) {
    const entry = meanings.get(rule.id)
    if (!rule.cited.includes(type) || entry === undefined) continue
    const note = noteOf(rule)
    const { meaning, source } = entry
    rules.set(rule.id, { meaning, source, checked: checkedIn(type, rule), ...(note !== '' && { note }) })
  }
  return rules
}

function checkedIn(type: string, { state, open }: CoveredRule): PageRule['checked'] {
  if (state === 'guidance') return 'guidance'
  return (state === 'done' || state === 'needs-fact') && !open.includes(type) ? 'yes' : 'no'
}

/** Guidelines say themselves what holds them: `structure: the format`. Reasons of other rules name the part that is not held. */
function noteOf({ kind, state, needs, reasons }: CoveredRule): string {
  const isChecked = state === 'done' || state === 'needs-fact'
  const own = reasons.filter((reason) => reason !== 'rule')
  const isGuideline = kind === 'G' || kind === 'S'
  return [
    ...(state === 'needs-fact' ? [`where this is at hand: ${needs.map(needInWords).join(', ')}`] : []),
    ...(isChecked ? own.map((reason) => `${isGuideline ? 'by' : 'except'} ${reason}`) : own),
  ].join('; ')
}

/**
 * Rules as data. A `catalogue` has one row a rule: `rule source meaning`. A rule table has one row a branch:
 * `rule messages at branch when then` and, where needed, `from until disables`.
 *
 * - `at`: the paths of the groups that a branch is evaluated in, separated by spaces; `/` is the document element.
 * - `branch`: `if` (begins a choice), `else-if`, `else` or `always`. The words of `when` and `then` are in condition.ts and consequence.ts.
 * - `from`, `until`: the period of a choice, see period.ts.
 * - `disables`: rules that are switched off in these messages as long as the period lasts: `C0710`, or for one element
 *   `C0710@/Consignment/LocationOfGoods`. An `always` row that does nothing else has an empty `then`.
 */
import type { CodeLists } from '../codelists/code-lists.ts'
import type { Doc, Place } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import { pathOf } from '../document.ts'
import { functionalErrorCode, valueToShow, type Finding } from '../finding.ts'
import type { Messages } from '../messages/messages.ts'
import { rootFrame, type Frame } from './path.ts'
import { defaultDates } from './period.ts'
import { isRuleTable, readCatalogues, readChoices, type CatalogueEntry, type Choice } from './tables.ts'
import type { Env } from './terms.ts'

/**
 * The texts of the tables by name: a name that ends in `catalogue` is a catalogue; `…cases` and `…guidelines` are not looked at; every
 * other is a rule table.
 */
export type RuleTexts = Readonly<Record<string, string>>

/** A rule of the catalogue and the messages it is evaluated in. */
export interface RuleEntry extends CatalogueEntry {
  readonly messages: readonly string[]
}

/** Compiled rules. */
export interface Rules {
  readonly entries: readonly RuleEntry[]
  /**
   * Evaluates every rule of the message type. Throws `table-reference` when a rule needs a code list that is not there: a rule that
   * cannot be evaluated must not pass in silence.
   */
  findings(type: string, doc: Doc, env: Env): Finding[]
}

/** What counts for a message type on a day. */
interface Plan {
  readonly choices: readonly Choice[]
  /** rules that are switched off for some elements */
  readonly silenced: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Compiles rules. With `messages`, checks as well that every path exists in every message that its rule is for.
 * Throws `rule-syntax`, with table and line, for a rule that cannot be read, has no meaning, or points nowhere.
 */
export function compileRules(texts: RuleTexts, messages?: Messages): Rules {
  const catalogue = readCatalogues(texts)
  const lists = new Set<string>()
  const all = Object.entries(texts)
    .filter(([name]) => isRuleTable(name))
    .flatMap(([name, text]) => readChoices(name, text, catalogue, messages, lists))
  const byType = new Map<string, Choice[]>()
  const applies = new Map<string, Set<string>>()
  for (const choice of all) {
    for (const type of choice.messages) {
      byType.set(type, [...(byType.get(type) ?? []), choice])
      applies.set(choice.rule, (applies.get(choice.rule) ?? new Set()).add(type))
    }
  }
  const planOf = planner(byType)
  return {
    entries: [...catalogue.values()].map((entry) => ({
      ...entry,
      messages: [...(applies.get(entry.id) ?? [])].sort(),
    })),
    findings: (type, doc, env) => {
      requireLists(lists, env.codeLists)
      const root = rootFrame(type, doc)
      const { choices, silenced } = planOf(type, env)
      return choices.flatMap((choice) =>
        evaluate(choice, root, env, catalogue.get(choice.rule)!.meaning, silenced.get(choice.rule)),
      )
    },
  }
}

/** Plans are few (one a day and type) and are kept; a caller that asks for ever more days starts over at this many. */
const manyPlans = 1000

function planner(byType: ReadonlyMap<string, readonly Choice[]>): (type: string, env: Env) => Plan {
  const plans = new Map<string, Plan>()
  return (type, env) => {
    const dates = env.dates ?? defaultDates
    const key = `${type} ${env.date} ${dates.TPendDate}`
    let plan = plans.get(key)
    if (!plan) {
      if (plans.size >= manyPlans) plans.clear()
      const counting = (byType.get(type) ?? []).filter(({ period }) => !period || period(env.date, dates))
      plans.set(key, (plan = makePlan(counting)))
    }
    return plan
  }
}

function makePlan(counting: readonly Choice[]): Plan {
  const off = new Set<string>()
  const silenced = new Map<string, Set<string>>()
  for (const { rule, path } of counting.flatMap(({ disables }) => disables)) {
    if (path === undefined) off.add(rule)
    else silenced.set(rule, (silenced.get(rule) ?? new Set()).add(path))
  }
  return { choices: counting.filter(({ rule, branches }) => branches.length > 0 && !off.has(rule)), silenced }
}

function evaluate(
  { rule, at, branches }: Choice,
  root: Frame,
  env: Env,
  text: string,
  silenced: ReadonlySet<string> | undefined,
): Finding[] {
  const frames = at.length === 0 ? [root] : at.flatMap((path) => path.select(root))
  return frames.flatMap((frame) => {
    const branch = branches.find(({ condition }) => condition(frame, env))
    if (!branch) return []
    const violations = branch.consequence(frame, env)
    const counting = silenced ? violations.filter(({ place }) => !silenced.has(namesOf(place))) : violations
    return counting.map(({ kind, code, place, value, allowed, remedy }) => ({
      kind,
      rule,
      code: /^[BE]\d/.test(rule) ? functionalErrorCode.transitional : code,
      path: pathOf(place),
      ...(value === undefined ? {} : valueToShow(place.name, value)),
      ...(allowed === undefined ? {} : { allowed }),
      remedy,
      text,
    }))
  })
}

/** A place without occurrences and without the document element: `/Consignment/LocationOfGoods`. */
function namesOf({ parent, name }: Place): string {
  return parent ? `${namesOf(parent)}/${name}` : ''
}

/** Rules whose lists were found, so that this is looked at once and not for every document. */
const complete = new WeakMap<ReadonlySet<string>, WeakSet<CodeLists>>()

function requireLists(lists: ReadonlySet<string>, codeLists: CodeLists): void {
  const seen = complete.get(lists) ?? new WeakSet()
  if (seen.has(codeLists)) return
  const missing = [...lists].filter((list) => !codeLists.knows(list))
  if (missing.length > 0) throw new CustomsFault('table-reference', `rules need the code lists ${missing.join(', ')}`)
  complete.set(lists, seen.add(codeLists))
}

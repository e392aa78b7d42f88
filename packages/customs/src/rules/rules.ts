/**
 * Rules as data. A `catalogue` has one row a rule: `rule source meaning`. A rule table has one row a branch:
 * `rule messages at branch when then` and, where needed, `from until disables`.
 *
 * - `messages`: the message types, or `*` for every one whose table cites the rule there, see cited.ts.
 * - `at`: the paths of the groups that a branch is evaluated in, separated by spaces; `/` is the document element; `cited`, see cited.ts.
 * - `branch`: `if` (begins a choice), `else-if`, `else` or `always`. The words of `when` and `then` are in condition.ts and consequence.ts.
 * - `from`, `until`: the period of a choice, see period.ts.
 * - `disables`: rules that are switched off in these messages as long as the period lasts: `C0710`, or for one element
 *   `C0710@/Consignment/LocationOfGoods`. An `always` row that does nothing else has an empty `then`.
 */
import type { CodeLists } from '../codelists/code-lists.ts'
import { pathOf, type Doc, type Place } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import { functionalErrorCode, maxFindings, valueToShow, type Finding } from '../finding.ts'
import type { Messages } from '../messages/messages.ts'
import { Run, type Env, type NotEvaluated } from './facts.ts'
import { rootFrame, type Frame } from './frame.ts'
import { isRuleTable, readCatalogues, readChoices, type CatalogueEntry, type Choice } from './tables.ts'
import type { Violation } from './violation.ts'

/**
 * The texts of the tables by name: a name that ends in `catalogue` is a catalogue; `…cases` and `…guidelines` are not looked at; every
 * other is a rule table.
 */
export type RuleTexts = Readonly<Record<string, string>>

/** A rule of the catalogue and the messages it is evaluated in. */
export interface RuleEntry extends CatalogueEntry {
  readonly messages: readonly string[]
  /** what it may ask beyond the document, in the words of `NotEvaluated.needs` */
  readonly needs: readonly string[]
}

/** What came of evaluating the rules on a document. */
export interface Evaluation {
  readonly findings: Finding[]
  /** rules that would have needed a fact that was not given, each once for each fact */
  readonly notEvaluated: NotEvaluated[]
}

/** Compiled rules. */
export interface Rules {
  readonly entries: readonly RuleEntry[]
  /** ids of the code lists that rules name */
  readonly codeLists: ReadonlySet<string>
  /**
   * Evaluates every rule of the message type, until there are as many findings as an answer can carry. Throws `table-reference` when a rule needs a code list that is not there: a rule that
   * cannot be evaluated must not pass in silence.
   */
  evaluate(type: string, doc: Doc, env: Env): Evaluation
}

/** What counts for a message type on a day. */
interface Plan {
  readonly choices: readonly Choice[]
  /** rules that are switched off for some elements */
  readonly silenced: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Compiles rules for the messages that they name or that cite them. Throws `rule-syntax`, with table and line, for a rule that cannot be
 * read, has no meaning, or has a path that leads nowhere in one of its messages.
 */
export function compileRules(texts: RuleTexts, messages: Messages): Rules {
  const catalogue = readCatalogues(texts)
  const lists = new Set<string>()
  const byType = new Map<string, Choice[]>()
  const applies = new Map<string, { messages: Set<string>; needs: Set<string> }>()
  for (const [name, text] of Object.entries(texts)) {
    if (!isRuleTable(name)) continue
    for (const choice of readChoices(name, text, catalogue, messages, lists)) {
      byType.set(choice.message, [...(byType.get(choice.message) ?? []), choice])
      const own = applies.get(choice.rule) ?? { messages: new Set(), needs: new Set() }
      applies.set(choice.rule, own)
      own.messages.add(choice.message)
      for (const need of choice.needs) own.needs.add(need)
    }
  }
  const planOf = planner(byType)
  return {
    entries: [...catalogue.values()].map((entry) => {
      const { messages: types = [], needs = [] } = applies.get(entry.id) ?? {}
      return { ...entry, messages: [...types].sort(), needs: [...needs].sort() }
    }),
    codeLists: lists,
    evaluate: (type, doc, env) => {
      requireLists(lists, env.codeLists)
      const run = new Run(env)
      return evaluateAll(planOf(type, run), rootFrame(type, doc), run, catalogue)
    },
  }
}

/**
 * Rules without some of them: what the administrations of a corridor have agreed does not bind them.
 * @throws CustomsFault `table-reference` when one of them is in no catalogue
 */
export function withoutRules(rules: Rules, ids: readonly string[]): Rules {
  const known = new Set(rules.entries.map(({ id }) => id))
  const unknown = ids.find((id) => !known.has(id))
  if (unknown !== undefined) throw new CustomsFault('table-reference', `there is no rule ${unknown}`)
  if (ids.length === 0) return rules
  const left = new Set(ids)
  return {
    ...rules,
    entries: rules.entries.filter(({ id }) => !left.has(id)),
    evaluate: (type, doc, env) => {
      const { findings, notEvaluated } = rules.evaluate(type, doc, env)
      return {
        findings: findings.filter(({ rule }) => !left.has(rule)),
        notEvaluated: notEvaluated.filter(({ rule }) => !left.has(rule)),
      }
    },
  }
}

/** Plans are few (one a day and type) and are kept; a caller that asks for ever more days starts over at this many. */
const manyPlans = 1000

function planner(byType: ReadonlyMap<string, readonly Choice[]>): (type: string, run: Run) => Plan {
  const plans = new Map<string, Plan>()
  return (type, { date, dates }) => {
    const key = `${type} ${date} ${dates.TPendDate}`
    let plan = plans.get(key)
    if (!plan) {
      if (plans.size >= manyPlans) plans.clear()
      const counting = (byType.get(type) ?? []).filter(({ period }) => !period || period(date, dates))
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

function evaluateAll(
  { choices, silenced }: Plan,
  root: Frame,
  run: Run,
  catalogue: ReadonlyMap<string, CatalogueEntry>,
): Evaluation {
  const findings: Finding[] = []
  const needed = new Map<string, NotEvaluated>()
  for (const { rule, at, branches } of choices) {
    for (const path of at) {
      for (const frame of path ? path.select(root, run) : [root]) {
        const violations = evaluate(branches, frame, run)
        const needs = run.takeNeeds()
        if (needs) for (const what of needs) needed.set(`${rule} ${what}`, { rule, needs: what })
        else if (violations) {
          const off = silenced.get(rule)
          for (const violation of violations)
            if (!off?.has(namesOf(violation.place)))
              findings.push(findingOf(rule, violation, catalogue.get(rule)!.meaning))
          if (findings.length >= maxFindings) return { findings, notEvaluated: [...needed.values()] }
        }
      }
    }
  }
  return { findings, notEvaluated: [...needed.values()] }
}

/** What is wrong by the branch that applies; what that is worth when something was not known, the caller decides. */
function evaluate(branches: Choice['branches'], frame: Frame, run: Run): readonly Violation[] | undefined {
  for (const { condition, consequence } of branches) {
    const isMet = condition(frame, run)
    if (run.isInNeed) return undefined
    if (isMet) return consequence(frame, run)
  }
  return undefined
}

function findingOf(rule: string, violation: Violation, text: string): Finding {
  const { kind, code, place, value, allowed, remedy } = violation
  return {
    kind,
    rule,
    code: /^[BE]\d/.test(rule) ? functionalErrorCode.transitional : code,
    path: pathOf(place),
    ...(value === undefined ? {} : valueToShow(place.name, value)),
    ...(allowed === undefined ? {} : { allowed }),
    remedy,
    text,
  }
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

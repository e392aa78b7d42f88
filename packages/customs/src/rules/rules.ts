/**
 * Rules as data. `catalogue` has one row a rule: `rule source meaning`. `rules` has one row a branch: `rule messages at branch when then`;
 * `at` are the paths of the groups that a branch is evaluated in, separated by spaces (`/` is the document element), `branch` is `if`
 * (begins a choice), `else-if`, `else` or `always`. The words of `when` and `then` are in condition.ts and consequence.ts.
 */
import type { CodeLists } from '../codelists/code-lists.ts'
import type { Doc } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import { pathOf } from '../document.ts'
import { valueToShow, type Finding } from '../finding.ts'
import type { Messages } from '../messages/messages.ts'
import { readTable, type TableRow } from '../tsv.ts'
import { compileCondition, type Condition } from './condition.ts'
import { compileConsequences } from './consequence.ts'
import { compilePath, rootFrame, rootSpot, spotsOf, type Frame, type Path } from './path.ts'
import type { Env, Uses } from './terms.ts'
import type { Consequence } from './violation.ts'

/** The texts of the rule tables by name: `catalogue` and `rules`; others are not looked at. */
export type RuleTexts = Readonly<Record<string, string>>

/** What a rule says and where that is written. */
export interface RuleEntry {
  readonly id: string
  /** specification and clause */
  readonly source: string
  /** in our words */
  readonly meaning: string
  /** the messages it is evaluated in */
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

interface Branch {
  readonly condition: Condition
  readonly consequence: Consequence
}

/** One choice: the first branch whose condition is true applies. */
interface Choice {
  readonly rule: string
  readonly at: readonly Path[]
  readonly branches: Branch[]
}

/**
 * Compiles rules. With `messages`, checks as well that every path exists in every message that its rule is for.
 * Throws `rule-syntax`, with the line, for a rule that cannot be read, has no meaning, or points nowhere.
 */
export function compileRules(texts: RuleTexts, messages?: Messages): Rules {
  const catalogue = new Map<string, { source: string; meaning: string }>()
  for (const row of readTable(texts['catalogue'] ?? '', ['rule', 'source', 'meaning'], 'catalogue').rows)
    catalogue.set(row.cell('rule'), { source: row.cell('source'), meaning: row.cell('meaning') })
  const choices = new Map<string, Choice[]>()
  const applies = new Map<string, Set<string>>()
  const lists = new Set<string>()
  let open: { choice: Choice; key: string } | undefined
  for (const row of readTable(texts['rules'] ?? '', ['rule', 'messages', 'at', 'branch', 'when', 'then'], 'rules')
    .rows) {
    const id = row.cell('rule')
    if (!catalogue.has(id)) fail(row, `${id} is not in the catalogue`)
    const uses: Uses = { paths: [], lists }
    const branch = compileBranch(row, uses)
    const at = row.cell('at') === '/' ? [] : row.cell('at').split(' ').map(compilePath)
    const types = row.cell('messages').split(' ')
    if (messages) for (const type of types) checkPaths(row, type, at, uses.paths, messages)
    const key = [id, row.cell('messages'), row.cell('at')].join('\t')
    if (/^(if|always)$/.test(row.cell('branch'))) {
      open = { choice: { rule: id, at, branches: [] }, key }
      for (const type of types) {
        choices.set(type, [...(choices.get(type) ?? []), open.choice])
        applies.set(id, (applies.get(id) ?? new Set()).add(type))
      }
    } else if (open?.key !== key) fail(row, 'no choice is open here')
    open.choice.branches.push(branch)
  }
  return {
    entries: [...catalogue].map(([id, { source, meaning }]) => ({
      id,
      source,
      meaning,
      messages: [...(applies.get(id) ?? [])].sort(),
    })),
    findings: (type, doc, env) => {
      requireLists(lists, env.codeLists)
      const root = rootFrame(type, doc)
      return (choices.get(type) ?? []).flatMap((choice) =>
        evaluate(choice, root, env, catalogue.get(choice.rule)!.meaning),
      )
    },
  }
}

function evaluate({ rule, at, branches }: Choice, root: Frame, env: Env, text: string): Finding[] {
  const frames = at.length === 0 ? [root] : at.flatMap((path) => path.select(root))
  return frames.flatMap((frame) => {
    const branch = branches.find(({ condition }) => condition(frame, env))
    if (!branch) return []
    return branch.consequence(frame, env).map(({ kind, code, place, value, allowed, remedy }) => ({
      kind,
      rule,
      code,
      path: pathOf(place),
      ...(value === undefined ? {} : valueToShow(place.name, value)),
      ...(allowed === undefined ? {} : { allowed }),
      remedy,
      text,
    }))
  })
}

function compileBranch(row: TableRow, uses: Uses): Branch {
  const kind = row.cell('branch')
  if (!/^(if|else-if|else|always)$/.test(kind)) fail(row, `branch ${kind}`)
  if ((row.cell('when') === '') !== /^(else|always)$/.test(kind))
    fail(row, `${kind} and its condition do not go together`)
  try {
    return {
      condition: compileCondition(row.cell('when'), uses),
      consequence: compileConsequences(row.cell('then'), uses),
    }
  } catch (error) {
    return fail(row, error instanceof Error ? error.message : String(error))
  }
}

function checkPaths(
  row: TableRow,
  type: string,
  at: readonly Path[],
  paths: readonly Path[],
  messages: Messages,
): void {
  const table = messages.get(type)
  if (!table) return fail(row, `there is no message ${type}`)
  const root = [rootSpot(table.root)]
  const spots = at.length === 0 ? root : at.flatMap((path) => spotsOf(path, root))
  for (const path of at) if (spotsOf(path, root).length === 0) fail(row, `${type} has no ${path.text}`)
  for (const path of paths)
    if (spotsOf(path, spots).length === 0) fail(row, `${type} has no ${path.text} at ${row.cell('at')}`)
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

function fail(row: TableRow, text: string): never {
  throw new CustomsFault('rule-syntax', `rules, line ${row.line}, ${row.cell('rule')}: ${text}`)
}

/** Reads rule tables: rows into choices for each message, with everything checked that can be checked without a document. */
import { CustomsFault } from '../faults.ts'
import type { TableNode } from '../messages/fields.ts'
import type { Messages } from '../messages/messages.ts'
import { readTable, type TableRow } from '../tsv.ts'
import { expandAt, expandThen, typesOf } from './cited.ts'
import { compileCondition, type Condition } from './condition.ts'
import { compileConsequences } from './consequence.ts'
import { compilePath, rootSpot, spotsOf, type Path } from './path.ts'
import { compilePeriod, type Period } from './period.ts'
import type { Uses } from './terms.ts'
import type { Consequence } from './violation.ts'

/** What a rule says and where that is written. */
export interface CatalogueEntry {
  readonly id: string
  /** specification and clause */
  readonly source: string
  /** in our words */
  readonly meaning: string
}

export interface Branch {
  readonly condition: Condition
  readonly consequence: Consequence
}

/** A rule that a row switches off, everywhere or for one element (`/Consignment/LocationOfGoods`). */
export interface Disabled {
  readonly rule: string
  readonly path: string | undefined
}

/** One choice in one message: the first branch whose condition is true applies. */
export interface Choice {
  readonly rule: string
  readonly message: string
  /** the groups it is evaluated in; `undefined` is the document element */
  readonly at: readonly (Path | undefined)[]
  readonly branches: readonly Branch[]
  readonly period: Period | undefined
  readonly disables: readonly Disabled[]
  /** what it may ask beyond the document, in the words of `NotEvaluated.needs` */
  readonly needs: ReadonlySet<string>
}

const columns = ['rule', 'messages', 'at', 'branch', 'when', 'then']

/** The catalogue rows of every text whose name ends in `catalogue`. Throws `rule-syntax` when a rule is there twice. */
export function readCatalogues(texts: Readonly<Record<string, string>>): Map<string, CatalogueEntry> {
  const catalogue = new Map<string, CatalogueEntry>()
  for (const [name, text] of Object.entries(texts)) {
    if (!name.endsWith('catalogue')) continue
    for (const row of readTable(text, ['rule', 'source', 'meaning'], name).rows) {
      const id = row.cell('rule')
      if (catalogue.has(id)) fail(name, row, 'it is in the catalogue already')
      catalogue.set(id, { id, source: row.cell('source'), meaning: row.cell('meaning') })
    }
  }
  return catalogue
}

/** Texts beside the rule tables that are none: what rules mean, their cases, guidance. */
export function isRuleTable(name: string): boolean {
  return !/(?:catalogue|cases|guidelines)$/.test(name)
}

/** The choices of one rule table; the code lists that they use are added to `lists`. Throws `rule-syntax` naming table and line. */
export function readChoices(
  name: string,
  text: string,
  catalogue: ReadonlyMap<string, CatalogueEntry>,
  messages: Messages,
  lists: Set<string>,
): Choice[] {
  return groupRows(name, text, catalogue).flatMap((rows) => {
    const [first] = rows as [TableRow, ...TableRow[]]
    const inTable = <T>(row: TableRow, work: () => T): T => {
      try {
        return work()
      } catch (error) {
        return fail(name, row, error instanceof Error ? error.message.replace(/^rule-syntax: /, '') : String(error))
      }
    }
    const period = inTable(first, () => compilePeriod(first.cell('from'), first.cell('until')))
    const disables = inTable(first, () => first.cell('disables').split(' ').filter(Boolean).map(readDisabled))
    const rule = first.cell('rule')
    const types = inTable(first, () => typesOf(rule, first.cell('messages'), first.cell('at'), messages))
    return types.map((message): Choice => {
      const at = inTable(first, () => compileAt(rule, message, first.cell('at'), messages))
      const needs = new Set<string>()
      const branches = rows.flatMap((row) =>
        inTable(row, () => compileBranch(row, { rule, message, at, messages, lists, needs })),
      )
      return { rule, message, at, branches, period, disables, needs }
    })
  })
}

/** The rows of a table, those of one choice together. */
function groupRows(name: string, text: string, catalogue: ReadonlyMap<string, CatalogueEntry>): TableRow[][] {
  const groups: TableRow[][] = []
  const keyOf = (row: TableRow): string => ['rule', 'messages', 'at'].map((column) => row.cell(column)).join('\t')
  for (const row of readTable(text, columns, name).rows) {
    if (!catalogue.has(row.cell('rule'))) fail(name, row, 'it is not in the catalogue')
    const branch = row.cell('branch')
    const open = groups.at(-1)
    if (!/^(?:if|else-if|else|always)$/.test(branch)) fail(name, row, `branch ${branch}`)
    if ((row.cell('when') === '') !== /^(?:else|always)$/.test(branch))
      fail(name, row, `${branch} and its condition do not go together`)
    if (/^(?:if|always)$/.test(branch)) groups.push([row])
    else if (!open || keyOf(open[0]!) !== keyOf(row) || open[0]!.cell('branch') === 'always')
      fail(name, row, 'no choice is open here')
    else if (['from', 'until', 'disables'].some((column) => row.cell(column) !== ''))
      fail(name, row, 'from, until and disables belong to the first row of a choice')
    else open.push(row)
  }
  return groups
}

function readDisabled(word: string): Disabled {
  const [, rule, path] = /^([A-Z]\d{4})(?:@(\/[\w/]+))?$/.exec(word) ?? []
  if (rule === undefined) throw new CustomsFault('rule-syntax', `cannot disable ${word}`)
  return { rule, path }
}

/** Where a choice stands in its message, for compiling its branches. */
interface Place {
  readonly rule: string
  readonly message: string
  readonly at: Choice['at']
  readonly messages: Messages
  readonly lists: Set<string>
  readonly needs: Set<string>
}

function compileAt(rule: string, message: string, cell: string, messages: Messages): Choice['at'] {
  const root = [rootSpot(messages.get(message)!.root)]
  return expandAt(rule, message, cell, messages).map((text) => {
    if (text === '/') return undefined
    const path = compilePath(text)
    if (spotsOf(path, root).length === 0) throw new CustomsFault('rule-syntax', `${message} has no ${text}`)
    return path
  })
}

/** The branch of a row; none for a row that only disables others. */
function compileBranch(row: TableRow, place: Place): Branch[] {
  const { rule, message, messages, lists, needs, at } = place
  if (row.cell('branch') === 'always' && row.cell('then') === '' && row.cell('disables') !== '') return []
  const requiredIn: Uses['requiredIn'] = (earlier, group) => requiredOf(messages, message, earlier, group)
  const uses: Uses = { paths: [], lists, needs, requiredIn }
  const branch = {
    condition: compileCondition(row.cell('when'), uses),
    consequence: compileConsequences(expandThen(rule, message, row.cell('then'), messages), uses),
  }
  const root = [rootSpot(messages.get(message)!.root)]
  const spots = at.flatMap((path) => (path ? spotsOf(path, root) : root))
  const where = at.map((path) => path?.text ?? '/').join(' ')
  for (const path of uses.paths) {
    for (const earlier of path.messages) {
      const table = messages.get(earlier)
      if (!table) throw new CustomsFault('rule-syntax', `there is no message ${earlier}`)
      if (spotsOf(path, [rootSpot(table.root)]).length === 0)
        throw new CustomsFault('rule-syntax', `${earlier} has no ${path.text}`)
    }
    if (path.messages.length === 0 && spotsOf(path, spots).length === 0)
      throw new CustomsFault('rule-syntax', `${message} has no ${path.text} at ${where}`)
  }
  return [branch]
}

function requiredOf(
  messages: Messages,
  message: string,
  earlier: string,
  group: readonly string[],
): readonly (readonly string[])[] {
  const nodeOf = (type: string): TableNode | undefined =>
    group.reduce<TableNode | undefined>(
      (node, name) => node?.children?.find((each) => each.name === name),
      messages.get(type)?.root,
    )
  const below = (then: TableNode | undefined, now: TableNode | undefined, above: readonly string[]): string[][] =>
    (then?.children ?? []).flatMap((child) => {
      const same = now?.children?.find(({ name }) => name === child.name)
      const path = [...above, child.name]
      return child.required && same ? [path, ...below(child, same, path)] : []
    })
  return below(nodeOf(earlier), nodeOf(message), [])
}

function fail(table: string, row: TableRow, text: string): never {
  throw new CustomsFault('rule-syntax', `${table}, line ${row.line}, ${row.cell('rule')}: ${text}`)
}

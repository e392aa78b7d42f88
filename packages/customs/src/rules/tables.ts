/** Reads rule tables: rows into choices, with everything checked that can be checked without a document. */
import { CustomsFault } from '../faults.ts'
import type { Messages } from '../messages/messages.ts'
import { readTable, type TableRow } from '../tsv.ts'
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

/** One choice: the first branch whose condition is true applies. */
export interface Choice {
  readonly rule: string
  readonly messages: readonly string[]
  readonly at: readonly Path[]
  readonly branches: Branch[]
  readonly period: Period | undefined
  readonly disables: readonly Disabled[]
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
  messages: Messages | undefined,
  lists: Set<string>,
): Choice[] {
  const choices: Choice[] = []
  let open: { choice: Choice; key: string } | undefined
  for (const row of readTable(text, columns, name).rows) {
    if (!catalogue.has(row.cell('rule'))) fail(name, row, 'it is not in the catalogue')
    const uses: Uses = { paths: [], lists }
    try {
      const key = ['rule', 'messages', 'at'].map((column) => row.cell(column)).join('\t')
      if (/^(?:if|always)$/.test(row.cell('branch'))) {
        open = { choice: openChoice(row), key }
        choices.push(open.choice)
      } else if (open?.key !== key) throw new CustomsFault('rule-syntax', 'no choice is open here')
      else if (['from', 'until', 'disables'].some((column) => row.cell(column) !== ''))
        throw new CustomsFault('rule-syntax', 'from, until and disables belong to the first row of a choice')
      const branch = compileBranch(row, uses)
      if (branch) open.choice.branches.push(branch)
      if (messages) for (const type of open.choice.messages) checkPaths(type, open.choice.at, uses.paths, messages)
    } catch (error) {
      fail(name, row, error instanceof Error ? error.message.replace(/^rule-syntax: /, '') : String(error))
    }
  }
  return choices
}

function openChoice(row: TableRow): Choice {
  return {
    rule: row.cell('rule'),
    messages: row.cell('messages').split(' '),
    at: row.cell('at') === '/' ? [] : row.cell('at').split(' ').map(compilePath),
    branches: [],
    period: compilePeriod(row.cell('from'), row.cell('until')),
    disables: row.cell('disables').split(' ').filter(Boolean).map(readDisabled),
  }
}

function readDisabled(word: string): Disabled {
  const [, rule, path] = /^([A-Z]\d{4})(?:@(\/[\w/]+))?$/.exec(word) ?? []
  if (rule === undefined) throw new CustomsFault('rule-syntax', `cannot disable ${word}`)
  return { rule, path }
}

/** The branch of a row; none for a row that only disables others. */
function compileBranch(row: TableRow, uses: Uses): Branch | undefined {
  const kind = row.cell('branch')
  if (!/^(?:if|else-if|else|always)$/.test(kind)) throw new CustomsFault('rule-syntax', `branch ${kind}`)
  if ((row.cell('when') === '') !== /^(?:else|always)$/.test(kind))
    throw new CustomsFault('rule-syntax', `${kind} and its condition do not go together`)
  if (kind === 'always' && row.cell('then') === '' && row.cell('disables') !== '') return undefined
  return {
    condition: compileCondition(row.cell('when'), uses),
    consequence: compileConsequences(row.cell('then'), uses),
  }
}

function checkPaths(type: string, at: readonly Path[], paths: readonly Path[], messages: Messages): void {
  const missing = (path: Path, where: string): never => {
    throw new CustomsFault('rule-syntax', `${type} has no ${path.text}${where}`)
  }
  const table = messages.get(type)
  if (!table) throw new CustomsFault('rule-syntax', `there is no message ${type}`)
  const root = [rootSpot(table.root)]
  const spots = at.length === 0 ? root : at.flatMap((path) => spotsOf(path, root))
  for (const path of at) if (spotsOf(path, root).length === 0) missing(path, '')
  const where = ` at ${at.length === 0 ? '/' : at.map(({ text }) => text).join(' ')}`
  for (const path of paths) if (spotsOf(path, spots).length === 0) missing(path, where)
}

function fail(table: string, row: TableRow, text: string): never {
  throw new CustomsFault('rule-syntax', `${table}, line ${row.line}, ${row.cell('rule')}: ${text}`)
}

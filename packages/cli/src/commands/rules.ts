import { type Count, type Coverage, type CoveredRule, needInWords, type RuleKind } from '@corridor/customs'
import { type DocumentTables, loadDocuments, loadRuleBook, type RuleBook } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { columns, hanging } from '../documents/columns.ts'
import { print } from '../print.ts'

const kinds: Record<RuleKind, string> = {
  C: 'conditions',
  R: 'rules',
  B: 'transitional, business',
  E: 'transitional, technical',
  G: 'guidelines',
  S: 'sequence guidelines',
}

const states: Record<CoveredRule['state'], string> = {
  done: 'done',
  'needs-fact': 'needs a fact',
  guidance: 'guidance',
  exception: 'exception',
  open: 'open',
}

/** `corridor rules [--message M]`: how many of the rules are evaluated, and every exception with its reason; of one message, every rule. */
export async function rules(typed: string[]): Promise<number> {
  const { options } = readArguments(typed, { options: ['message'], words: 0 })
  const tables = loadDocuments()
  const book = loadRuleBook(tables)
  const type = options.get('message')?.toUpperCase()
  if (type === undefined) await print(everything(book.coverage, tables.messages.types.length))
  else if (tables.messages.get(type) === undefined)
    throw new UsageError(`There is no message “${type}”. corridor schema lists them.`)
  else await print(ofMessage(type, tables, book))
  return 0
}

function everything({ byKind, rules: all }: Coverage, messages: number): string {
  const counts = [...byKind].map(([kind, count]) => countRow(`${kind}  ${kinds[kind]}`, count))
  const facts = all
    .filter(({ state }) => state === 'needs-fact')
    .map(({ id, needs }) => entry(id, needs.map(needInWords).join(', ')))
  const reasons = all
    .filter(({ kind, reasons: why }) => why.length > 0 && kind !== 'G' && kind !== 'S')
    .map(({ id, state, reasons: why }) => entry(id, (state === 'exception' ? 'not evaluated: ' : '') + why.join('; ')))
  const guidance = all
    .filter(({ state }) => state === 'guidance')
    .map(({ id, reasons: why }) => entry(id, why.join('; ')))
  return [
    `Rules that the ${messages} messages cite\n\n${columns([head, ...counts, countRow('all', sumOf([...byKind.values()]))])}`,
    ...section('Exceptions, and parts of rules that are not held', reasons),
    ...section('Evaluated where a fact beyond the document is given', facts),
    ...section('Guidelines that no check can hold', guidance),
  ].join('\n')
}

function ofMessage(type: string, tables: DocumentTables, { coverage, guidelines }: RuleBook): string {
  const count = coverage.byMessage.get(type)
  if (count === undefined) return `${type} cites no rule.\n`
  const meanings = new Map([...tables.rules.entries, ...guidelines.entries].map(({ id, meaning }) => [id, meaning]))
  const lines = coverage.rules
    .filter(({ cited }) => cited.includes(type))
    .map(({ id, state, open }) => {
      const of = states[open.includes(type) ? 'open' : state]
      return hanging(`  ${id}  ${of.padEnd(12)}  `, meanings.get(id) ?? '')
    })
  return `${columns([head, countRow(type, count)])}\n${lines.join('')}`
}

const head = ['', 'cited', ...Object.values(states)]

function countRow(name: string, count: Count): (string | number)[] {
  return [name, count.all, ...Object.keys(states).map((state) => count[state as CoveredRule['state']])]
}

function sumOf(counts: readonly Count[]): Count {
  const [first, ...others] = counts
  return others.reduce(
    (sum, count) => ({
      all: sum.all + count.all,
      done: sum.done + count.done,
      'needs-fact': sum['needs-fact'] + count['needs-fact'],
      guidance: sum.guidance + count.guidance,
      exception: sum.exception + count.exception,
      open: sum.open + count.open,
    }),
    first!,
  )
}

function section(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`${title} (${entries.length})\n\n${entries.join('')}`]
}

function entry(id: string, text: string): string {
  return hanging(`  ${id}  `, text)
}

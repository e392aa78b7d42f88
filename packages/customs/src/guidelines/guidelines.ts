/**
 * Guidelines of the specification (G, S). They are no grounds to refuse a document: what they find are remarks, which are never sent as
 * errors. Two tables: `guidelines` has one row each, `rule source meaning kind how`; `executable-guidelines` has the branches of those
 * that are evaluated, in the words of rules.
 *
 * | kind | how |
 * |---|---|
 * | `executable` | `rule`: by its branches; else what holds it: `structure: …`, `rules: …`, `order: …` |
 * | `guidance` | why no check of a document can tell |
 */
import type { Doc } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import type { Finding } from '../finding.ts'
import type { Messages } from '../messages/messages.ts'
import type { Env, NotEvaluated } from '../rules/facts.ts'
import { compileRules } from '../rules/rules.ts'
import { readTable } from '../tsv.ts'

/** What a guideline says, and what becomes of it here. */
export interface Guideline {
  readonly id: string
  /** specification and clause */
  readonly source: string
  /** in our words */
  readonly meaning: string
  readonly kind: 'executable' | 'guidance'
  readonly how: string
  /** the messages in which its branches are evaluated; none for one that is held otherwise */
  readonly messages: readonly string[]
}

/**
 * What a guideline says of a document: the same as a finding, but of a kind of its own that has no error code, because nobody is refused
 * for it.
 */
export type Remark = Omit<Finding, 'kind' | 'code'>

/** Compiled guidelines. */
export interface Guidelines {
  readonly entries: readonly Guideline[]
  /** The remarks on a document whose structure is right, and what could not be told. Throws `table-reference` as rules do. */
  remark(type: string, doc: Doc, env: Env): Remarks
}

/** The remarks on a document, and the guidelines that would have needed a fact that was not given. */
export interface Remarks {
  readonly remarks: readonly Remark[]
  readonly notEvaluated: readonly NotEvaluated[]
}

/** The texts of the two tables. */
export interface GuidelineTexts {
  readonly guidelines: string
  readonly executable: string
}

/**
 * Compiles guidelines. Throws `rule-syntax`, with the line, for a row that has no kind or no word of how, and for branches of a guideline
 * that is not evaluated by them; `rule-syntax` as well for branches that cannot be read.
 */
export function compileGuidelines({ guidelines, executable }: GuidelineTexts, messages: Messages): Guidelines {
  const rules = compileRules({ catalogue: guidelines, executable }, messages)
  const evaluated = new Map(rules.entries.map((entry) => [entry.id, entry.messages]))
  const entries = readTable(guidelines, ['rule', 'source', 'meaning', 'kind', 'how'], 'guidelines').rows.map((row) => {
    const id = row.cell('rule')
    const [kind, how] = [row.cell('kind'), row.cell('how')]
    const types = evaluated.get(id) ?? []
    const fault = (text: string): CustomsFault =>
      new CustomsFault('rule-syntax', `guidelines, line ${row.line}, ${id}: ${text}`)
    if (kind !== 'executable' && kind !== 'guidance') throw fault(`kind ${kind}`)
    if (how === '') throw fault('how it is held, or why not, is not said')
    if ((kind === 'executable' && how === 'rule') !== types.length > 0)
      throw fault(types.length > 0 ? 'it has branches and is not of the kind that is evaluated' : 'it has no branch')
    return { id, source: row.cell('source'), meaning: row.cell('meaning'), kind, how, messages: types } as const
  })
  return {
    entries,
    remark: (type, doc, env) => {
      const { findings, notEvaluated } = rules.evaluate(type, doc, env)
      return { remarks: findings.map(({ kind: _kind, code: _code, ...remark }) => remark), notEvaluated }
    },
  }
}

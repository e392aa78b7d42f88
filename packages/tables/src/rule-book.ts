import { compileGuidelines, type Coverage, coverageOf, type Guidelines, type Messages } from '@corridor/customs'
import type { DocumentTables } from './documents.ts'
import { folder, ownFolders, textOf } from './files.ts'

/** What there is to say about the rules besides evaluating them. */
export interface RuleBook {
  guidelines: Guidelines
  coverage: Coverage
  /** why the codes of a list are not checked, by the list's id */
  listsNotChecked: ReadonlyMap<string, { name: string; why: string }>
}

/**
 * Reads guidelines and coverage: which rules are evaluated in which messages, and why the others are not.
 * @throws CustomsFault naming the table and the line that is wrong
 */
export function loadRuleBook({ messages, rules }: DocumentTables, customs: URL = ownFolders.customs): RuleBook {
  const guidelines = loadGuidelines(messages, customs)
  const exceptions = Object.values(folder(customs, 'coverage/', '-exceptions.tsv'))
  const rows = textOf(customs, 'coverage/code-lists-not-checked.tsv').trimEnd().split('\n').slice(1)
  return {
    guidelines,
    coverage: coverageOf({ messages, rules, guidelines: guidelines.entries, exceptions }),
    listsNotChecked: new Map(
      rows.map((row) => {
        const [list = '', name = '', why = ''] = row.split('\t')
        return [list, { name, why }]
      }),
    ),
  }
}

/** Reads and compiles the guidelines. @throws CustomsFault naming the table and the line that is wrong */
export function loadGuidelines(messages: Messages, customs: URL = ownFolders.customs): Guidelines {
  const { guidelines = '', 'executable-guidelines': executable = '' } = folder(customs, 'rules/')
  return compileGuidelines({ guidelines, executable }, messages)
}

/** Hostile documents whose structure is right: what code lists and rules refuse. Reading them is to read and to examine. */
import { examine } from '../src/index.ts'
import { changed, right, table, type Hostile } from './hostile-syntax.ts'
import { loadCodeLists, loadMessages, loadRules } from './tables.ts'

const messages = loadMessages()
const rules = loadRules(messages)
const codeLists = loadCodeLists()

/** The rules that a document of the declaration breaks on a day. */
const rulesBroken = (bytes: Uint8Array, date: string): string[] => {
  const { document, findings } = table.read(bytes)
  if (!document || findings.length > 0) throw new Error('the structure is not right')
  return examine(table, document, { codeLists, rules, date }).findings.map(({ rule }) => rule)
}

const refused = (kind: string, expected: string, from: string, to: string, date = '2026-11-24') => ({
  kind,
  bytes: () => changed(from, to),
  expected,
  read: (bytes: Uint8Array) => rulesBroken(bytes, date),
})

/** `expected` is the rule or code list that is broken. */
export const ruleKinds: readonly (Omit<Hostile, 'read'> & { read: (bytes: Uint8Array) => string[] })[] = [
  refused('a code that is in no list', 'CL231', '>T1<', '>XX<'),
  refused('a currency that is in no list', 'CL048', '>EUR<', '>XXX<'),
  refused('a condition that another value makes', 'C0586', '<security>0', '<security>2'),
  refused('a net mass above the gross mass', 'R0223', '<netMass>8.75', '<netMass>98.75'),
  {
    kind: 'a code that is in its list only from the next day on',
    bytes: () => new TextEncoder().encode(right),
    expected: 'CL231',
    read: (bytes) => rulesBroken(bytes, '2024-10-24'),
  },
]

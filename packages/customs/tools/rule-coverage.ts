/**
 * Which rules and conditions that the message tables cite are evaluated, and why the others are not.
 *
 *     node packages/customs/tools/rule-coverage.ts [message …]
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { MessageTable, Rules, TableNode } from '../src/index.ts'
import { readTable } from '../src/tsv.ts'
import { loadMessages, loadRules } from '../test/tables.ts'

/** Conditions (C…) and rules (R…) that a message's table cites, in order. */
export function citedRules(table: MessageTable): string[] {
  const ids = new Set<string>()
  const visit = (nodes: readonly TableNode[]): void => {
    for (const { rules, children } of nodes) {
      for (const citation of rules) {
        const [id = '', only] = citation.split('@')
        if (/^[CR]/.test(id) && (only === undefined || only.split(',').includes(table.type))) ids.add(id)
      }
      visit(children ?? [])
    }
  }
  visit(table.root.children)
  return [...ids].sort()
}

/** Those of them that are not evaluated in this message. */
export function openRules(table: MessageTable, rules: Rules): string[] {
  const done = new Set(rules.entries.filter(({ messages }) => messages.includes(table.type)).map(({ id }) => id))
  return citedRules(table).filter((id) => !done.has(id))
}

/** Why a rule is not evaluated, by its id. */
export function reasons(): Map<string, string> {
  const text = readFileSync(new URL('../coverage/rules-not-done.tsv', import.meta.url), 'utf8')
  return new Map(
    readTable(text, ['rule', 'why'], 'rules-not-done').rows.map((row) => [row.cell('rule'), row.cell('why')]),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const messages = loadMessages()
  const rules = loadRules(messages)
  const why = reasons()
  const types = process.argv.length > 2 ? process.argv.slice(2) : ['CC007C', 'CC013C', 'CC015C', 'CC044C']
  for (const type of types) {
    const table = messages.get(type)
    if (!table) throw new Error(`there is no message ${type}`)
    const open = openRules(table, rules)
    const cited = citedRules(table).length
    process.stdout.write(`${type}: ${cited - open.length} of ${cited} rules and conditions\n`)
    for (const id of open) process.stdout.write(`  ${id} ${why.get(id) ?? 'not looked at yet'}\n`)
  }
}

/** The rules on the public samples (../shared/ncts/samples): whatever a document holds, no rule throws, and what is found can be said. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { examine } from '../src/index.ts'
import { loadCodeLists, loadMessages, loadRules } from './tables.ts'

const samples = new URL('../../../../shared/ncts/samples/', import.meta.url)
const skip = existsSync(samples) ? false : 'needs ../shared'

test('every sample is examined, and valid declarations are counted by rule', { skip }, (t) => {
  const messages = loadMessages()
  const context = { codeLists: loadCodeLists(), rules: loadRules(messages), date: '2026-11-24' }
  const counts = new Map<string, number>()
  let examined = 0
  let declarations = 0
  for (const line of readFileSync(new URL('VERDICTS.tsv', samples), 'utf8').trimEnd().split('\n').slice(1)) {
    const [file = '', type = '', , verdict] = line.split('\t')
    const table = messages.get(type)!
    const { document } = table.read(readFileSync(new URL(file, samples)))
    if (!document) continue
    examined += 1
    const { findings, notEvaluated } = examine(table, document, context)
    for (const { path, rule, text, remedy } of findings) assert.ok(path.startsWith(`/${type}/`) && text && remedy, rule)
    for (const { rule, needs } of notEvaluated) assert.ok(needs, rule)
    if (verdict !== 'valid' || !/^CC0(?:07|15)C$/.test(type)) continue
    declarations += 1
    for (const rule of new Set(findings.flatMap(({ kind, rule: id }) => (kind === 'codelist' ? [] : [id]))))
      counts.set(rule, (counts.get(rule) ?? 0) + 1)
  }
  assert.ok(examined > 180)
  const top = [...counts].sort(([, a], [, b]) => b - a).map(([rule, count]) => `${rule} ${count}`)
  t.diagnostic(`${examined} documents; of ${declarations} valid CC015C and CC007C: ${top.join(', ')}`)
})

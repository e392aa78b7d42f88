/**
 * Which rules that the message tables cite are evaluated, and why the others are not.
 *
 *     node packages/customs/tools/rule-coverage.ts [message …]
 */
import { readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { compileGuidelines, coverageOf, type Count, type Coverage } from '../src/index.ts'
import { loadMessages, loadRules, rulesTexts } from '../test/tables.ts'

/** The coverage of this package's own tables. */
export function loadCoverage(): Coverage {
  const messages = loadMessages()
  const texts = rulesTexts()
  const folder = new URL('../coverage/', import.meta.url)
  const guidelines = { guidelines: texts['guidelines'] ?? '', executable: texts['executable-guidelines'] ?? '' }
  return coverageOf({
    messages,
    rules: loadRules(messages),
    guidelines: compileGuidelines(guidelines, messages).entries,
    exceptions: readdirSync(folder)
      .filter((name) => name.endsWith('-exceptions.tsv'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8')),
  })
}

const line = (name: string, { all, done, guidance, exception, open, ...rest }: Count): string =>
  `${name}: ${all} cited, ${done} done, ${rest['needs-fact']} done where the facts are given, ${guidance} guidance, ${exception} exceptions, ${open} open\n`

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { rules, byKind, byMessage } = loadCoverage()
  for (const [kind, count] of byKind) process.stdout.write(line(kind, count))
  for (const type of process.argv.slice(2)) {
    const count = byMessage.get(type)
    if (!count) throw new Error(`no rule is cited in ${type}`)
    process.stdout.write(line(type, count))
  }
  for (const { id, state, reasons } of rules)
    if (state !== 'guidance' && reasons.length > 0 && !/^[GS]/.test(id))
      process.stdout.write(`  ${id} (${state}) ${reasons.join('; ')}\n`)
}

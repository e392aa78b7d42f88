import { readCorridor } from '@corridor/node'
import { loadDocuments, loadGuidelines } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { checkInput } from '../documents/check-input.ts'
import { dayOf } from '../documents/day.ts'
import { tell } from '../documents/for-people.ts'
import { filesOf, readInput } from '../documents/input.ts'
import { progressOf } from '../documents/progress.ts'
import { print } from '../print.ts'

/**
 * `corridor validate FILE… [--structure] [--json] [--at DATE] [--corridor NAME]`: structure, formats, code lists and rules of documents.
 * Codes and rules are those of today, or of DATE (`yyyy-mm-dd`). Exit code 1 when there is any finding; a file that cannot be read is one.
 * What guidelines say is shown as remarks, with which a document is valid all the same.
 */
export async function validate(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['at', 'corridor'],
    flags: ['structure', 'json'],
    words: Infinity,
  })
  if (words.length === 0) throw new UsageError('Say which files to validate: corridor validate declaration.xml.')
  const at = dayOf(options, 'at')
  const corridor = options.get('corridor')
  const tables = loadDocuments(corridor === undefined ? undefined : readCorridor(corridor).codelists)
  const how = { tables, guidelines: loadGuidelines(tables.messages), structure: flags.has('structure'), at }
  const files = filesOf(words)
  const progress = progressOf(files.length, process.stderr, () => performance.now())
  let wrong = 0
  let findings = 0
  let remarks = 0
  for (const file of files) {
    const { checked, notEvaluated } = checkInput(readInput(file), how)
    if (!checked.valid) wrong += 1
    findings += checked.findings.length
    remarks += checked.remarks.length
    progress.clear()
    await print(flags.has('json') ? `${JSON.stringify(checked)}\n` : tell(checked, notEvaluated))
    progress.done()
  }
  progress.clear()
  if (!flags.has('json') && files.length !== 1)
    await print(
      `${files.length} files: ${files.length - wrong} valid, ${wrong} with ${findings} findings; ${remarks} remarks\n`,
    )
  return wrong === 0 && files.length > 0 ? 0 : 1
}

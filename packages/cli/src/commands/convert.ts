import { toJson } from '@corridor/customs'
import { loadMessages } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { tell } from '../documents/for-people.ts'
import { readInput } from '../documents/input.ts'
import { fileFinding, readDocument } from '../documents/read-document.ts'
import { print } from '../print.ts'

/**
 * `corridor convert FILE --to json|xml`: a document in its other form, on standard output. A document with an error of structure or
 * format is not converted: the findings go to standard error and the exit code is 1.
 */
export async function convert(typed: string[]): Promise<number> {
  const { words, options } = readArguments(typed, { options: ['to'], words: 1 })
  const [file] = words
  const to = options.get('to')
  if (file === undefined) throw new UsageError('Say which file to convert: corridor convert declaration.xml --to json.')
  if (to !== 'json' && to !== 'xml') throw new UsageError('Say into what: --to json or --to xml.')
  const input = readInput(file)
  const { table, document, findings } =
    'bytes' in input
      ? readDocument(loadMessages(), input.bytes)
      : {
          ...input,
          table: undefined,
          document: undefined,
          findings: [fileFinding('unreadable', input.text, input.remedy)],
        }
  if (table === undefined || document === undefined || findings.length > 0) {
    const { type: message = null, edition = null } = table ?? {}
    await print(tell({ file, message, edition, valid: false, findings, remarks: [] }), process.stderr)
    return 1
  }
  await print(to === 'json' ? toJson(table, document) : table.write(document))
  return 0
}

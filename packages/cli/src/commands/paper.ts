import { writeFileSync } from 'node:fs'
import { isMrn } from '@corridor/customs'
import { type PaperOrder, paperLanguages, pdfOfPaper, printPaper } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { namedNode } from '../node-settings.ts'

const kinds = ['accompanying-document', 'unloading-permission', 'receipt'] as const

/** `corridor paper NUMBER --as ACCOUNT --node NODE --pdf FILE`: a document on paper from the records of a node. */
export async function paper(typed: string[]): Promise<number> {
  const { words, options } = readArguments(typed, {
    options: ['as', 'node', 'corridor', 'kind', 'languages', 'pdf', 'html'],
    words: 1,
  })
  const [number] = words
  if (number === undefined)
    throw new UsageError('Say what is to be printed: the MRN of a movement or the GRN of a guarantee.')
  const account = options.get('as')
  if (account === undefined) throw new UsageError('Say who prints: --as durres-departure.')
  const [form, file] = [...options].find(([name]) => name === 'pdf' || name === 'html') ?? []
  if (file === undefined) throw new UsageError('Say into which file: --pdf FILE or --html FILE.')
  const { readSettings } = namedNode(options, 'paper')
  const order: PaperOrder = {
    account,
    number,
    kind: kindOf(options.get('kind'), number),
    languages: languagesIn(options.get('languages')),
  }
  const printed = await printPaper(readSettings(), order)
  switch (printed.kind) {
    case 'nobody':
      throw new UsageError(`Nobody who may use this node is called “${account}”.`)
    case 'not-found':
      process.stderr.write(`${number} is unknown here, or its ${order.kind} is not for ${account}.\n`)
      return 1
    case 'conflict':
      process.stderr.write(`${printed.detail}\n`)
      return 1
    case 'paper':
      writeFileSync(file, form === 'pdf' ? await pdfOfPaper(printed.html) : printed.html)
      process.stdout.write(`${file}\n`)
      return 0
  }
}

function kindOf(asked: string | undefined, number: string): PaperOrder['kind'] {
  const kind = asked ?? (isMrn(number) ? 'accompanying-document' : 'receipt')
  const known = kinds.find((each) => each === kind)
  if (known === undefined) throw new UsageError(`There is no --kind ${kind}. There are: ${kinds.join(', ')}.`)
  return known
}

function languagesIn(asked: string | undefined): string[] | undefined {
  const languages = asked?.split(',')
  if (languages !== undefined && (languages.length > 2 || languages.some((each) => !paperLanguages.includes(each))))
    throw new UsageError(`--languages takes one or two of ${paperLanguages.join(', ')}, with a comma.`)
  return languages
}

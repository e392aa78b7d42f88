import { writeFileSync } from 'node:fs'
import { mermaidMapOf, svgOf } from '@corridor/map'
import { defaultCorridor, readCorridor } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

/**
 * `corridor draw [CORRIDOR] [--svg FILE|--mermaid]`: the picture of its nodes, places and links, from its file alone: as SVG to a file or to
 * the standard output, or as a Mermaid flowchart.
 */
export async function draw(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: ['svg'], flags: ['mermaid'], words: 1 })
  const file = options.get('svg')
  if (file !== undefined && flags.has('mermaid')) throw new UsageError('Say --svg FILE or --mermaid, one of them.')
  const corridor = readCorridor(words[0] ?? defaultCorridor)
  if (file === undefined) await print(flags.has('mermaid') ? mermaidMapOf(corridor) : svgOf(corridor))
  else writeFileSync(file, svgOf(corridor))
  return 0
}

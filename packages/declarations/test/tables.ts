/** The tables of this room, read from disk: for tests and tools. A node reads them with @corridor/tables. */
import { readdirSync, readFileSync } from 'node:fs'
import {
  type BlockTexts,
  compileBlocks,
  compileForm,
  compileImports,
  type Form,
  type Imports,
  type UtilityBlocks,
} from '../src/index.ts'

const room = new URL('../', import.meta.url)
export const textOf = (path: string): string => readFileSync(new URL(path, room), 'utf8')

export const blockTexts = (): BlockTexts => ({
  elements: textOf('blocks/elements.tsv'),
  editions: textOf('blocks/editions.tsv'),
  formats: textOf('blocks/formats.tsv'),
  rules: textOf('blocks/rules.tsv'),
})

/** Compiled once a test file. */
export const blocks: UtilityBlocks = compileBlocks(blockTexts())

/** The names of the folders below one of this room. */
export const foldersOf = (path: string): string[] =>
  readdirSync(new URL(path, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

export const formNames: readonly string[] = foldersOf('forms/')

/** A form of this room, compiled. */
export const formOf = (name: string): Form =>
  compileForm(
    name,
    {
      layout: textOf(`forms/${name}/layout.tsv`),
      mapping: textOf(`forms/${name}/mapping.tsv`),
      codes: textOf(`forms/${name}/codes.tsv`),
    },
    blocks,
  )

export const imports: Imports = compileImports(
  {
    draft: textOf('imports/draft.tsv'),
    codes: textOf('imports/codes.tsv'),
    documents: textOf('imports/documents.tsv'),
  },
  blocks,
)

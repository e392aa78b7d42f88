/** The tables of this room, read from disk: for tests and tools. A node reads them with @corridor/tables. */
import { readdirSync, readFileSync } from 'node:fs'
import { compileBlocks, type BlockTexts, type UtilityBlocks } from '../src/index.ts'

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

import {
  compileBlocks,
  compileForm,
  compileImports,
  type Form,
  type Imports,
  type UtilityBlocks,
} from '@corridor/declarations'
import { compileDeclarationLaw, type DeclarationLaw } from '@corridor/procedures'
import { readdirSync } from 'node:fs'
import { ownFolders, textOf } from './files.ts'

/** All that harmonised declaration data are read, written and compared with, compiled. */
export interface DeclarationTables {
  blocks: UtilityBlocks
  /** forms of national systems, by their names */
  forms: ReadonlyMap<string, Form>
  imports: Imports
  /** what becomes of a declaration of which two administrations have data */
  law: DeclarationLaw
}

const own = new URL('../../declarations/', import.meta.url)
let loaded: DeclarationTables | undefined

/**
 * Reads and compiles the tables of declarations; those of this repository once a process. A few tens of milliseconds.
 * @param room the room of these tables; that of this repository unless told
 * @throws CustomsFault naming the table and the line that is wrong
 */
export function loadDeclarations(room: URL = own): DeclarationTables {
  return room === own ? (loaded ??= compiled(room)) : compiled(room)
}

/**
 * Reads and compiles a form from a folder: one of this room, or an administration's own with the codes, dates and additions of its system.
 * @throws CustomsFault naming the table and the line that is wrong; Error when a file is not there
 */
export function loadForm(folder: URL, name: string, blocks: UtilityBlocks): Form {
  const table = (file: string): string => textOf(folder, `${file}.tsv`)
  return compileForm(name, { layout: table('layout'), mapping: table('mapping'), codes: table('codes') }, blocks)
}

function compiled(room: URL): DeclarationTables {
  const blocks = compileBlocks({
    elements: textOf(room, 'blocks/elements.tsv'),
    editions: textOf(room, 'blocks/editions.tsv'),
    formats: textOf(room, 'blocks/formats.tsv'),
    rules: textOf(room, 'blocks/rules.tsv'),
  })
  const names = readdirSync(new URL('forms/', room)).toSorted()
  const imports = compileImports(
    {
      draft: textOf(room, 'imports/draft.tsv'),
      codes: textOf(room, 'imports/codes.tsv'),
      documents: textOf(room, 'imports/documents.tsv'),
    },
    blocks,
  )
  const forms = names.map((name) => [name, loadForm(new URL(`forms/${name}/`, room), name, blocks)] as const)
  const law = compileDeclarationLaw({
    machine: textOf(ownFolders.procedures, 'declarations/declaration.machine.tsv'),
    refusals: textOf(ownFolders.procedures, 'declarations/refusals.tsv'),
  })
  return { blocks, law, forms: new Map(forms), imports }
}

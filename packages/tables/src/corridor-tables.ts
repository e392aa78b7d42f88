import { compileCorridorTables, type CorridorTables } from '@corridor/customs'
import { folder, ownFolders, textOf } from './files.ts'

let own: CorridorTables | undefined

/**
 * Reads and compiles the tables of the corridor; those of this repository once a process, since code lists, the store and the pages of a node
 * all begin from them. @throws CustomsFault naming the file and the line that is wrong
 */
export function loadCorridorTables(customs: URL = ownFolders.customs): CorridorTables {
  return customs === ownFolders.customs ? (own ??= compiled(customs)) : compiled(customs)
}

function compiled(customs: URL): CorridorTables {
  return compileCorridorTables({
    tables: textOf(customs, 'reference/corridor-tables.tsv'),
    mappings: textOf(customs, 'reference/mappings.tsv'),
    values: folder(customs, 'reference/tables/'),
  })
}

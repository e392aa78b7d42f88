import { compileCorridorTables, type CorridorTables } from '@corridor/customs'
import { folder, ownFolders, textOf } from './files.ts'

/** Reads and compiles the tables of the corridor. @throws CustomsFault naming the file and the line that is wrong */
export function loadCorridorTables(customs: URL = ownFolders.customs): CorridorTables {
  return compileCorridorTables({
    tables: textOf(customs, 'reference/corridor-tables.tsv'),
    mappings: textOf(customs, 'reference/mappings.tsv'),
    values: folder(customs, 'reference/tables/'),
  })
}

/** Lists of customs offices that follow from what each office does. */
import { readTable } from '../tsv.ts'

/** Each list by its id and name, and the roles (CL056) of which an office in it has one. */
export type OfficeLists = readonly {
  readonly list: string
  readonly name: string
  readonly roles: readonly string[]
}[]

/** Reads the table `list name roles` (imports/office-lists.tsv). Throws `table-syntax`. */
export function readOfficeLists(text: string): OfficeLists {
  const { rows } = readTable(text, ['list', 'name', 'roles'], 'office-lists')
  return rows.map((row) => ({ list: row.cell('list'), name: row.cell('name'), roles: row.cell('roles').split(' ') }))
}

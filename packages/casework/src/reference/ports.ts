import type { CorridorTables, OfficeLists } from '@corridor/customs'
import type { Database } from '@corridor/database'
import type { Law } from '@corridor/procedures'

/** What changes of reference data need from outside. */
export interface ReferencePorts {
  db: Database
  /** Party id of this node's administration, which alone changes its lists. */
  party: string
  clock: () => Date
  /** Where documents have codes, and in which states a movement is over. */
  law: Pick<Law, 'messages' | 'states'>
  /** What the codes in records of offices and operators are held against when they are published. */
  tables: CorridorTables
  /** The lists of customs offices by role, which follow from the list of offices. */
  officeLists: OfficeLists
}

/** Records of customs offices and economic operators, held against the tables of the corridor when they are published. */
import type { Finding } from '../finding.ts'
import { officeFindings, operatorFindings } from './corridor-tables-records.ts'
import type { CorridorTables } from './corridor-tables.ts'
import { customsOfficeOf } from './customs-office.ts'
import { economicOperatorOf, operatorsList } from './economic-operator.ts'
import type { ReferenceEntry } from './entry.ts'
import { baseOf } from './parts.ts'
import { officesList } from './validate.ts'

/**
 * What is wrong with the codes in the record of an entry on a day (`yyyy-mm-dd`), as sentences with the place in the record; none for an
 * entry of any other list, and for one that only ends.
 */
export function recordWrongs(entry: ReferenceEntry, tables: CorridorTables, date: string): string[] {
  if (entry.state !== 'valid') return []
  return findingsOf(entry, tables, date).map(
    ({ path, value = '', text, remedy }) => `${entry.code}, ${path}: “${value}”. ${text} ${remedy}`,
  )
}

function findingsOf(entry: ReferenceEntry, tables: CorridorTables, date: string): Finding[] {
  const base = baseOf(entry.list)
  if (base === officesList) {
    const { reference, country, geoInfo, specificNotes, seasons } = customsOfficeOf(entry)
    const competences = seasons.flatMap(({ lines }) => lines.flatMap((line) => line.competences))
    return officeFindings(
      { reference, country, ...(geoInfo !== undefined && { geoInfo }), specificNotes, competences },
      tables,
      date,
    )
  }
  return base === operatorsList ? operatorFindings(economicOperatorOf(entry), tables, date) : []
}

/** Code lists that documents are checked with and that nobody publishes as such: made from the tables of the corridor. */
import type { CorridorTables } from './corridor-tables.ts'

/**
 * The lists that `checked` of corridor-tables.tsv names, as texts for `compileCodeLists`, by their ids. Each holds the codes of today that
 * have a row in the mapping, with days and English text of the table's value. An import of the published list takes its place.
 */
export function listsFromTables({ tables }: CorridorTables): Record<string, string> {
  const lists: Record<string, string> = {}
  for (const { number, name, oldList, source, version, checkedLists, mappings, values } of tables)
    for (const list of checkedLists) {
      const rows = mappings
        .filter((row) => row.list === list && row.code !== '' && row.today !== '')
        .flatMap(({ code, today }) => {
          const value = values.find((each) => each.code === code)!
          return [[today, value.validFrom, value.validTo, value.texts['en'] ?? ''].join('\t')]
        })
      lists[list] = [
        `#list\t${list}`,
        `#name\t${name} (table ${number})`,
        `#source\ttable ${number} of the corridor, ${oldList}: ${source}`,
        `#version\t${version}`,
        'code\tvalidFrom\tvalidTo\ttext_en',
        ...rows.toSorted(),
        '',
      ].join('\n')
    }
  return lists
}

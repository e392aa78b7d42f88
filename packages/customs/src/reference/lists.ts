/** Which lists there are: the heads of the lists that are declared, and the names by which files call them. */
import { CustomsFault } from '../faults.ts'
import { readTable } from '../tsv.ts'
import { baseOf } from './parts.ts'
import type { Completeness, ListKind, ReferenceList } from './entry.ts'

/** Our id of a list that a file calls by its id or one of its names, in any case; the word itself when it is not declared. */
export type ListNaming = (word: string) => string

const columns = ['id', 'names', 'source', 'version', 'owner', 'kind', 'status', 'completeness', 'note']

/** Reads the table of declared lists (customs/reference/lists.tsv). Throws `table-syntax`. */
export function readReferenceLists(text: string): ReferenceList[] {
  const { rows } = readTable(text, columns, 'lists')
  return rows.map((row) => {
    const oneOf = <Word extends string>(column: string, words: readonly Word[]): Word => {
      const word = words.find((each) => each === row.cell(column))
      if (word === undefined)
        throw new CustomsFault('table-syntax', `lists, line ${row.line}: ${column} ${row.cell(column)}`)
      return word
    }
    const owner = row.cell('owner')
    return {
      id: row.cell('id'),
      names: row.cell('names').split(' ').filter(Boolean),
      source: row.cell('source'),
      version: row.cell('version'),
      ...(owner && { owner }),
      kind: oneOf<ListKind>('kind', ['common', 'national', 'corridor']),
      illustrative: oneOf('status', ['official', 'illustrative']) === 'illustrative',
      completeness: oneOf<Completeness>('completeness', ['complete', 'partial', 'filled-by-administration']),
      note: row.cell('note'),
    }
  })
}

/**
 * How files call the lists. A part is called by its id: its name in published files is that of the whole list.
 * @param part where entries of its list go: `CL141/NTA.AL`, of a file that an administration has of its own offices
 */
export function namingOf(lists: Iterable<Pick<ReferenceList, 'id' | 'names'>>, part = ''): ListNaming {
  const ids = new Map<string, string>()
  for (const { id, names } of lists)
    for (const word of baseOf(id) === id ? [id, ...names] : [id]) ids.set(word.toLowerCase(), id)
  const base = baseOf(part)
  return (word) => {
    const id = ids.get(word.toLowerCase()) ?? word
    return id === base ? part : id
  }
}

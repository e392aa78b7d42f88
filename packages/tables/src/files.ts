import { readdirSync, readFileSync } from 'node:fs'

/** The rooms whose tables are read. */
export interface TableFolders {
  customs: URL
  procedures: URL
}

/** The tables of this repository. */
export const ownFolders: TableFolders = {
  customs: new URL('../../customs/', import.meta.url),
  procedures: new URL('../../procedures/', import.meta.url),
}

/** The text of a file below a folder. */
export const textOf = (base: URL, path: string): string => readFileSync(new URL(path, base), 'utf8')

/** Every table of a folder, by its file name without the ending. */
export function folder(base: URL, path: string, ending = '.tsv'): Record<string, string> {
  const names = readdirSync(new URL(path, base)).filter((name) => name.endsWith(ending))
  return Object.fromEntries(names.map((name) => [name.slice(0, -ending.length), textOf(base, `${path}${name}`)]))
}

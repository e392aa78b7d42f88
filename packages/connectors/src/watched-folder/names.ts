/** What the names of files say. */

/** What a file that a national system leaves is about. */
export interface FileName {
  /** number of the declaration */
  readonly declaration: string
  /** its version, '' for none */
  readonly version: string
  readonly event: string
}

/**
 * `NUMBER[~VERSION][.EVENT].EXTENSION`: `E-4711.txt` is released, `E-4711~2.txt` the same declaration again, `E-4711~3.cancelled.txt` its
 * cancellation.
 */
export function readFileName(name: string): FileName {
  const [, stem = name, event = 'released'] = /^(.+?)(?:\.([a-z][a-z-]{0,30}))?\.[^.]+$/.exec(name) ?? []
  const [declaration = stem, version = ''] = stem.split('~')
  return { declaration, version, event }
}

/** A name that every file system takes, of texts that somebody else chose. */
export function safeName(...texts: readonly string[]): string {
  return texts
    .map((text) => text.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, 60))
    .filter(Boolean)
    .join('--')
}

const separator = '--'

/** The name of a file that was taken: its time first, so that names are in the order of the files; the rest makes it one of its kind. */
export function takenName(name: string, mtimeMs: number, unique: string): string {
  return `${Math.trunc(mtimeMs).toString().padStart(15, '0')}-${unique}${separator}${name}`
}

/** The name that the national system gave. */
export function ownName(taken: string): string {
  const at = taken.indexOf(separator)
  return at < 0 ? taken : taken.slice(at + separator.length)
}

/**
 * Files that were taken, by declaration: of each its files by version, then by time; the declarations in the order of their oldest file. Not
 * one order of all files, since versions and times may contradict each other.
 * @param own the name that the national system gave, of one of these
 */
export function byDeclaration(names: readonly string[], own: (name: string) => string = ownName): string[][] {
  const groups = Map.groupBy(names.toSorted(), (name) => readFileName(own(name)).declaration)
  return [...groups.values()].map((group) => group.toSorted((a, b) => byVersion(a, b, own)))
}

function byVersion(a: string, b: string, own: (name: string) => string): number {
  const [first, second] = [a, b].map((name) => readFileName(own(name)).version) as [string, string]
  const figures = [first, second].map((version) => (/^\d{0,9}$/.test(version) ? Number(version) : Infinity)) as [
    number,
    number,
  ]
  if (figures[0] !== figures[1]) return figures[0] < figures[1] ? -1 : 1
  if (first !== second) return first < second ? -1 : 1
  return a < b ? -1 : 1
}

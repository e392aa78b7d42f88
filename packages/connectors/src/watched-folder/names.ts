/** What the names of files say. */
import { isEvent } from '../national-system.ts'

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
 * cancellation. A known event may be in capitals, as some systems name all their files; other words in capitals are of the number.
 */
export function readFileName(name: string): FileName {
  const [, before = name, extension = ''] = /^(.+)\.([^.]+)$/.exec(name) ?? []
  // Where the extension was forgotten the event is none.
  const whole = isEvent(extension.toLowerCase()) ? name : before
  const [, front = whole, word = ''] = /^(.+)\.([A-Za-z][A-Za-z-]{0,30})$/.exec(whole) ?? []
  const isSaid = isEvent(word.toLowerCase()) || (/^[a-z]/.test(word) && word === word.toLowerCase())
  const [stem, event] = isSaid ? [front, word.toLowerCase()] : [whole, 'released']
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

/** Most bytes of the name of a file that was taken: with what is put behind it file systems still take it. */
const longest = 240

export const isTooLong = (taken: string): boolean => Buffer.byteLength(taken) > longest

/** The name under which a file is kept in the end: its own, unless that is too long for a report beside it. */
export function keptName(taken: string): string {
  if (!isTooLong(taken)) return taken
  return `${taken.slice(0, taken.indexOf(separator))}${separator}${safeName(ownName(taken))}`
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

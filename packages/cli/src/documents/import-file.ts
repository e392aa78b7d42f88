/** What commands that import a published file have in common. */
import { createReadStream, statSync } from 'node:fs'
import { type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { WrongLine } from '@corridor/customs'
import { UsageError } from '../arguments.ts'
import { safe } from './for-people.ts'

/** @throws UsageError when there is no such file */
export function requireFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`There is no file “${file}”.`)
}

/** The bytes of a file, unzipped on the way when its name ends in `.gz`. */
export function bytesOf(file: string): Readable {
  const bytes = createReadStream(file)
  const stream = /\.gz$/i.test(file) ? bytes.pipe(createGunzip()) : bytes
  // An error of the file would otherwise be nobody's: a pipe does not hand it on.
  bytes.on('error', (error) => stream.destroy(error))
  return stream
}

/** More wrong lines than these are counted, not shown. */
const mostShown = 20

/** The lines of a file that are wrong, for people. @param wrongLines how many there are in all */
export function wrongLinesShown(wrong: readonly WrongLine[], wrongLines: number): string {
  const lines = wrong
    .slice(0, mostShown)
    .map(({ line, reason }) => `  ${line > 0 ? `line ${line}: ` : ''}${safe(reason)}\n`)
  return `${lines.join('')}${wrongLines > mostShown ? `  … and ${wrongLines - mostShown} more\n` : ''}`
}

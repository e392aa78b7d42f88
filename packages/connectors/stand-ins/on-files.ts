/** A stand-in for a system such as ASYCUDA++: it writes a file a declaration and reads files that come back. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileName } from '../src/index.ts'
import type { StandIn, StandInResult } from './system.ts'

/** @param folder the watched folder; its parts `out` and `in` are the stand-in's */
export async function standInOnFiles(folder: string): Promise<StandIn> {
  for (const part of ['out', 'in']) await mkdir(join(folder, part), { recursive: true })
  const versions = new Map<string, number>()
  return {
    async release(number, document, event = 'released') {
      const version = (versions.get(number) ?? 0) + 1
      versions.set(number, version)
      const name = `${number}~${version}.${event}.txt`
      await writeFile(join(folder, 'out', `.${name}`), document)
      await rename(join(folder, 'out', `.${name}`), join(folder, 'out', name))
    },
    async results() {
      const names = (await readdir(join(folder, 'in'))).filter((name) => !name.startsWith('.')).toSorted()
      const results: StandInResult[] = []
      for (const name of names) {
        // The number is missing where the result is about none of its declarations.
        const parts = readFileName(name).declaration.split('--')
        const kind = parts.at(-2) ?? ''
        results.push({
          declaration: parts.slice(0, -2).join('--'),
          kind,
          bytes: await readFile(join(folder, 'in', name)),
        })
        await rm(join(folder, 'in', name))
      }
      return results
    },
    close: async () => {},
  }
}

import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The parts of a package.json that change when the package is published. */
export interface Manifest {
  exports: Record<string, string>
  scripts?: Record<string, string>
  [other: string]: unknown
}

/** Where the package.json of the workspace waits while its folder is packed. */
export const ORIGINAL = 'package.json.workspace'

/** Files of the repository that go into each package. */
export const KEPT = ['LICENSE', 'NOTICE']

/**
 * The package.json that users get: exports name JavaScript and declarations in dist instead of sources, without what is
 * for tests only, and without the scripts of this workspace.
 */
export function publishedManifest({ exports, scripts: _, ...rest }: Manifest): Record<string, unknown> {
  const published = Object.entries(exports)
    .filter(([name]) => name !== './testing')
    .map(([name, source]) => {
      const file = source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '')
      return [name, { types: `${file}.d.ts`, default: `${file}.js` }]
    })
  return { ...rest, exports: { ...Object.fromEntries(published), './package.json': './package.json' } }
}

/** Takes back what prepack did to a folder; nothing when it did nothing. */
export function restore(folder: string): void {
  if (!existsSync(join(folder, ORIGINAL))) return
  renameSync(join(folder, ORIGINAL), join(folder, 'package.json'))
  for (const name of KEPT) rmSync(join(folder, name), { force: true })
}

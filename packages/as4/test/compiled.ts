import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../../', import.meta.url))
const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url))

/**
 * Writes this package, xml and other rooms that are named as JavaScript into a directory, and a program beside them;
 * returns the path of that. For what is measured of the library as others install it: what strips types takes 35 MB of its own.
 */
export function compileInto(directory: string, program: URL, rooms: readonly string[] = []): string {
  for (const name of ['as4', 'xml', ...rooms]) {
    const from = join(packages, name)
    const to = join(directory, 'node_modules', '@corridor', name)
    for (const path of readdirSync(join(from, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (path.endsWith('.ts') && !/\.test\.ts$|^testing\.ts$/.test(path))
        strip(join(from, 'src', path), join(to, 'src', path))
    }
    writeFileSync(
      join(to, 'package.json'),
      readFileSync(join(from, 'package.json'), 'utf8').replaceAll(/\.ts"/g, '.js"'),
    )
  }
  for (const name of ['saxes', 'xmlchars'].filter((each) => existsSync(join(modules, each)))) {
    symlinkSync(join(modules, name), join(directory, 'node_modules', name))
  }
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  return strip(fileURLToPath(program), join(directory, 'program.ts'))
}

function strip(from: string, to: string): string {
  const code = stripTypeScriptTypes(readFileSync(from, 'utf8')).replaceAll(/\.ts'/g, ".js'")
  const path = to.replace(/\.ts$/, '.js')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, code)
  return path
}

// Before `npm pack` of this package or of ../xml: JavaScript and declarations from the sources, and a package.json that
// names them. In the workspace the sources run as they are; inside node_modules Node strips no types.
// Usage: node prepack.ts [FOLDER], the folder of npm's own lifecycle when left out. `postpack.ts` puts everything back.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { KEPT, type Manifest, ORIGINAL, publishedManifest, restore } from './manifest.ts'

const folder = resolve(process.argv[2] ?? process.cwd())
const packages = dirname(folder)

build(folder)
restore(folder)
const original = readFileSync(join(folder, 'package.json'), 'utf8')
writeFileSync(join(folder, ORIGINAL), original)
const published = publishedManifest(JSON.parse(original) as Manifest)
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
for (const name of KEPT) copyFileSync(join(packages, '..', name), join(folder, name))

/** Compiles src to dist. What it imports from a sibling is read from the declarations of that, made here if need be. */
function build(target: string): void {
  const siblings = basename(target) === 'as4' ? ['xml'] : []
  for (const each of siblings) if (!existsSync(join(packages, each, 'dist'))) build(join(packages, each))
  rmSync(join(target, 'dist'), { recursive: true, force: true })
  const config = join(target, 'tsconfig.pack.json')
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2024', 'esnext'],
    types: ['node'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    rootDir: 'src',
    outDir: 'dist',
    paths: Object.fromEntries(siblings.map((each) => [`@corridor/${each}`, [`../${each}/dist/index.d.ts`]])),
  }
  // Certificates for tests need packages that users of the library do not.
  const exclude = ['src/**/*.test.ts', 'src/testing.ts']
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ['src/**/*.ts'], exclude }))
  try {
    const { status, error } = spawnSync('tsc', ['-p', config], { cwd: target, stdio: ['ignore', 2, 2] })
    if (status !== 0) throw error ?? new Error(`tsc ended with ${status}`)
  } finally {
    rmSync(config)
  }
}

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which rooms a room may import: arrows point up the list of ARCHITECTURE.md only. */
const mayImport: Record<string, string[]> = {
  xml: [],
  files: ['xml'],
  as4: ['xml'],
  sealed: [],
  customs: ['xml'],
  procedures: ['customs'],
  declarations: ['customs', 'xml'],
  paper: ['customs'],
  printer: [],
  map: [],
  'start-page': ['map'],
  tables: ['customs', 'declarations', 'procedures'],
  database: [],
  exchange: ['as4', 'database', 'sealed'],
  evidence: ['as4', 'exchange', 'sealed', 'xml'],
  webhooks: ['database', 'exchange'],
  carriers: ['database', 'exchange', 'xml'],
  hub: ['customs', 'database', 'exchange'],
  shares: ['database', 'declarations', 'exchange'],
  connectors: ['customs', 'database', 'declarations'],
  registry: ['customs', 'database', 'procedures'],
  casework: ['customs', 'database', 'declarations', 'exchange', 'files', 'paper', 'procedures', 'registry'],
  api: ['casework', 'customs', 'database', 'exchange', 'hub', 'paper', 'procedures', 'registry', 'shares', 'webhooks'],
  node: [
    'api',
    'as4',
    'carriers',
    'casework',
    'connectors',
    'customs',
    'database',
    'declarations',
    'evidence',
    'exchange',
    'hub',
    'paper',
    'printer',
    'procedures',
    'registry',
    'shares',
    'tables',
    'webhooks',
  ],
  explorer: ['customs', 'procedures', 'tables'],
  simulator: ['as4', 'casework', 'customs', 'database', 'exchange', 'procedures', 'registry', 'tables'],
  joining: ['as4', 'customs', 'database', 'exchange', 'node', 'sealed', 'tables'],
  cli: [
    'as4',
    'carriers',
    'connectors',
    'customs',
    'database',
    'declarations',
    'evidence',
    'explorer',
    'joining',
    'map',
    'node',
    'procedures',
    'simulator',
    'start-page',
    'tables',
  ],
  console: [],
}

/** Rooms of pure functions: no clock, no chance, no outside. */
const pure = new Set(['customs', 'declarations', 'procedures', 'paper', 'map'])

const outside: [RegExp, string][] = [
  [/\bDate\.now\(/, 'reads the clock (Date.now)'],
  [/\bnew Date\(\)/, 'reads the clock (new Date())'],
  [/\bMath\.random\(/, 'draws a random number'],
  [/\b(setTimeout|setInterval|setImmediate)\(/, 'uses a timer'],
  [/\bprocess\./, 'reads the process'],
  [/\bfetch\(/, 'uses the network'],
]

/** Decision paths of these rooms run in a simulator: time and chance are handed in. */
const handedIn = new Set(['as4', 'sealed', 'evidence', 'exchange', 'hub', 'shares', 'webhooks', 'registry', 'casework'])

/** What a simulated run must be able to repeat to the last id. */
const replayed = new Set(['exchange', 'hub', 'shares', 'webhooks', 'registry', 'casework'])

const ownChance = /\brandom(UUID|Int|Bytes|FillSync)\(/

/** Nonces of what is sealed at rest: they must be unpredictable, and nothing is decided by them. */
const nonces = new Set(['packages/registry/src/secrets.ts', 'packages/exchange/src/vault.ts'])

const importPattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g

/** One file as the rules see it. */
export interface SourceFile {
  path: string
  text: string
}

/** What is wrong with one file of a room, in words. Tests, tools, benches and development stand-ins may use everything. */
export function violationsOf({ path, text }: SourceFile): string[] {
  const found: string[] = []
  const say = (what: string) => found.push(`${path}: ${what}`)
  const lines = text.split('\n').length
  if (lines > 401) say(`${lines - 1} lines; 400 at the most`)
  // Kept apart so that this file does not break its own rule.
  const machinePath = new RegExp(['(^|[\\s"\'`(])/(work', 'root', 'farm)/'].join('|'))
  if (machinePath.test(text)) say('names a path of somebody’s machine')
  const room = /^packages\/([^/]+)\/src\//.exec(path)?.[1]
  if (room === undefined || /\.test\.ts$|\/testing\.ts$/.test(path)) return found
  const allowed = mayImport[room]
  if (allowed === undefined) say(`room ${room} is not in the list of rooms`)
  for (const [, name = ''] of text.matchAll(importPattern)) {
    const target = /^@corridor\/([^/]+)/.exec(name)?.[1]
    if (target !== undefined && target !== room && allowed?.includes(target) !== true)
      say(`${room} may not import ${target}`)
    if (/^(\.\.\/)+[a-z0-9-]+\/src\//.test(name)) say(`reaches into another room by path: ${name}`)
    if (pure.has(room) && name.startsWith('node:')) say(`${room} is pure and may not import ${name}`)
  }
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  if (pure.has(room)) for (const [pattern, what] of outside) if (pattern.test(code)) say(`${room} is pure but ${what}`)
  if (handedIn.has(room))
    for (const [pattern, what] of outside.slice(0, 3)) if (pattern.test(code)) say(`${room} ${what}; have it handed in`)
  if (replayed.has(room) && !nonces.has(path) && ownChance.test(code))
    say(`${room} draws its own random bytes or ids; have them handed in`)
  return found
}

/** The violations in every source file that git tracks or would track. */
export function roomViolations(root: string): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.svelte', '*.mjs'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  return listed
    .split('\n')
    .filter((path) => path !== '' && !path.includes('generated'))
    .flatMap((path) => {
      try {
        return violationsOf({ path, text: readFileSync(join(root, path), 'utf8') })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
        throw error
      }
    })
}

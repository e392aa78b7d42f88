import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

/** What a browser loads, in bytes as they travel (gzip). Budgets: the console's design guidelines §13. */

const dist = new URL('../dist/', import.meta.url)
const skip = existsSync(new URL('index.html', dist)) ? false : 'needs a build: npm run build -w @corridor/console'

const sizeOf = (path: string) => gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length
const textOf = (path: string) => readFileSync(new URL(path, dist), 'utf8')

/** A script and everything that it loads at once, by its static imports. */
function withImports(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const found of textOf(path).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
    withImports(`assets/${found[1]}`, seen)
  return seen
}

const total = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + sizeOf(path), 0)
const asset = (start: string, end: string) =>
  readdirSync(new URL('assets/', dist))
    .filter((name) => name.startsWith(`${start}-`) && name.endsWith(end))
    .map((name) => `assets/${name}`)

function firstLoad(): Set<string> {
  const html = textOf('index.html')
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((found) => found[1] as string)
  const scripts = named.filter((path) => path.endsWith('.js')).flatMap((path) => [...withImports(path)])
  return new Set(['index.html', ...named, ...scripts, ...asset('en', '.js')])
}

test('the shell and the list, with one language, load in at most 70 kB', { skip }, () => {
  const bytes = total(firstLoad())
  assert.ok(bytes > 10_000, `${bytes} bytes: the search for what is loaded is broken`)
  assert.ok(bytes <= 70_000, `${bytes} bytes`)
})

test('the movement page adds at most 25 kB', { skip }, () => {
  const first = firstLoad()
  const [script] = asset('movement', '.js')
  assert.ok(script, 'no chunk of its own for the movement page')
  const all = [...withImports(script), ...asset('movement', '.css')].filter((path) => !first.has(path))
  const bytes = total(all)
  assert.ok(bytes > 3000 && bytes <= 25_000, `${bytes} bytes`)
})

test('nothing inline, and nothing from another origin', { skip }, () => {
  const html = textOf('index.html')
  assert.doesNotMatch(html, /<style|\sstyle=|<script>|\son[a-z]+=/)
  assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//)
  for (const path of firstLoad()) {
    if (path.endsWith('.css')) assert.doesNotMatch(textOf(path), /url\((?!["']?\/assets)|@import/, path)
  }
})

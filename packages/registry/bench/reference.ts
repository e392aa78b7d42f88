// `npm run bench:reference`: reference data in a real PostgreSQL. Prints one JSON object: the import of 100,000 entries (seconds, growth
// of memory in MB), then search at 170,000 entries (p50 and p99 in milliseconds).
import { readFileSync } from 'node:fs'
import { namingOf, readReference, readReferenceLists } from '@corridor/customs'
import { connect, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations, reference } from '../src/index.ts'

const lists = readReferenceLists(readFileSync(new URL('../../customs/reference/lists.tsv', import.meta.url), 'utf8'))
const syllables = ['dur', 'res', 'tir', 'ana', 'pri', 'zren', 'gja', 'kova', 'shko', 'dra', 'vlo', 'san']
const word = (n: number): string =>
  [n, Math.floor(n / 12), Math.floor(n / 144)].map((each) => syllables[each % 12]).join('')

function* rows(list: string, count: number): Generator<string> {
  yield 'list\tkey\tactiveFrom\ttext_en\ttext_sq\n'
  for (let n = 0; n < count; n += 1)
    yield `${list}\tC${n.toString(36).toUpperCase().padStart(5, '0')}\t2024-01-01\t${word(n)} ${word(n * 7)}\t${word(n * 5)}\n`
}

const own = await testDatabase()
const db = connect(own.url, { statementTimeoutMs: 0 })
await migrate(db, [{ room: 'registry', directory: migrations }])
await reference.declareLists(db, lists)
const at = new Date()
const load = (list: string, count: number) =>
  db.transaction((tx) =>
    reference.importEntries(tx, readReference('tsv', rows(list, count), namingOf(lists)), {
      author: 'bench',
      at,
      effective: '2026-01-01',
    }),
  )

const before = process.memoryUsage().rss
let peak = before
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20)
const started = performance.now()
await load('CL244', 100_000)
const seconds = (performance.now() - started) / 1000
clearInterval(watch)
await load('CL016', 70_000)
await db.query('analyze reference_entry')

const times: number[] = []
for (let n = 0; n < 500; n += 1) {
  const q = n % 2 === 0 ? `c0${n.toString(36)}` : word(n * 31).slice(0, 3 + (n % 5))
  const from = performance.now()
  await reference.search(db, q, { at: '2026-01-01' })
  times.push(performance.now() - from)
}
times.sort((a, b) => a - b)
const round = (value: number): number => Math.round(value * 100) / 100
process.stdout.write(
  `${JSON.stringify({
    bench: 'reference',
    import: { entries: 100_000, seconds: round(seconds), growthMb: round((peak - before) / 1e6) },
    search: { entries: 170_000, p50Ms: round(times[250]!), p99Ms: round(times[495]!) },
  })}\n`,
)
await db.close()
await own.drop()

// `node --expose-gc packages/casework/bench/code-lists.ts`: code lists taken from a real PostgreSQL. Prints one JSON object: milliseconds
// until a list of 100,000 codes is taken up at the start and after a new version of it, what it holds in MB, and how long one version
// of a small list takes beside it.
import { codeListsUsed, namingOf, readReference, readReferenceLists } from '@corridor/customs'
import { connect, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations, reference } from '@corridor/registry'
import { loadLaw, loadOfficeLists } from '@corridor/tables'
import { readFileSync } from 'node:fs'
import { followCodeLists } from '../src/index.ts'

const lists = readReferenceLists(readFileSync(new URL('../../customs/reference/lists.tsv', import.meta.url), 'utf8'))
const { law, rules, codeLists: files } = loadLaw()

function* rows(list: string, count: number, text: string): Generator<string> {
  yield 'list\tkey\tactiveFrom\ttext_en\ttext_sq\n'
  for (let n = 0; n < count; n += 1)
    yield `${list}\t${String(n).padStart(8, '0')}\t2024-01-01\tsubstance number ${n}, ${text}\tlënda numër ${n}\n`
}

const own = await testDatabase()
const db = connect(own.url, { statementTimeoutMs: 0 })
await migrate(db, [{ room: 'registry', directory: migrations }])
await reference.declareLists(db, lists)
const publish = (list: string, count: number, text: string) =>
  db.transaction((tx) =>
    reference.importEntries(tx, readReference('tsv', rows(list, count, text), namingOf(lists)), {
      author: 'bench',
      at: new Date(),
      effective: '2026-01-01',
      ending: true,
    }),
  )
await publish('CL016', 100_000, 'first')
await publish('CL017', 400, 'first')

let taken: (() => void) | undefined
const held = (): number => {
  global.gc?.()
  return process.memoryUsage().heapUsed
}
const before = held()
const start = performance.now()
const following = await followCodeLists({
  db,
  files,
  used: codeListsUsed(law.messages, rules),
  offices: loadOfficeLists(),
  log: () => taken?.(),
  later: (again) => again(),
})
const startMs = performance.now() - start
const heldMb = (held() - before) / 1e6

async function changed(list: string, count: number, text: string): Promise<number> {
  const told = new Promise<void>((resolve) => (taken = resolve))
  await publish(list, count, text)
  const from = performance.now()
  await told
  return performance.now() - from
}
const bigMs = await changed('CL016', 100_000, 'second')
const smallMs = await changed('CL017', 400, 'second')
const round = (value: number): number => Math.round(value * 10) / 10
process.stdout.write(
  `${JSON.stringify({
    bench: 'code-lists',
    start: { codes: 100_400, ms: round(startMs), heldMb: round(heldMb), afterMb: round((held() - before) / 1e6) },
    change: { codes100000Ms: round(bigMs), codes400Ms: round(smallMs) },
  })}\n`,
)
await following.stop()
await db.close()
await own.drop()

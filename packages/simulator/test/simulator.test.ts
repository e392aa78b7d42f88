import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { before, test } from 'node:test'
import { temporaryServer } from '@corridor/database/testing'
import {
  makePapers,
  makeStores,
  type Papers,
  type Run,
  runFleet,
  runSeed,
  type Stores,
  tellViolation,
  type WorldOptions,
} from '../src/index.ts'
import {
  duplicateNotDetected,
  ledgerCreditTwice,
  receiptBeforeCommit,
  withoutUniqueEntries,
  withoutUniqueMessages,
} from './broken.ts'

/** A long run is CI's own; see CONTRIBUTING.md. */
const seeds = Number(process.env['CORRIDOR_SEEDS'] ?? 60)

let adminUrl: string
let papers: Papers

before(async () => {
  adminUrl = await temporaryServer({ throwaway: true })
  papers = await makePapers()
})

async function withStores<T>(name: string, work: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await makeStores(adminUrl, name)
  try {
    return await work(stores)
  } finally {
    await stores.close()
  }
}

test(`whatever a seed does, everything that must hold holds: ${seeds} seeds`, async (t) => {
  const first = Number(process.env['CORRIDOR_FIRST_SEED'] ?? randomInt(1, 500_000_000))
  t.diagnostic(`seeds ${first} to ${first + seeds - 1}`)
  const { failures, counts, steps } = await runFleet({ first, seeds })
  t.diagnostic(`${steps} steps ${JSON.stringify(counts)}`)
  const told = failures.slice(0, 2).map(tellViolation).join('\n\n')
  assert.ok(failures.length === 0, `${failures.length} seeds failed; the first:\n${told}`)
})

test('the same seed is the same run, to the last row of every database', async () => {
  await withStores('repeated', async (stores) => {
    for (const seed of [7, 20, 31]) {
      const once = await runSeed({ seed, stores, papers })
      const other = await runSeed({ seed: seed + 1, stores, papers })
      const again = await runSeed({ seed, stores, papers })
      assert.equal(again.digest, once.digest, `seed ${seed}`)
      assert.equal(again.steps, once.steps)
      assert.notEqual(other.digest, once.digest)
    }
  })
})

/** The first violation that seeds find in a broken build. */
async function firstViolation(options: { stores: Stores; wrapDatabase: WorldOptions['wrapDatabase'] }): Promise<Run> {
  for (let seed = 1; seed <= 40; seed++) {
    const run = await runSeed({ seed, papers, ...options })
    if (run.violation !== undefined) return run
  }
  return assert.fail('forty seeds found nothing')
}

test('a build that gives its receipt before the commit is caught', async () => {
  await withStores('broken_receipt', async (stores) => {
    const run = await firstViolation({ stores, wrapDatabase: receiptBeforeCommit })
    assert.equal(run.violation?.invariant, 'I1')
    const told = tellViolation(run) ?? ''
    assert.match(told, new RegExp(`^seed ${run.seed}, step \\d+: I1 `))
    assert.match(told, new RegExp(`npx --no corridor simulate --seed ${run.seed}$`))
    assert.equal(run.violation.last.length, 30)
  })
})

test('a build that does not detect a duplicate is caught', async () => {
  await withStores('broken_duplicate', async (stores) => {
    for (const id of ['al', 'xk', 'mk'] as const) await stores.of(id).query(withoutUniqueMessages)
    const run = await firstViolation({ stores, wrapDatabase: duplicateNotDetected })
    assert.equal(run.violation?.invariant, 'I2', run.violation?.what)
  })
})

test('a build that credits the ledger twice is caught', async () => {
  await withStores('broken_ledger', async (stores) => {
    await stores.of('al').query(withoutUniqueEntries)
    const run = await firstViolation({ stores, wrapDatabase: ledgerCreditTwice })
    assert.equal(run.violation?.invariant, 'I5', run.violation?.what)
  })
})

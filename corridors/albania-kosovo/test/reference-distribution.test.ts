/** Whole nodes: a list that Albania imports by command is Kosovo's as well, over HTTPS, without anybody doing anything for it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { ReadEntry } from '@corridor/customs'
import { reference } from '@corridor/registry'
import { startForTest, type TestCorridor } from './running.ts'

const list = 'CL141/NTA.AL'
let corridor: TestCorridor

before(async () => {
  corridor = await startForTest()
})
after(() => corridor.end())

const db = (node: string) => corridor.databases.get(node)!

/** Waits until something is so: the nodes are processes of their own. */
async function until<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; await pause(50)) {
    const seen = await look()
    if (seen !== undefined) return seen
  }
  return assert.fail(`in vain: ${what}`)
}

const office = (code: string, line: number): ReadEntry => ({
  line,
  entry: {
    list,
    code,
    validFrom: '2026-01-01',
    validTo: '',
    state: 'valid',
    texts: { en: `Office ${code}`, sq: `Zyra ${code}` },
    items: { CountryCode: 'AL' },
    keyItems: 0,
    groups: [],
  },
})

async function bring(codes: string[]): Promise<{ number: number; digest: string }> {
  const at = new Date()
  const options = { author: 'corridor', at, effective: '2026-12-01', party: 'NTA.AL', covers: 'addition' } as const
  const report = await db('al').transaction((tx) =>
    reference.importEntries(
      tx,
      codes.map((code, row) => office(code, row + 1)),
      options,
    ),
  )
  assert.deepEqual(report.wrong, [])
  const [newest] = await reference.versionsOf(db('al'), list)
  return newest ?? assert.fail()
}

const has = async (node: string, { number, digest }: { number: number; digest: string }) =>
  (await reference.versionsOf(db(node), list)).find((each) => each.number === number && each.digest === digest)

test('each node takes the lists of the other from the first start on', async () => {
  for (const [owner, party, taker] of [
    ['al', 'NTA.AL', 'NTA.XK'],
    ['xk', 'NTA.XK', 'NTA.AL'],
  ] as const) {
    const lists = await until('subscriptions', async () => {
      const taken = (await reference.subscribersOf(db(owner), party)).filter((each) => each.party === taker)
      return taken.length > 0 ? taken.map((each) => each.list) : undefined
    })
    assert.ok(lists.some((id) => id.endsWith(`/${party}`) || id.endsWith('/albania-kosovo')))
  }
})

test('a version goes when it is published, and the next one as what changed', async () => {
  for (const codes of [['AL000777'], ['AL000778', 'AL000779']]) {
    const published = await bring(codes)
    const taken = await until('the version at the other side', () => has('xk', published))
    assert.equal(taken.author, 'NTA.AL')
    await until('the word that it is there', async () =>
      (await reference.subscribersOf(db('al'), 'NTA.AL')).find(
        (each) => each.list === list && each.version === published.number && each.refusal === null,
      ),
    )
  }
  const [hit] = await reference.search(db('xk'), 'AL000779', { list })
  assert.equal(hit?.text, 'Office AL000779')
})

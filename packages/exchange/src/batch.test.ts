import assert from 'node:assert/strict'
import { DatabaseFault } from '@corridor/database'
import { test } from 'node:test'
import { Batch } from './batch.ts'

/** A batch over strings whose work ends when the test says so; `bad` items make their whole batch fail. */
function observed(bytesOf: (item: string) => number = () => 1) {
  const given: string[][] = []
  const ends: (() => void)[] = []
  const batch = new Batch<string, string>({
    keyOf: (item) => item,
    bytesOf,
    async together(items) {
      given.push([...items])
      await new Promise<void>((resolve) => ends.push(resolve))
      if (items.includes('away')) throw new DatabaseFault('database.unreachable', 'gone')
      if (items.includes('bad')) throw new Error('bad')
      return items.map((item) => item.toUpperCase())
    },
  })
  return {
    batch,
    given,
    /** Ends all that is under way, and all that follows from it. */
    async end() {
      for (let round = 0; round < 20; round++) {
        for (const each of ends.splice(0)) each()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  }
}

test('one alone goes at once; what comes meanwhile goes together', async () => {
  const { batch, given, end, turn } = observed()
  const first = batch.add('a')
  await turn()
  const rest = ['b', 'c', 'd'].map((item) => batch.add(item))
  await turn()
  assert.deepEqual(given, [['a']])
  await end()
  assert.deepEqual(given, [['a'], ['b', 'c', 'd']])
  assert.deepEqual(await Promise.all([first, ...rest]), ['A', 'B', 'C', 'D'])
})

test('what is added in one turn goes together', async () => {
  const { batch, given, end, turn } = observed()
  const all = ['a', 'b'].map((item) => batch.add(item))
  await turn()
  assert.deepEqual(given, [['a', 'b']])
  await end()
  assert.deepEqual(await Promise.all(all), ['A', 'B'])
})

test('two of the same key never go together', async () => {
  const { batch, given, end } = observed()
  const all = ['a', 'b', 'a', 'c', 'a'].map((item) => batch.add(item))
  await end()
  assert.deepEqual(await Promise.all(all), ['A', 'B', 'A', 'C', 'A'])
  assert.deepEqual(given, [['a', 'b', 'c'], ['a'], ['a']])
})

test('a batch has at most 64 items and 4 MB', async () => {
  const many = observed()
  const all = Array.from({ length: 130 }, (_, n) => many.batch.add(String(n)))
  await many.end()
  await Promise.all(all)
  assert.deepEqual(
    many.given.map((items) => items.length),
    [64, 64, 2],
  )
  const heavy = observed(() => 900_000)
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((item) => heavy.batch.add(item))
  await heavy.end()
  await Promise.all(six)
  assert.deepEqual(
    heavy.given.map((items) => items.length),
    [4, 2],
  )
})

test('what is large goes by itself, and nothing waits behind it', async () => {
  const { batch, given, end, turn } = observed((item) => (item === 'large' ? 1_000_001 : 1))
  const all = ['large', 'a', 'large', 'b'].map((item) => batch.add(item))
  await turn()
  assert.deepEqual(given, [['large'], ['large'], ['a', 'b']])
  await end()
  await Promise.all(all)
})

test('the fault of one is its own: the others are done each by itself', async () => {
  const { batch, given, end } = observed()
  const settled = Promise.allSettled(['a', 'bad', 'c'].map((item) => batch.add(item)))
  await end()
  const results = await settled
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
    ['A', 'Error: bad', 'C'],
  )
  assert.deepEqual(given, [['a', 'bad', 'c'], ['a'], ['bad'], ['c']])
})

test('when the database is away, nobody asks it once more for each', async () => {
  const { batch, given, end } = observed()
  const settled = Promise.allSettled(['a', 'away', 'c'].map((item) => batch.add(item)))
  await end()
  assert.ok((await settled).every(({ status }) => status === 'rejected'))
  assert.equal(given.length, 1)
  const after = batch.add('d')
  await end()
  assert.equal(await after, 'D')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Loop } from './loop.ts'

/** Timers that go off when the test says so. */
function handTimers() {
  const due = new Map<number, () => void>()
  let last = 0
  return {
    setTimeout(work: () => void) {
      due.set(++last, work)
      return last
    },
    clearTimeout(timer: unknown) {
      due.delete(timer as number)
    },
    goOff() {
      // Only those that are due now: a poll sets the next one when it goes off.
      const now = Array.from(due)
      for (const [timer, work] of now) {
        due.delete(timer)
        work()
      }
    },
    pending: () => due.size,
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

function makeLoop(step: () => Promise<boolean>, lanes = 1) {
  const timers = handTimers()
  const faults: unknown[] = []
  const loop = new Loop({ lanes, step, pollMs: 1, timers, onFault: (error) => faults.push(error) })
  return { loop, timers, faults }
}

test('a loop works while there is work, then sleeps until it is woken or the poll goes off', async () => {
  let left = 3
  let steps = 0
  const { loop, timers } = makeLoop(async () => (steps++, left-- > 0))
  loop.start()
  await settle()
  assert.equal(steps, 5, 'three pieces, the end seen, and once more because the work might have woken others')
  await settle()
  assert.equal(steps, 5)
  loop.wake()
  await settle()
  assert.equal(steps, 6)
  timers.goOff()
  await settle()
  assert.equal(steps, 7)
  await loop.stop()
  assert.equal(timers.pending(), 0)
})

test('a wake-up while the last look is under way is not lost', async () => {
  const looks: ((more: boolean) => void)[] = []
  const { loop } = makeLoop(() => new Promise((resolve) => looks.push(resolve)))
  loop.start()
  loop.wake()
  looks[0]?.(false)
  await settle()
  assert.equal(looks.length, 2)
  looks[1]?.(false)
  await loop.stop()
})

test('a fault rests the lane until the next wake-up, and does not end the loop', async () => {
  let steps = 0
  const { loop, timers, faults } = makeLoop(async () => {
    steps++
    throw new Error('no database')
  })
  loop.start()
  loop.wake()
  await settle()
  const before = steps
  await settle()
  assert.equal(steps, before)
  timers.goOff()
  await settle()
  assert.ok(steps > before)
  assert.equal(faults.length, steps)
  await loop.stop()
})

test('work that is found wakes the other lanes', async () => {
  const open: (() => void)[] = []
  let left = 0
  const step = async () => {
    if (left === 0) return false
    left--
    await new Promise<void>((resolve) => open.push(resolve))
    return true
  }
  const { loop } = makeLoop(step, 3)
  loop.start()
  await settle()
  left = 3
  loop.wake()
  await settle()
  assert.equal(open.length, 1, 'one lane looks')
  open[0]?.()
  await settle()
  assert.equal(open.length, 3, 'and when it found something, so do the others')
  for (const finish of open) finish()
  await loop.stop()
})

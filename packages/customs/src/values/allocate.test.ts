import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chance, digits, capitals } from '../../test/random.ts'
import { allocateGrn, allocateLrn, allocateMrn, countedBodies, drawnBodies } from './allocate.ts'
import { parseGrn } from './grn.ts'
import { isMrn, parseMrn } from './mrn.ts'
import { isLrn } from './references.ts'

/** A register of beginnings that were allocated. */
function register(): { taken: (beginning: string) => boolean; keep: (beginning: string) => void } {
  const known = new Set<string>()
  return { taken: (beginning) => known.has(beginning), keep: (beginning) => void known.add(beginning) }
}

test('a counter gives each number once, and says when it is used up', () => {
  const { taken, keep } = register()
  const numbers = new Set<string>()
  for (let count = 0; count < 100; count++) {
    const given = allocateMrn('26', 'AL', count % 2 ? 'J' : 'K', { bodies: countedBodies('AL00010126', 0), taken })
    assert.ok(given.ok)
    assert.equal(given.tried, count + 1)
    assert.ok(isMrn(given.number))
    numbers.add(given.number.slice(0, 16))
    keep(given.number.slice(0, 16))
  }
  assert.equal(numbers.size, 100)
  const none = allocateMrn('26', 'AL', 'J', { bodies: countedBodies('AL00010126', 0), taken })
  assert.deepEqual(none, { ok: false, why: 'exhausted', tried: 100 })
  // another year and another country have all their numbers
  assert.ok(allocateMrn('27', 'AL', 'J', { bodies: countedBodies('AL00010126', 0), taken }).ok)
  assert.ok(allocateMrn('26', 'XK', 'J', { bodies: countedBodies('AL00010126', 0), taken }).ok)
})

test('a body is used once for a country and year, whatever the procedure', () => {
  const { taken, keep } = register()
  const first = allocateMrn('26', 'AL', 'J', { bodies: ['000101000001'], taken })
  assert.ok(first.ok)
  keep(first.number.slice(0, 16))
  assert.equal(allocateMrn('26', 'AL', 'M', { bodies: ['000101000001'], taken }).ok, false)
})

test('drawn bodies do not collide with the register, and the tries are bounded', (t) => {
  for (const seed of [20_261_124, Date.now() % 4_294_967_296]) {
    t.diagnostic(`seed ${seed}`)
    const { taken, keep } = register()
    const drawn = chance(seed)
    const seen = new Set<string>()
    // two free characters have 1296 bodies: 600 of them collide often
    for (let count = 0; count < 600; count++) {
      const given = allocateGrn('26', 'XK', { bodies: drawnBodies('0000000000', drawn.next), taken })
      assert.ok(given.ok)
      const verdict = parseGrn(given.number)
      assert.ok(verdict.ok && verdict.grn.year === '26' && verdict.grn.country === 'XK')
      assert.equal(seen.has(given.number), false)
      seen.add(given.number)
      keep(given.number.slice(0, 16))
    }
    const full = allocateMrn('26', 'XK', 'J', { bodies: drawnBodies('', drawn.next), taken: () => true, most: 7 })
    assert.deepEqual(full, { ok: false, why: 'exhausted', tried: 7 })
  }
})

test('a counter starts where it is told and stops at its last number', () => {
  assert.deepEqual([...countedBodies('LRN', 97, 5)], ['LRN97', 'LRN98', 'LRN99'])
  assert.throws(() => [...countedBodies('123456789012', 0)], { code: 'bad-value' })
  assert.throws(() => [...countedBodies('', 1.5)], { code: 'bad-value' })
  assert.throws(() => [...countedBodies('', -1)], { code: 'bad-value' })
  assert.throws(() => drawnBodies('12', () => 0, 2).next(), { code: 'bad-value' })
  assert.equal(countedBodies('', 10 ** 12).next().done, true)
  assert.deepEqual(drawnBodies('A', () => 0.999, 3).next().value, 'AZZ')
})

test('LRN and voucher', () => {
  const { taken, keep } = register()
  keep('S-001')
  const lrn = allocateLrn({ bodies: countedBodies('S-', 1, 5), taken })
  assert.deepEqual(lrn, { ok: true, number: 'S-002', tried: 2 })
  assert.ok(lrn.ok && isLrn(lrn.number))
  assert.throws(() => allocateLrn({ bodies: ['12345678901234567890123'], taken }), { code: 'bad-value' })
  const grn = allocateGrn('26', 'AL', { bodies: countedBodies('000901', 1), taken }, 'A000123')
  assert.ok(grn.ok && grn.number.endsWith('A000123'))
  assert.throws(() => allocateMrn('26', 'AL', 'X', { bodies: ['000101000001'], taken }), { code: 'bad-value' })
  const drawn = chance(1)
  const mrn = allocateMrn('26', 'AL', 'J', { bodies: drawnBodies('', drawn.next), taken })
  assert.ok(mrn.ok)
  const verdict = parseMrn(mrn.number)
  assert.ok(verdict.ok && [...verdict.mrn.body].every((character) => (digits + capitals).includes(character)))
})

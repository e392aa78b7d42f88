import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairTurns, type Guest } from './fair-turns.ts'

const share = { requests: 1_000, bytes: 1_000_000 }

/** Lets so many requests of a party in, and writes down in which order they are worked on. */
function visit(turns: FairTurns, order: string[], party: string, times: number): Guest[] {
  return Array.from({ length: times }, () => {
    const guest = turns.enter(party, 1)
    assert.ok(guest)
    void guest.turn().then(() => order.push(party))
    return guest
  })
}

test('the work goes round: a flood of one partner waits behind itself', async () => {
  const turns = new FairTurns(1, share)
  const order: string[] = []
  const guests = [...visit(turns, order, 'A', 6), ...visit(turns, order, 'B', 2), ...visit(turns, order, 'C', 1)]
  await Promise.resolve()
  assert.deepEqual(order, ['A'])
  const [a0, a1, a2, a3, a4, , b0, b1, c0] = guests
  for (const guest of [a0, a1, b0, c0, a2, b1, a3, a4]) {
    guest!.leave()
    await new Promise((resolve) => setImmediate(resolve))
  }
  // When B and C came, A was alone and next; from then on it goes round.
  assert.deepEqual(order, ['A', 'A', 'B', 'C', 'A', 'B', 'A', 'A', 'A'])
})

test('a partner has its share and no more, and has it again when it is free', () => {
  const turns = new FairTurns(1, { requests: 2, bytes: 100 })
  const first = turns.enter('A', 60)
  assert.ok(first)
  assert.equal(turns.enter('A', 41), undefined, 'too many bytes')
  const second = turns.enter('A', 40)
  assert.ok(second)
  assert.equal(turns.enter('A', 0), undefined, 'too many requests')
  assert.ok(turns.enter('B', 100), 'another has its own share')
  second.leave()
  assert.ok(turns.enter('A', 40))
})

test('a single request is let in however large it is, and one that never had its turn gives none away', async () => {
  const turns = new FairTurns(1, { requests: 2, bytes: 100 })
  const large = turns.enter('A', 500)
  assert.ok(large)
  large.leave()
  const [one, two, three] = [turns.enter('A', 1), turns.enter('B', 1), turns.enter('C', 1)]
  const order: string[] = []
  void one!.turn().then(() => order.push('one'))
  void two!.turn().then(() => order.push('two'))
  // Its client went away while the body was read.
  three!.leave()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(order, ['one'])
  one!.leave()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(order, ['one', 'two'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OpenedMessage, sealReceipt, verifyReceipt, type Wire } from '@corridor/as4'
import { atAlbania, kosovo, NOW, openAtKosovo, sealed } from './support.ts'

function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A copy with one octet changed, taken out or doubled. */
function damage(wire: Wire, pick: (below: number) => number): Wire {
  const body = Buffer.from(wire.body)
  const at = pick(body.length)
  const how = pick(3)
  if (how === 0) body[at]! ^= 1 << pick(8)
  else if (how === 1) return { ...wire, body: Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]) }
  else return { ...wire, body: Buffer.concat([body.subarray(0, at), body.subarray(at - 1)]) }
  return { ...wire, body }
}

test('a message with one damaged octet is refused, or opened as it was sealed', () => {
  const wire = sealed()
  const whole = openAtKosovo(wire) as OpenedMessage
  const seen = { user: 0, refused: 0, receipt: 0, error: 0 }
  for (let seed = 1; seed <= 2000; seed++) {
    const result = openAtKosovo(damage(wire, random(seed)))
    seen[result.kind]++
    if (result.kind === 'user') assert.deepEqual(result, whole, `seed ${seed}`)
  }
  // What is not signed, such as our own certificate in the header, may be damaged.
  assert.ok(seen.user > 20 && seen.refused > 1000, JSON.stringify(seen))
  assert.equal(seen.user + seen.refused, 2000)
})

test('a receipt with one damaged octet is refused, or says what it said', () => {
  const sent = sealed()
  const signal = { messageId: 'r@nta.xk', timestamp: NOW, identity: kosovo }
  const receipt = sealReceipt(openAtKosovo(sent) as OpenedMessage, signal)
  let accepted = 0
  for (let seed = 1; seed <= 1500; seed++) {
    const verdict = verifyReceipt(damage(receipt, random(seed)), { sent, pmode: atAlbania, now: NOW })
    if (verdict.ok) accepted++
  }
  assert.ok(accepted < 75, `${accepted} accepted`)
})

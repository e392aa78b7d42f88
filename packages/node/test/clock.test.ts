import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { makeAuthority } from '@corridor/as4/testing'
import { nodeClock } from '../src/clock.ts'
import { jsonLog } from '../src/log.ts'
import { makeDemonstrationKeys, type NodeKeys } from '../src/pki/certificates.ts'

let demonstration: NodeKeys
before(async () => {
  demonstration = await makeDemonstrationKeys('NTA.AL', 'AL', new Date())
})

test('a clock is the machine’s own, or as far ahead as a story sets it, and never goes back', () => {
  const clock = nodeClock({ ...demonstration, clockAheadMs: 60_000 })
  const isAhead = (ms: number) => Math.abs(clock.now().getTime() - Date.now() - ms) < 1_000
  assert.equal(clock.aheadMs, 60_000)
  assert.ok(isAhead(60_000))
  clock.moveAhead(86_400_000)
  assert.ok(isAhead(86_400_000))
  assert.throws(() => clock.moveAhead(60_000), { code: 'CLOCK_AHEAD' })
  assert.throws(() => clock.moveAhead(Number.NaN), { code: 'CLOCK_AHEAD' })
  assert.equal(clock.aheadMs, 86_400_000)
  assert.equal(nodeClock(demonstration).aheadMs, 0)
})

test('a node with certificates of its own keeps the machine’s time, whatever its settings say', async () => {
  const { certificatePem: certificate, privateKeyPem: key } = await (
    await makeAuthority('authority')
  ).issue({ commonName: 'one' })
  const own = { certificate, key }
  assert.equal(nodeClock({ signing: own, tls: own }).aheadMs, 0)
  assert.throws(() => nodeClock({ signing: own, tls: own, clockAheadMs: 1 }), { code: 'CLOCK_AHEAD' })
  assert.throws(() => nodeClock({ signing: demonstration.signing, tls: own }).moveAhead(1), { code: 'CLOCK_AHEAD' })
})

test('every line of the log says how far the clock is ahead', () => {
  const lines: string[] = []
  const clock = nodeClock(demonstration)
  const log = jsonLog((line) => lines.push(line), clock, 'al')
  log('info', 'one')
  clock.moveAhead(5_000)
  log('info', 'two')
  const said = lines.map((line) => (JSON.parse(line) as { clockAheadMs?: number }).clockAheadMs)
  assert.deepEqual(said, [undefined, 5_000])
})

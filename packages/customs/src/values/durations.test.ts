import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterDuration, isDuration } from './durations.ts'

test('a duration is months, days, hours, minutes and seconds, and nothing else', () => {
  for (const text of ['P7M', 'P8D', 'PT2H', 'P1DT12H', 'PT30M', 'PT10S', 'P1M15DT1H2M3S', 'P0D'])
    assert.equal(isDuration(text), true, text)
  for (const text of ['', 'P', 'PT', 'P1DT', '8D', 'P1Y', 'P1W', 'P-1D', 'P1.5D', 'PT1H ', 'P1D2M'])
    assert.equal(isDuration(text), false, text)
})

test('a month later is the same day, or the last day of the month', () => {
  const at = (from: string, duration: string) => afterDuration(`${from}T10:00:00`, duration).slice(0, 10)
  assert.equal(at('2026-11-30', 'P7M'), '2027-06-30')
  assert.equal(at('2027-01-31', 'P1M'), '2027-02-28')
  assert.equal(at('2027-12-31', 'P2M'), '2028-02-29')
  assert.equal(at('2026-11-30', 'P1M1D'), '2026-12-31')
  assert.equal(at('2026-12-31', 'P8D'), '2027-01-08')
})

test('hours, minutes and seconds are exact', () => {
  assert.equal(afterDuration('2026-11-30T23:59:59', 'PT1S'), '2026-12-01T00:00:00')
  assert.equal(afterDuration('2026-11-30T23:00:00', 'P1DT1H30M'), '2026-12-02T00:30:00')
  assert.equal(afterDuration('2026-11-30T23:00:00', 'PT0S'), '2026-11-30T23:00:00')
})

test('what is no duration or no moment is a fault that says so', () => {
  assert.throws(() => afterDuration('2026-11-30T23:00:00', 'P1Y'), { code: 'bad-value', message: /P1Y/ })
  assert.throws(() => afterDuration('2026-11-30', 'P1D'), { code: 'bad-value' })
  assert.throws(() => afterDuration('9999-12-31T00:00:00', 'P2D'), { code: 'bad-value' })
})

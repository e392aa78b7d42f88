/** A corridor file says what is wrong with it, and where. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { checkCorridor } from '../src/config/corridor.ts'

const file = new URL('../../../corridors/albania-kosovo/corridor.yaml', import.meta.url)
type Content = { nodes: Record<string, Record<string, unknown>> }
const content = (): Content => parse(readFileSync(file, 'utf8')) as Content

test('durations of an administration are read by role and timer', () => {
  const given = content()
  given.nodes['al']!['timers'] = { departure: { 'arrival-limit': 'P10D', 'control-results': 'PT36H' } }
  const [al, xk] = checkCorridor(given, file).nodes
  assert.deepEqual(al?.timers, { 'departure arrival-limit': 'P10D', 'departure control-results': 'PT36H' })
  assert.deepEqual(xk?.timers, {})
})

test('a duration that is none is refused with its place', () => {
  for (const [timers, message] of [
    [{ departure: { 'arrival-limit': 'ten days' } }, /nodes › al › timers › departure › arrival-limit: “ten days”/],
    [{ departure: 'P10D' }, /nodes › al › timers › departure: here must stand a group/],
    [['P10D'], /nodes › al › timers: here must stand a group/],
  ] as const) {
    const given = content()
    given.nodes['al']!['timers'] = timers
    assert.throws(() => checkCorridor(given, file), { code: 'CORRIDOR_FILE', message })
  }
})

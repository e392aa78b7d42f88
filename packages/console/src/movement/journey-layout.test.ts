import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JourneyEvent, JourneyMessage, Lane } from '../api/types.ts'
import { labelLines, layOut, spread } from './journey-layout.ts'

const lanes: Lane[] = [
  { role: 'departure', own: true, office: { ref: 'AL000101', name: 'Durrës Port', country: 'AL' } },
  { role: 'transit', own: false, office: { ref: 'XK000201', name: 'Vërmicë', country: 'XK' } },
  { role: 'destination', own: false, office: { ref: 'XK000301', name: 'Prizren', country: 'XK' } },
]
const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 20, minute)).toISOString()
const event = (id: string, lane: number, minute: number): JourneyEvent => ({
  id,
  lane,
  at: at(minute),
  code: 'released',
  tone: 'ok',
})
const message = (id: string, fromLane: number, toLane: number, minute: number): JourneyMessage => ({
  id,
  type: 'CD001C',
  fromLane,
  toLane,
  sentAt: at(minute),
  receiptedAt: null,
  state: 'sent',
})
const base = { lanes, width: 1200, sameDay: () => true }

test('time runs one way, and the road gets more room than the desk', () => {
  const xs = spread([0, 1000, 2000, 4 * 3600_000], 100, 1000)
  assert.deepEqual(
    xs.toSorted((a, b) => a - b),
    xs,
  )
  assert.equal(xs[0], 100)
  assert.ok(Math.abs((xs[3] as number) - 1000) < 0.001)
  assert.ok((xs[3] as number) - (xs[2] as number) > 2 * ((xs[1] as number) - (xs[0] as number)))
  assert.ok((xs[1] as number) - (xs[0] as number) > 150, 'acts in the same minute do not lie on each other')
})

test('acts at one and the same moment are still apart', () => {
  assert.deepEqual(spread([5, 5, 5], 0, 100), [0, 50, 100])
  assert.deepEqual(spread([], 0, 100), [])
})

test('the frontier lies between the countries, once', () => {
  const { frontiers, laneY, blocks } = layOut({ ...base, events: [], messages: [] })
  assert.equal(frontiers.length, 1)
  assert.ok((frontiers[0] as number) > (laneY[0] as number) && (frontiers[0] as number) < (laneY[1] as number))
  assert.deepEqual(
    blocks.map((block) => block.tinted),
    [false, true],
  )
})

test('the messages of an act stand beside its circle, in order; others stand alone', () => {
  const { events, messages } = layOut({
    ...base,
    events: [event('declared', 0, 0), event('release', 0, 10)],
    messages: [message('late', 1, 0, 50), message('b', 0, 1, 10), message('a', 0, 2, 10)],
  })
  const release = events[1] as (typeof events)[number]
  const x = Object.fromEntries(messages.map((placed) => [placed.message.id, placed.x]))
  assert.ok((x['b'] as number) > release.x && (x['a'] as number) > (x['b'] as number))
  assert.ok((x['a'] as number) - release.x < 20)
  assert.ok((x['late'] as number) - release.x > 200)
})

test('a message that caused an act stands before its circle', () => {
  const { events, messages } = layOut({
    ...base,
    events: [event('announced', 1, 11)],
    messages: [{ ...message('m', 0, 1, 10), sentAt: new Date(Date.parse(at(11)) - 900).toISOString() }],
  })
  const distance = (events[0]?.x as number) - (messages[0]?.x as number)
  assert.ok(distance > 0 && distance < 20, `${distance}`)
})

test('a message of an office that is not on the route is not drawn, and breaks nothing', () => {
  const { messages, events } = layOut({ ...base, events: [event('x', 7, 0)], messages: [message('m', -1, 2, 0)] })
  assert.equal(messages.length + events.length, 0)
})

test('now is the last thing on the line, and is left out when the movement is over', () => {
  const events = [event('a', 0, 0), event('b', 0, 5)]
  const open = layOut({ ...base, events, messages: [], now: Date.parse(at(59)) })
  assert.ok((open.nowX as number) > (open.events[1]?.x as number))
  assert.equal(layOut({ ...base, events, messages: [] }).nowX, undefined)
})

test('labels break at a word and are left out where they do not fit', () => {
  assert.deepEqual(labelLines('Released', 80), ['Released'])
  assert.deepEqual(labelLines('Guarantee checked', 80), ['Guarantee', 'checked'])
  assert.equal(labelLines('Guarantee checked', 40), undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regionalQueryOf, toRegional, toRegionalMovement, toneOf } from './states.ts'

test('what the list shows lives in its address, and rubbish in it shows everything', () => {
  const query = { q: '26CG', departure: 'CG', destination: 'TD', state: 'crossed', only: 'late', page: 3 }
  assert.deepEqual(regionalQueryOf(toRegional(query).split('?')[1] ?? ''), query)
  assert.equal(toRegional({ q: '', departure: '', page: 1 }), '/regional/movements')
  const nothing = { q: '', departure: '', destination: '', state: '', only: '', page: 1 }
  assert.deepEqual(regionalQueryOf('departure=cm&destination=X&state=toString&only=never&page=-2'), nothing)
})

test('a state that the console does not know is shown without alarm', () => {
  assert.equal(toneOf('enquiry'), 'bad')
  assert.equal(toneOf('constructor'), 'neutral')
  assert.equal(toRegionalMovement('26/1'), '/regional/movements/26%2F1')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areasOf } from './areas.ts'

test('work begins with what the role is for, and what it may not open is not offered', () => {
  assert.equal(areasOf('departure')[0].href, '/movements')
  assert.deepEqual(
    areasOf('guarantee').map(({ href }) => href),
    ['/movements', '/guarantees', '/exchange', '/reference'],
  )
  assert.deepEqual(
    areasOf('destination').map(({ href }) => href),
    ['/movements', '/fallback', '/exchange', '/reference'],
  )
  assert.deepEqual(
    areasOf('regional').map(({ href }) => href),
    ['/regional'],
  )
  assert.deepEqual(
    areasOf('operations').map(({ href }) => href),
    ['/availability', '/exchange', '/reference'],
  )
  assert.deepEqual(
    areasOf('reference').map(({ href }) => href),
    ['/reference', '/exchange'],
  )
})

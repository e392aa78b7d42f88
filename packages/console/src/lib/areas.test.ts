import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areasFor, areasOf } from './areas.ts'

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
    areasOf('trader').map(({ href }) => href),
    ['/declarations'],
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

test('shares are offered to the operations desk of a node that has any', () => {
  const node = { party: 'NTA.SZ', country: 'SZ', name: 'Eswatini', shares: true }
  const user = (role: 'departure' | 'operations') => ({ id: 'x', name: 'X', role, office: null, officeName: null })
  const hrefs = (role: 'departure' | 'operations') => areasFor({ user: user(role), node }).map(({ href }) => href)
  assert.equal(hrefs('operations')[1], '/shares')
  assert.equal(hrefs('departure').includes('/shares'), false)
})

test('declarations are offered where the node has any, to whoever may see them', () => {
  const user = (role: 'departure' | 'reference' | 'regional') => ({
    id: 'x',
    name: 'X',
    role,
    office: null,
    officeName: null,
  })
  const node = { party: 'NTA.AL', country: 'AL', name: 'Albania' }
  const hrefs = (role: Parameters<typeof user>[0], has: boolean) =>
    areasFor({ user: user(role), node: { ...node, declarations: has } }).map(({ href }) => href)
  assert.equal(hrefs('departure', true)[1], '/declarations')
  for (const [role, has] of [
    ['departure', false],
    ['reference', true],
    ['regional', true],
  ] as const)
    assert.ok(!hrefs(role, has).includes('/declarations'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterOf, inPlace, toMessages, without } from './queries.ts'

test('a filter goes into an address and comes back out of it', () => {
  const filter = { q: '26AL', partner: 'NTA.XK', state: 'queued,sent', from: '2026-11-30' }
  assert.deepEqual(filterOf(new URL(toMessages(filter, 'abc'), 'http://x').search), filter)
  assert.equal(toMessages(), '/exchange/messages')
})

test('what is no filter, or says nothing, is left out', () => {
  assert.deepEqual(filterOf('?q=%20%20&colour=red&plate=AA%20123%20BB'), { plate: 'AA 123 BB' })
  assert.equal(filterOf(`?q=${'x'.repeat(10_000)}`).q?.length, 200)
  assert.deepEqual(without({ q: 'a', plate: 'b' }, 'q'), { plate: 'b' })
})

test('rows stay where they are: known ones are shown as they are now, new ones are counted', () => {
  const shown = [
    { id: 'in-2', state: 'received' },
    { id: 'in-1', state: 'received' },
  ]
  const fresh = [
    { id: 'in-3', state: 'received' },
    { id: 'in-2', state: 'done' },
  ]
  assert.deepEqual(inPlace(shown, fresh), {
    rows: [
      { id: 'in-2', state: 'done' },
      { id: 'in-1', state: 'received' },
    ],
    added: 1,
  })
})

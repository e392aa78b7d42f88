import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actOf, actsOn, batchTone, toBatches, toNewBatch } from './batches.ts'

test('an act and its filter are in the address', () => {
  const href = toNewBatch('replay', { state: 'parked', ids: 'in-1,in-2' })
  const { search } = new URL(href, 'http://x')
  assert.equal(actOf(search), 'replay')
  assert.equal(new URLSearchParams(search).get('ids'), 'in-1,in-2')
  assert.equal(actOf('?act=correct'), 'resend', 'a correction has a page of its own')
  assert.equal(toBatches(), '/exchange/batches')
  assert.equal(toBatches('requested', '7'), '/exchange/batches?state=requested&before=7')
})

test('what is offered on a message goes by its box, its link and its state', () => {
  const of = (direction: 'in' | 'out', state: 'parked' | 'receipted' | 'queued' | 'done' | 'waiting', link = 'as4') =>
    actsOn({ direction, state, link })
  assert.deepEqual(of('in', 'parked'), ['replay', 'correct', 'discard'])
  assert.deepEqual(of('out', 'parked'), ['resend', 'discard'])
  assert.deepEqual(of('out', 'receipted'), ['resend'])
  assert.deepEqual(of('out', 'receipted', 'local'), [])
  assert.deepEqual(of('out', 'queued', 'mailbox'), [])
  assert.deepEqual(of('in', 'waiting'), ['park'])
  assert.deepEqual(of('in', 'done'), [])
})

test('a batch of which something could not be done is not green', () => {
  assert.equal(batchTone({ state: 'done', refused: 0 }), 'ok')
  assert.equal(batchTone({ state: 'done', refused: 1 }), 'warn')
  assert.equal(batchTone({ state: 'requested', refused: 0 }), 'warn')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnswerCount, LongAnswer } from './bounded.ts'

function message(type: string, length: number, sent = length - 4): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 'latin1')
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, Buffer.alloc(Math.max(sent, 0))])
}

const bounds = { bytes: 1_000, rows: 3 }

test('an answer within the bounds passes, whatever its pieces; the next one begins at nothing', () => {
  const answer = Buffer.concat([
    message('T', 40),
    message('D', 300),
    message('D', 300),
    message('C', 13),
    message('Z', 5),
  ])
  for (const piece of [1, 2, 3, 7, 64, answer.length]) {
    const count = new AnswerCount(bounds)
    for (let turn = 0; turn < 3; turn++)
      for (let at = 0; at < answer.length; at += piece) count.add(answer.subarray(at, at + piece))
  }
})

test('a row is judged by its head alone', () => {
  assert.throws(() => new AnswerCount(bounds).add(message('D', 0x7fffffff, 0)), LongAnswer)
})

test('what comes in parts is counted together: bytes, and rows however small', () => {
  const bytes = new AnswerCount(bounds)
  bytes.add(message('D', 600))
  assert.throws(() => bytes.add(message('D', 600, 0)), /longer than 1000 bytes/)
  const rows = new AnswerCount(bounds)
  for (let at = 0; at < 3; at++) rows.add(message('D', 6))
  assert.throws(() => rows.add(message('D', 6)), /3 rows/)
})

test('what is no row is short; a length that is none is no message', () => {
  for (const type of ['T', 'E', 'N', 'A', 'S'])
    assert.throws(() => new AnswerCount({ bytes: 1e9, rows: 1 }).add(message(type, 40_000, 0)), /no row/, type)
  assert.throws(() => new AnswerCount(bounds).add(message('D', 3, 0)), /no message/)
})

test('notices belong to no answer', () => {
  const count = new AnswerCount(bounds)
  for (let at = 0; at < 100; at++) count.add(message('A', 30))
  count.add(message('D', 900))
})

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { CarriedObject } from './carrier.ts'
import { readFramed, readRefusal, writeFramed, writeRefusal } from './framing.ts'

const object: CarriedObject = {
  id: '0d3c9f0e-1111-4222-8333-444455556666@cg.example',
  sender: 'DGD.CG',
  addressee: 'DGD.TD',
  kind: 'message',
  expiresAt: new Date('2026-12-05T10:00:00.123Z'),
  bytes: Buffer.from([0x30, 0x0a, 0x7b, 0x0a, 0xff]),
}
const line =
  '{"version":1,"id":"0d3c9f0e-1111-4222-8333-444455556666@cg.example","sender":"DGD.CG","addressee":"DGD.TD","kind":"message","expiresAt":"2026-12-05T10:00:00.123Z"}\n'

const framed = (head: string, bytes: Uint8Array = object.bytes) => Buffer.concat([Buffer.from(head), bytes])
const refusedFor = (bytes: Uint8Array): string => {
  const read = readFramed(bytes)
  assert.ok('refused' in read, 'it was read')
  return read.refused
}

test('an object comes back as it was, line ends among its bytes and all', () => {
  const bytes = writeFramed(object)
  assert.equal(Buffer.from(bytes).toString('latin1', 0, line.length), line)
  const read = readFramed(bytes)
  assert.ok(!('refused' in read))
  assert.deepEqual({ ...read, bytes: Buffer.from(read.bytes) }, object)
  assert.deepEqual(writeFramed(read), bytes)
})

test('a view into a larger buffer is read from where it begins', () => {
  const bytes = Buffer.concat([Buffer.from('before\n'), writeFramed({ ...object, kind: 'receipt' })])
  const read = readFramed(bytes.subarray(7))
  assert.ok(!('refused' in read))
  assert.equal(read.kind, 'receipt')
})

test('a head has one spelling', () => {
  for (const [what, head] of Object.entries({
    'a space': line.replace('{', '{ '),
    'another order': `{"id":"a","version":1,"sender":"A","addressee":"B","kind":"message","expiresAt":"2026-12-05T10:00:00.123Z"}\n`,
    'a member twice': line.replace('"kind"', '"sender":"DGD.CM","kind"'),
    'a member more': line.replace('}', ',"note":"x"}'),
    'an escape': line.replace('DGD.CG', 'DGD\\u002eCG'),
    'a time of another spelling': line.replace('.123Z', '.123+00:00'),
    'another version': line.replace('"version":1', '"version":2'),
    'a prototype': line.replace('}', ',"__proto__":{"id":"x"}}'),
    'a line end of two characters': line.replace('\n', '\r\n'),
    'a byte order mark': `\ufeff${line}`,
  }))
    assert.match(refusedFor(framed(head)), /spelt otherwise|no object of id/, what)
})

test('what a head lacks or says wrongly is named', () => {
  for (const [head, said] of [
    [line.replace('DGD.CG"', 'DGD CG"'), /sender is no party id/],
    [line.replace('DGD.TD', ''), /addressee is no party id/],
    [line.replace('DGD.TD', 'DGD.CG'), /its own addressee/],
    [line.replace('"message"', '"letter"'), /no object of id/],
    [line.replace('2026-12-05T10:00:00.123Z', 'tomorrow'), /expiresAt is no time/],
    [line.replace('0d3c9f0e', '0d3c 9f0e'), /visible ASCII/],
    [line.replace('"id":"', '"id":"\\u0000'), /visible ASCII/],
    ['[]\n', /no object of id/],
    ['null\n', /no object of id/],
    ['\n', /no object of id/],
    [line.replace('0d3c9f0e', 'x'.repeat(1_000)), /no line of at most 1024 bytes/],
    ['{'.repeat(1_024), /no line/],
  ] as [string, RegExp][])
    assert.match(refusedFor(framed(head)), said)
  assert.match(refusedFor(framed(line, Buffer.alloc(0))), /no object after the head/)
  assert.match(refusedFor(Buffer.alloc(0)), /no line/)
})

test('rubbish is refused, and nothing is thrown', () => {
  for (let length = 1; length < 2_000; length += 7) refusedFor(randomBytes(length))
})

test('what could not be read back is not written', () => {
  for (const change of [{ id: '' }, { sender: 'a b' }, { bytes: new Uint8Array() }, { expiresAt: new Date(NaN) }])
    assert.throws(() => writeFramed({ ...object, ...change }), /cannot be framed/)
})

test('a refusal is read back, and what is none is not', () => {
  assert.deepEqual(readRefusal(writeRefusal({ id: object.id, reason: 'x'.repeat(600) })), {
    id: object.id,
    reason: 'x'.repeat(500),
  })
  for (const text of [
    '',
    '{}',
    '[]',
    'null',
    '{"id":"a b","reason":"r"}',
    '{"id":"a"}',
    `{"id":"a","reason":"${'x'.repeat(3_000)}"}`,
  ])
    assert.equal(readRefusal(Buffer.from(text)), undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, mismatchOf, receptionOf } from './decide.ts'
import {
  readAcknowledgement,
  readReferenceData,
  readRequest,
  writeReferenceData,
  writeReferenceNote,
  type ReferenceDataAcknowledgement,
  type ReferenceDataRequest,
} from './documents.ts'

const id = 'CL141/NTA.AL'
const entry = (code: string) => ({
  list: id,
  code,
  validFrom: '2026-12-01',
  validTo: '',
  state: 'valid' as const,
  texts: { en: `Office ${code}`, sq: 'Zyra e Durrësit' },
  items: { CountryCode: 'AL' },
  keyItems: 0,
  groups: [],
})
const head = { list: { id, owner: 'NTA.AL' }, version: 3, previous: 2, effective: '2026-12-01', digest: 'd3' }
const first = { ...head, part: 1, parts: 1 }
const held = { owner: 'NTA.AL', version: 2, digest: 'd2' }
const wrongOf = (read: unknown) => (typeof read === 'string' ? read : assert.fail('it was read'))
const text = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString()

test('a version is read as it was written, in one part or in many', () => {
  const entries = ['AL000102', 'AL000103', 'AL000104'].map(entry)
  const removed = [{ code: 'AL000101', validFrom: '' }]
  const [whole, ...none] = writeReferenceData(head, entries, removed)
  assert.deepEqual(none, [])
  assert.deepEqual(readReferenceData(whole ?? new Uint8Array()), { ...first, entries, removed })
  const parts = writeReferenceData(head, entries, removed, 300).map(readReferenceData)
  assert.ok(parts.length > 1)
  const read = parts.map((part) => (typeof part === 'string' ? assert.fail(part) : part))
  assert.deepEqual(
    read.flatMap((part) => part.entries),
    entries,
  )
  assert.deepEqual(
    read.flatMap((part) => part.removed),
    removed,
  )
  assert.deepEqual(
    read.map(({ part, parts: of }) => [part, of]),
    read.map((_, at) => [at + 1, read.length]),
  )
})

test('half a message, an entry of another list and what is no version are told with the line', () => {
  const whole = text(writeReferenceData(head, [entry('AL000102'), entry('AL000103')], [])[0])
  const cut = whole.split('\n')
  assert.match(wrongOf(readReferenceData(Buffer.from(cut.slice(0, 2).join('\n')))), /was cut/)
  assert.match(wrongOf(readReferenceData(Buffer.from([cut[0], cut[1], cut[3]].join('\n')))), /1 entries.*says 2/)
  const other = whole.replace('"list":"CL141/NTA.AL","code":"AL000103"', '"list":"CL141/NTA.XK","code":"AL000103"')
  assert.match(wrongOf(readReferenceData(Buffer.from(other))), /line 3: AL000103 is of the list CL141\/NTA.XK/)
  assert.match(wrongOf(readReferenceData(Buffer.from('<xml/>'))), /line 1/)
  assert.equal(readReferenceData(Uint8Array.of(0xff)), 'no UTF-8')
})

test('acknowledgement and request are read as they were written, and nothing else is', () => {
  const acknowledgement: ReferenceDataAcknowledgement = {
    list: id,
    version: 3,
    outcome: 'refused',
    reason: 'digest',
    holds: { version: 2, digest: 'd2' },
  }
  assert.deepEqual(readAcknowledgement(writeReferenceNote(acknowledgement)), acknowledgement)
  const request: ReferenceDataRequest = { list: id, request: 'catch-up', holds: { version: 0, digest: '' } }
  assert.deepEqual(readRequest(writeReferenceNote(request)), request)
  assert.equal(readRequest(writeReferenceNote(acknowledgement)), undefined)
  assert.equal(readAcknowledgement(Buffer.from('{')), undefined)
})

test('the next version is applied when all its parts are there, whatever their order', () => {
  assert.deepEqual(receptionOf(first, 'NTA.AL', held, undefined), { do: 'apply' })
  const part = { ...head, part: 2, parts: 3 }
  assert.deepEqual(receptionOf(part, 'NTA.AL', held, undefined), { do: 'keep-part', anew: false })
  assert.deepEqual(receptionOf(part, 'NTA.AL', held, { ...part, have: [2] }), { do: 'keep-part', anew: false })
  assert.deepEqual(receptionOf(part, 'NTA.AL', held, { ...part, have: [3, 1] }), { do: 'apply' })
  const otherDigest = { ...part, digest: 'another', have: [3, 1] }
  assert.deepEqual(receptionOf(part, 'NTA.AL', held, otherDigest), { do: 'keep-part', anew: true })
})

test('another owner, an unknown list, a version of before and one too many are not imported', () => {
  assert.equal(receptionOf(first, 'NTA.XK', held, undefined).do, 'refuse')
  const claimed = { ...first, list: { id, owner: 'NTA.XK' } }
  assert.equal(receptionOf(claimed, 'NTA.XK', held, undefined).do, 'refuse')
  assert.equal(receptionOf(claimed, 'NTA.AL', held, undefined).do, 'refuse')
  assert.equal(receptionOf(first, 'NTA.AL', undefined, undefined).do, 'refuse')
  for (const version of [3, 4])
    assert.equal(receptionOf(first, 'NTA.AL', { ...held, version }, undefined).do, 'acknowledge-held')
  assert.equal(receptionOf(first, 'NTA.AL', { ...held, version: 1 }, undefined).do, 'catch-up')
})

test('a digest that does not fit asks for the whole list once, and then refuses', () => {
  assert.deepEqual(mismatchOf(first, 'the digest x'), { do: 'catch-up' })
  const { previous: _, ...full } = first
  assert.equal(receptionOf(full, 'NTA.AL', { ...held, version: 0, digest: '' }, undefined).do, 'apply')
  assert.match(JSON.stringify(mismatchOf(full, 'the digest x')), /refuse.*digest x, and not the digest d3/)
})

test('an owner answers with what changed to who holds its version, and with all to anybody else', () => {
  const published = [3, 2, 1].map((version) => ({ version, digest: `d${version}` }))
  const own = { owner: 'NTA.AL', published }
  const asked = (version: number, digest = `d${version}`) =>
    answerOf({ list: id, request: 'catch-up', holds: { version, digest } }, 'NTA.AL', own, true)
  assert.deepEqual(asked(1), { send: 'incremental', previous: 1, version: 3 })
  assert.deepEqual(asked(3), { send: 'nothing' })
  assert.deepEqual(asked(0, ''), { send: 'full', version: 3 })
  assert.deepEqual(asked(2, 'another'), { send: 'full', version: 3 })
  const request: ReferenceDataRequest = { list: id, request: 'catch-up', holds: { version: 1, digest: 'd1' } }
  assert.equal(answerOf(request, 'NTA.AL', own, false).send, 'refusal')
  assert.equal(answerOf(request, 'NTA.XK', own, true).send, 'refusal')
  assert.equal(answerOf(request, 'NTA.AL', undefined, true).send, 'refusal')
  assert.deepEqual(answerOf({ ...request, request: 'unsubscribe' }, 'NTA.AL', own, false), { send: 'nothing' })
  assert.equal(answerOf({ ...request, request: 'subscribe' }, 'NTA.AL', own, false).send, 'incremental')
  assert.deepEqual(answerOf(request, 'NTA.AL', { owner: 'NTA.AL', published: [] }, true), { send: 'nothing' })
})

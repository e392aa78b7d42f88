import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ebmsError,
  open,
  type OpenedMessage,
  readResponse,
  sealError,
  sealReceipt,
  sealUserMessage,
  sentMessageOf,
  verifyReceipt,
  type Wire,
} from '@corridor/as4'
import { albania, atAlbania, atKosovo, DOCUMENT, kosovo, messageOf, NOW, openAtKosovo, sealed } from './support.ts'

function opened(wire: Wire): OpenedMessage {
  const result = openAtKosovo(wire)
  assert.equal(result.kind, 'user', result.kind === 'refused' ? result.detail : result.kind)
  return result
}

const signal = { messageId: 'r1@nta.xk', timestamp: NOW, identity: kosovo }

test('a message arrives as it was sent, and its receipt proves it', () => {
  const sent = sealed()
  const asked: string[] = []
  const result = open(sent, {
    identity: kosovo,
    now: NOW,
    findPMode: ({ from, to, service, action, agreement }) => {
      asked.push(from.id, to.id, service.value, action, agreement?.value ?? '')
      return atKosovo
    },
  })
  assert.equal(result.kind, 'user')
  assert.deepEqual(asked, [
    'NTA.AL',
    'NTA.XK',
    'urn:corridor:service:transit',
    'CD001C',
    'urn:corridor:agreement:al-xk',
  ])
  const message = messageOf()
  assert.deepEqual({ ...result.message, parts: [] }, { ...message, refToMessageId: undefined, parts: [] })
  assert.deepEqual(
    result.message.parts.map((part) => ({ ...part, bytes: Buffer.from(part.bytes) })),
    message.parts,
  )
  assert.deepEqual(result.references, sent.references)

  const receipt = sealReceipt(result, signal)
  assert.deepEqual(verifyReceipt(receipt, { sent, pmode: atAlbania, now: NOW }), { ok: true })
  assert.deepEqual(verifyReceipt(receipt, { sent: sentMessageOf(sent), pmode: atAlbania, now: NOW }), { ok: true })
  const response = readResponse(receipt, { sent, pmode: atAlbania, now: NOW })
  assert.equal(response.kind === 'receipt' && response.receipt.messageId, 'r1@nta.xk')
})

test('many parts, an empty one, binary ones and properties arrive in order', () => {
  const parts = Array.from({ length: 64 }, (_, n) => ({
    contentId: `part-${n}@nta.al`,
    mimeType: n % 2 === 0 ? 'application/pdf' : 'text/plain',
    properties: [{ name: 'n', value: `${n} <&>"`, type: 'int' }],
    bytes: Buffer.alloc(n * 7, n),
  }))
  const message = opened(sealed({ parts, refToMessageId: 'before@nta.xk' })).message
  assert.equal(message.refToMessageId, 'before@nta.xk')
  assert.deepEqual(
    message.parts.map((part) => ({ ...part, bytes: Buffer.from(part.bytes) })),
    parts,
  )
})

test('a message without parts is signed and opened too', () => {
  assert.deepEqual(opened(sealed({ parts: [] })).message.parts, [])
})

test('header values are carried whatever characters they have', () => {
  const values = { conversationId: `<&>"' ë 😀`, action: 'a]]>b' }
  const { message } = opened(sealed(values))
  assert.deepEqual([message.conversationId, message.action], [values.conversationId, values.action])
})

function seeded() {
  let n = 0
  return { randomBytes: (size: number) => Buffer.alloc(size, ++n) }
}

test('the same randomness gives the same bytes', () => {
  // RSA-OAEP itself is random, so only a message without parts is the same to the last byte.
  const message = messageOf({ parts: [] })
  assert.deepEqual(
    sealUserMessage(message, atAlbania, albania, seeded()),
    sealUserMessage(message, atAlbania, albania, seeded()),
  )
})

test('the payload cannot be read on the wire', () => {
  const sent = sealed({ parts: [{ contentId: 'a@b', mimeType: 'text/plain', properties: [], bytes: DOCUMENT }] })
  assert.ok(!Buffer.from(sent.body).includes('26AL00010112345678</MRN>'))
  assert.ok(!Buffer.from(sent.body).includes(Buffer.from([0x1f, 0x8b, 8, 0])))
})

test('an error signal reaches the sender signed', () => {
  const sent = sealed()
  const error = sealError(ebmsError('EBMS:0004'), { ...signal, refToMessageId: sent.messageId })
  const response = readResponse(error, { sent, pmode: atAlbania, now: NOW })
  assert.equal(response.kind, 'error')
  assert.equal(response.signed, true)
  assert.deepEqual(response.errors, [ebmsError('EBMS:0004')])
  const verdict = verifyReceipt(error, { sent, pmode: atAlbania, now: NOW })
  assert.deepEqual(verdict, { ok: false, reason: 'the partner answered EBMS:0004' })
  const unaddressed = sealError(ebmsError('EBMS:0009'), signal)
  assert.equal(readResponse(unaddressed, { sent, pmode: atAlbania, now: NOW }).kind, 'unusable')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  As4Fault,
  ebmsError,
  REMEDIES,
  sealError,
  sealUserMessage,
  sentMessageOf,
  type UserMessage,
  verifyReceipt,
} from '@corridor/as4'
import { albania, atAlbania, authority, kosovo, messageOf, NOW, sealed } from './support.ts'

const part = messageOf().parts[0]!
const CASES: [what: string, code: keyof typeof REMEDIES, changes: Partial<UserMessage>][] = [
  ['an id without domain', 'bad-message-id', { messageId: 'x' }],
  ['an id with a line end', 'bad-message-id', { messageId: 'x@y\n' }],
  ['a bad reference', 'bad-message-id', { refToMessageId: '<x@y>' }],
  ['an empty conversation', 'bad-value', { conversationId: '' }],
  ['an action with a line end', 'bad-value', { action: 'a\nb' }],
  ['a lone surrogate', 'bad-value', { action: 'a\uD800' }],
  ['white space that would be lost', 'bad-value', { action: ' a' }],
  ['a property with NUL', 'bad-value', { properties: [{ name: 'x', value: '\0' }] }],
  [
    'an own compression',
    'reserved-property',
    { parts: [{ ...part, properties: [{ name: 'CompressionType', value: 'x' }] }] },
  ],
  ['two parts of one id', 'bad-content-id', { parts: [part, part] }],
  ['a part with a bad id', 'bad-content-id', { parts: [{ ...part, contentId: 'a b' }] }],
  ['65 parts', 'too-many-parts', { parts: Array.from({ length: 65 }, (_, n) => ({ ...part, contentId: `p${n}@x` })) }],
  ['no time', 'bad-timestamp', { timestamp: new Date(Number.NaN) }],
  ['another partner', 'p-mode-mismatch', { to: { ...atAlbania.responder, id: 'NTA.RS' } }],
]

const isFault = (code: string) => (error: unknown) =>
  error instanceof As4Fault && error.code === code && error.remedy.length > 0

for (const [what, code, changes] of CASES) {
  test(`not sealed: ${what}`, () => {
    assert.throws(() => sealed(changes), isFault(code))
  })
}

test('not sealed: with a key that is not of the certificate, or too short', async () => {
  const mixed = { certificate: albania.certificate, privateKey: kosovo.privateKey }
  assert.throws(() => sealUserMessage(messageOf(), atAlbania, mixed), isFault('bad-key'))
  const weak = await authority.issue({ commonName: 'NTA.WEAK', modulusLength: 1024 })
  assert.throws(() => sealUserMessage(messageOf(), atAlbania, weak), isFault('bad-key'))
  const toWeak = { ...atAlbania, partnerCertificate: weak.certificate }
  assert.throws(() => sealUserMessage(messageOf(), toWeak, albania), isFault('bad-key'))
})

test('a signal needs an allowed id, and a check needs what was sent', () => {
  const options = { messageId: 'x', timestamp: NOW, identity: kosovo }
  assert.throws(() => sealError(ebmsError('EBMS:0004'), options), isFault('bad-message-id'))
  const junk = { contentType: 'application/soap+xml', body: Buffer.from('junk') }
  assert.throws(() => sentMessageOf(junk), isFault('not-a-sealed-message'))
  assert.throws(() => verifyReceipt(junk, { sent: junk, pmode: atAlbania, now: NOW }), isFault('not-a-sealed-message'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  As4Fault,
  ebmsError,
  type OpenedMessage,
  type PMode,
  PROFILES,
  type Profile,
  readResponse,
  sealError,
  sealPullRequest,
  sealReceipt,
  sealUserMessage,
  type TokenReference,
  verifyReceipt,
  type Wire,
} from '@corridor/as4'
import * as support from './profile-support.ts'

const { customs, DOCUMENT, identityOf, messageOf, NOW, openAtCustoms, pmodeOf, trader } = support

const NAMES = Object.keys(PROFILES)
const envelopeOf = (wire: Wire): string =>
  /<env:Envelope.*<\/env:Envelope>/s.exec(Buffer.from(wire.body).toString())![0]
const signedInfoOf = (wire: Wire): string => /<ds:SignedInfo.*<\/ds:SignedInfo>/s.exec(envelopeOf(wire))![0]
const isFault = (code: string) => (error: unknown) => error instanceof As4Fault && error.code === code

function accepted(wire: Wire, pmode: PMode, profile: string): OpenedMessage {
  const opened = openAtCustoms(wire, pmode, profile)
  assert.equal(opened.kind, 'user', opened.kind === 'refused' ? opened.detail : opened.kind)
  return opened
}

function refused(wire: Wire, pmode: PMode, profile: string): string {
  const opened = openAtCustoms(wire, pmode, profile)
  assert.equal(opened.kind, 'refused', 'it was accepted')
  return opened.error.code
}

test('the library has these profiles', () => {
  assert.deepEqual(NAMES, ['edelivery-1.15', 'edelivery-2.0', 'edelivery-2.0-ec', 'ics2'])
  for (const profile of Object.values(PROFILES)) assert.deepEqual(JSON.parse(JSON.stringify(profile)), profile)
})

for (const profile of NAMES) {
  const atTrader = pmodeOf(customs, profile)
  const atCustoms = pmodeOf(trader, profile)
  const identity = identityOf(trader, profile)
  const signal = { messageId: 'r@customs.test', timestamp: NOW, identity: identityOf(customs, profile) }

  test(`${profile}: a message arrives, its receipt proves it, an error is believed`, () => {
    const sent = sealUserMessage(messageOf(atTrader), atTrader, identity)
    const opened = accepted(sent, atCustoms, profile)
    assert.deepEqual(
      opened.message.parts.map(({ bytes }) => Buffer.from(bytes)),
      [DOCUMENT],
    )
    assert.deepEqual(opened.references, sent.references)
    const receipt = sealReceipt(opened, signal)
    assert.deepEqual(verifyReceipt(receipt, { sent, pmode: atTrader, now: NOW }), { ok: true })
    const error = sealError(ebmsError('EBMS:0004'), { ...signal, pmode: atCustoms, refToMessageId: sent.messageId })
    const answer = readResponse(error, { sent, pmode: atTrader, now: NOW })
    assert.equal(answer.kind === 'error' && answer.signed, true)
  })

  test(`${profile}: what is signed and encrypted is in the algorithms of the table`, () => {
    const xml = envelopeOf(sealUserMessage(messageOf(atTrader), atTrader, identity))
    const method = /<ds:SignatureMethod Algorithm="([^"]+)"/.exec(xml)![1]
    const key = /<xenc:EncryptedKey.*?<xenc:EncryptionMethod Algorithm="([^"]+)"/s.exec(xml)?.[1]
    const agreement = /<xenc:AgreementMethod Algorithm="([^"]+)"/.exec(xml)?.[1]
    const [more, xmlenc] = ['http://www.w3.org/2021/04/xmldsig-more#', 'http://www.w3.org/2001/04/xmlenc#']
    const dsigMore = 'http://www.w3.org/2001/04/xmldsig-more#'
    const expected: Record<string, (string | undefined)[]> = {
      'edelivery-1.15': [`${dsigMore}rsa-sha256`, 'http://www.w3.org/2009/xmlenc11#rsa-oaep', undefined],
      'edelivery-2.0': [`${more}eddsa-ed25519`, `${xmlenc}kw-aes128`, `${more}x25519`],
      'edelivery-2.0-ec': [`${dsigMore}ecdsa-sha256`, `${xmlenc}kw-aes128`, 'http://www.w3.org/2009/xmlenc11#ECDH-ES'],
      ics2: [`${dsigMore}rsa-sha256`, undefined, undefined],
    }
    assert.deepEqual([method, key, agreement], expected[profile])
  })

  test(`${profile}: a receipt signs Messaging and the empty Body, and one without Body is refused`, () => {
    const sent = sealUserMessage(messageOf(atTrader), atTrader, identity)
    const opened = accepted(sent, atCustoms, profile)
    assert.match(signedInfoOf(sealReceipt(opened, signal)), /URI="#MSG-.*URI="#BODY-/s)
    const own: Profile = { ...PROFILES[profile]!, name: 'own', receiptSigns: ['Messaging'] }
    const half = sealReceipt(opened, { ...signal, pmode: { ...atCustoms, profile: own } })
    assert.equal(signedInfoOf(half).split('URI=').length, 2)
    const verdict = verifyReceipt(half, { sent, pmode: atTrader, now: NOW })
    assert.deepEqual(verdict, { ok: false, reason: 'EBMS:0103 the Body is not signed' })
    assert.deepEqual(verifyReceipt(half, { sent, pmode: { ...atTrader, profile: own }, now: NOW }), { ok: true })
  })

  test(`${profile}: one changed octet of the payload or of the signed header is refused`, () => {
    const sent = sealUserMessage(messageOf(atTrader), atTrader, identity)
    const changed = { ...sent, body: Buffer.from(sent.body) }
    changed.body[changed.body.length - 120]! ^= 1
    assert.equal(refused(changed, atCustoms, profile), PROFILES[profile]!.encryption ? 'EBMS:0102' : 'EBMS:0101')
    const text = Buffer.from(sent.body).toString('latin1').replace('>IE3F32<', '>IE3F33<')
    assert.equal(refused({ ...sent, body: Buffer.from(text, 'latin1') }, atCustoms, profile), 'EBMS:0101')
  })
}

test('every profile refuses what is sealed under any other', () => {
  for (const sender of NAMES) {
    const sending = pmodeOf(customs, sender)
    const sent = sealUserMessage(messageOf(sending), sending, identityOf(trader, sender))
    for (const receiver of NAMES) {
      if (receiver === sender) continue
      const { initiator, responder } = sending
      const code = refused(sent, pmodeOf(trader, receiver, { initiator, responder }), receiver)
      assert.equal(code, 'EBMS:0103', `${sender} to ${receiver}`)
    }
  }
})

test('encrypted for another key of the same kind: refused', () => {
  for (const profile of NAMES.filter((name) => PROFILES[name]!.encryption)) {
    const { sign, decrypt } = support.KEYS[profile]!
    const recipient = trader[decrypt ?? sign].certificate
    const sending = pmodeOf(customs, profile, { partnerEncryptionCertificate: recipient })
    const sent = sealUserMessage(messageOf(sending), sending, identityOf(trader, profile))
    assert.equal(refused(sent, pmodeOf(trader, profile), profile), 'EBMS:0102')
  }
})

const FORMS: TokenReference[] = ['x509v3', 'x509-pki-path', 'key-identifier', 'issuer-serial']
for (const profile of ['edelivery-1.15', 'edelivery-2.0', 'edelivery-2.0-ec']) {
  for (const send of FORMS) {
    test(`${profile}: certificates are referred to as ${send}, sent and received, and only where it is agreed`, () => {
      const sending = pmodeOf(customs, profile, { tokens: { send } })
      const sent = sealUserMessage(messageOf(sending), sending, identityOf(trader, profile))
      const opened = accepted(sent, pmodeOf(trader, profile), profile)
      const carries = send === 'x509v3' || send === 'x509-pki-path'
      assert.equal(/wsu:Id="X509-/.test(envelopeOf(sent)), carries)
      const others = pmodeOf(trader, profile, { tokens: { accept: FORMS.filter((form) => form !== send) } })
      assert.equal(refused(sent, others, profile), 'EBMS:0103')
      const answering = pmodeOf(trader, profile, { tokens: { send } })
      const options = {
        messageId: 'r@c.test',
        timestamp: NOW,
        identity: identityOf(customs, profile),
        pmode: answering,
      }
      assert.deepEqual(verifyReceipt(sealReceipt(opened, options), { sent, pmode: sending, now: NOW }), { ok: true })
      const request = sealPullRequest('urn:mpc', options)
      assert.equal(/#X509PKIPathv1/.test(envelopeOf(request)), send === 'x509-pki-path')
    })
  }
}

test('a path has the root first and the leaf last, and without the root ics2 neither sends nor takes it', () => {
  const sending = pmodeOf(customs, 'ics2')
  const full = identityOf(trader, 'ics2')
  const sent = sealUserMessage(messageOf(sending), sending, full)
  const path = Buffer.from(/wsu:Id="X509-[^>]*>([^<]+)/.exec(envelopeOf(sent))![1]!, 'base64')
  const expected = [...full.chain!.toReversed(), full.certificate].map(({ raw }) => raw)
  assert.deepEqual(path.subarray(4), Buffer.concat(expected))
  for (const chain of [undefined, [], full.chain!.slice(0, 1), full.chain!.toReversed()]) {
    assert.throws(() => sealUserMessage(messageOf(sending), sending, { ...full, chain }), isFault('bad-key'))
  }
  const lax: Profile = { ...PROFILES.ics2!, tokens: { ...PROFILES.ics2!.tokens, fullChain: false } }
  const short = sealUserMessage(messageOf(sending), { ...sending, profile: lax }, { ...full, chain: [] })
  assert.equal(refused(short, pmodeOf(trader, 'ics2'), 'ics2'), 'EBMS:0103')
  accepted(short, { ...pmodeOf(trader, 'ics2'), profile: lax }, 'ics2')
})

test('ics2: no encryption, compressed payloads, message ids of a UUID and a domain, no message properties', () => {
  const sending = pmodeOf(customs, 'ics2')
  const identity = identityOf(trader, 'ics2')
  const sent = sealUserMessage(messageOf(sending), sending, identity)
  assert.match(Buffer.from(sent.body).toString('latin1'), /Content-Type: application\/gzip/)
  assert.throws(
    () => sealUserMessage(messageOf(sending, { messageId: 'x@y' }), sending, identity),
    isFault('bad-message-id'),
  )
  const properties = [{ name: 'originalSender', value: 'x' }]
  assert.throws(
    () => sealUserMessage(messageOf(sending, { properties }), sending, identity),
    isFault('p-mode-mismatch'),
  )
  const encrypting = { ...sending, encrypt: true }
  assert.throws(() => sealUserMessage(messageOf(sending), encrypting, identity), isFault('bad-p-mode'))
  const plain = sealUserMessage(messageOf(sending), { ...sending, compress: false }, identity)
  assert.equal(refused(plain, pmodeOf(trader, 'ics2'), 'ics2'), 'EBMS:0010')
})

for (const encrypt of [true, false]) {
  test(`payloads that are not compressed arrive ${encrypt ? 'encrypted' : 'signed only'}, XML and text in signed form`, () => {
    const profile = 'edelivery-1.15'
    const sending = pmodeOf(customs, profile, { compress: false, encrypt })
    const parts = [
      { contentId: 'x@t', mimeType: 'application/xml', characterSet: 'UTF-8', properties: [], bytes: DOCUMENT },
      { contentId: 'c@t', mimeType: 'text/csv', properties: [], bytes: Buffer.from('a,b\r\nc,d\r\n') },
      { contentId: 'b@t', mimeType: 'application/pdf', properties: [], bytes: Buffer.from([0, 13, 10, 10, 255]) },
    ]
    const sent = sealUserMessage(messageOf(sending, { parts }), sending, identityOf(trader, profile))
    assert.doesNotMatch(envelopeOf(sent), /CompressionType/)
    const opened = accepted(sent, pmodeOf(trader, profile, { encrypt }), profile)
    assert.deepEqual(
      opened.message.parts.map((part) => ({ ...part, bytes: Buffer.from(part.bytes) })),
      parts,
    )
    const broken = [{ ...parts[0]!, bytes: Buffer.from('<a') }]
    assert.throws(
      () => sealUserMessage(messageOf(sending, { parts: broken }), sending, identityOf(trader, profile)),
      isFault('bad-value'),
    )
    const other = pmodeOf(trader, profile, { encrypt: !encrypt })
    assert.equal(refused(sent, other, profile), 'EBMS:0103')
  })
}

test('ics2: the sub-code of a refusal comes with its error', () => {
  const { identityOf, messageOf, openAtCustoms, pmodeOf, trader } = support
  const pmode = pmodeOf(support.customs, 'ics2')
  const { messageId: refToMessageId } = messageOf(pmode)
  const identity = identityOf(trader, 'ics2')
  const wire = sealError(ebmsError('EBMS:0004'), { messageId: 'e@x', timestamp: NOW, identity, refToMessageId, pmode })
  const detail = (prefix: string): string => `<${prefix}:ErrorDetail>A001</${prefix}:ErrorDetail>`
  const text = Buffer.from(wire.body)
    .toString()
    .replace(/<\/(\w+):Error>/, (end, prefix: string) => detail(prefix) + end)
  const opened = openAtCustoms({ ...wire, body: Buffer.from(text) }, pmode, 'ics2')
  assert.equal(opened.kind, 'error')
  assert.deepEqual(opened.errors, [{ ...ebmsError('EBMS:0004'), errorDetail: 'A001' }])
})

test('a new network is a new profile: AES-256-GCM with a 256 bit wrap over P-256, sent as a path', () => {
  const own: Profile = {
    ...PROFILES['edelivery-2.0-ec']!,
    name: 'national',
    encryption: {
      content: 'aes256-gcm',
      key: { agreement: 'ecdh-es', derivation: 'hkdf-sha256', wrap: 'kw-aes256' },
    },
    tokens: { send: 'x509-pki-path', accept: ['x509-pki-path'], fullChain: true },
  }
  const key = 'edelivery-2.0-ec'
  const sending = { ...pmodeOf(customs, key), profile: own }
  const sent = sealUserMessage(messageOf(sending), sending, identityOf(trader, key))
  const opened = accepted(sent, { ...pmodeOf(trader, key), profile: own }, key)
  assert.deepEqual(Buffer.from(opened.message.parts[0]!.bytes), DOCUMENT)
  assert.equal(refused(sent, pmodeOf(trader, key), key), 'EBMS:0103')
})

test('keys of the wrong kind, or in certificates for something else, are refused before anything is sent', () => {
  const sending = pmodeOf(customs, 'edelivery-2.0')
  const message = messageOf(sending)
  assert.throws(() => sealUserMessage(message, sending, trader.rsa), isFault('bad-key'))
  assert.throws(() => sealUserMessage(message, sending, trader.ec), isFault('bad-key'))
  const identity = identityOf(trader, 'edelivery-2.0')
  const toRsa = { ...sending, partnerEncryptionCertificate: customs.rsa.certificate }
  assert.throws(() => sealUserMessage(message, toRsa, identity), isFault('bad-key'))
  const ec = pmodeOf(customs, 'edelivery-2.0-ec', { partnerEncryptionCertificate: customs.ec.certificate })
  assert.throws(() => sealUserMessage(messageOf(ec), ec, trader.ec), isFault('bad-key'))
  assert.throws(
    () => sealUserMessage(message, { ...sending, profile: 'toString' }, identity),
    isFault('unknown-profile'),
  )
})

test('the same randomness gives the same bytes, also of ephemeral keys', () => {
  const sending = pmodeOf(customs, 'edelivery-2.0')
  const seal = () => {
    let n = 0
    const randomBytes = (size: number) => Buffer.alloc(size, ++n)
    return sealUserMessage(messageOf(sending), sending, identityOf(trader, 'edelivery-2.0'), { randomBytes })
  }
  assert.deepEqual(seal(), seal())
})

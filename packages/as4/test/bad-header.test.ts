import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DEFAULT_LIMITS, open, sealError, ebmsError, type Wire } from '@corridor/as4'
import { gzipped, property, refused, replace, resignMessaging, rewrite, sealPayloads } from './forge.ts'
import { atKosovo, kosovo, NOW, openAtKosovo, sealed } from './support.ts'

const PART_INFO = /<eb:PartInfo .*<\/eb:PartInfo>/
for (const [what, code, pattern, by] of [
  ['no MessageInfo', 'EBMS:0009', /<eb:MessageInfo>.*<\/eb:MessageInfo>/, ''],
  ['no From', 'EBMS:0009', /<eb:From>.*<\/eb:From>/, ''],
  ['no Service', 'EBMS:0009', /<eb:Service>.*<\/eb:Service>/, ''],
  ['an empty Action', 'EBMS:0009', '>CD001C<', '> <'],
  ['an Action with a line end', 'EBMS:0009', '>CD001C<', '>CD001C\nx<'],
  ['an Action with an element', 'EBMS:0009', '>CD001C<', '>CD001C<eb:x></eb:x><'],
  ['two Actions', 'EBMS:0009', /<eb:Action>.*<\/eb:Action>/, (found: string) => found + found],
  ['two PartyIds', 'EBMS:0009', /<eb:PartyId.*?<\/eb:PartyId>/, (found: string) => found + found],
  ['an unknown element', 'EBMS:0009', '<eb:PartyInfo>', '<eb:Extra></eb:Extra><eb:PartyInfo>'],
  ['text between elements', 'EBMS:0009', '<eb:PartyInfo>', 'x<eb:PartyInfo>'],
  ['a MessageId without domain', 'EBMS:0009', '>c0ffee@nta.al<', '>c0ffee<'],
  ['a MessageId in brackets', 'EBMS:0009', '>c0ffee@nta.al<', '>&lt;c0ffee@nta.al&gt;<'],
  ['a long MessageId', 'EBMS:0009', '>c0ffee@', `>${'c'.repeat(250)}@`],
  ['no time', 'EBMS:0009', /(?<=<eb:Timestamp>)[^<]+/, 'yesterday'],
  ['a time that is none', 'EBMS:0009', /(?<=<eb:Timestamp>)[^<]+/, '2026-13-45T00:00:00Z'],
  ['a property without name', 'EBMS:0009', 'name="originalSender"', 'nome="originalSender"'],
  [
    'a property twice',
    'EBMS:0003',
    /<eb:Property name="originalSender".*?<\/eb:Property>/,
    (found: string) => found + found,
  ],
  ['a part in the Body', 'EBMS:0003', ' href="cid:doc@nta.al"', ''],
  ['a part twice', 'EBMS:0003', PART_INFO, (found: string) => found + found],
  ['a part outside', 'EBMS:0011', 'href="cid:doc@nta.al"', 'href="https://127.0.0.1/doc"'],
  ['a part with a broken cid', 'EBMS:0007', 'href="cid:doc@nta.al"', 'href="cid:%"'],
  ['a part that is not here', 'EBMS:0007', 'href="cid:doc@nta.al"', 'href="cid:dog@nta.al"'],
  ['a part that is not announced', 'EBMS:0007', PART_INFO, ''],
  ['an unknown compression', 'EBMS:0303', '>application/gzip<', '>application/x-bzip2<'],
  ['a compressed part without type', 'EBMS:0303', /<eb:Property name="MimeType".*?<\/eb:Property>/, ''],
  ['another party', 'EBMS:0010', '>NTA.AL<', '>NTA.RS<'],
  ['another role', 'EBMS:0010', '/initiator<', '/responder<'],
  ['another type of party', 'EBMS:0010', /(?<=<eb:PartyId type=")[^"]+/, 'urn:x'],
  ['another service', 'EBMS:0010', 'urn:corridor:service:transit', 'urn:corridor:service:export'],
  ['no agreement', 'EBMS:0010', /<eb:AgreementRef>.*<\/eb:AgreementRef>/, ''],
] as const) {
  test(`refused with ${code}, though signed: ${what}`, () => {
    refused(
      resignMessaging((messaging) => replace(messaging, pattern, by)),
      code,
    )
  })
}

for (const [what, code, pattern, by] of [
  [
    'SOAP 1.1',
    'EBMS:0009',
    /"http:\/\/www\.w3\.org\/2003\/05\/soap-envelope"/g,
    '"http://schemas.xmlsoap.org/soap/envelope/"',
  ],
  ['no Body', 'EBMS:0009', /<env:Body.*<\/env:Body>/, ''],
  ['text in the Body', 'EBMS:0009', '</env:Body>', 'x</env:Body>'],
  ['an element in the Body', 'EBMS:0009', '</env:Body>', '<x/></env:Body>'],
  ['no Messaging', 'EBMS:0009', /<eb:Messaging.*<\/eb:Messaging>/, ''],
  [
    'a header that must be understood',
    'EBMS:0008',
    '</env:Header>',
    '<x xmlns="urn:x" env:mustUnderstand="1"/></env:Header>',
  ],
  ['a security header for somebody else', 'EBMS:0009', '<wsse:Security ', '<wsse:Security env:role="urn:x" '],
  ['something after the Body', 'EBMS:0009', '</env:Envelope>', '<x/></env:Envelope>'],
  ['bad XML', 'EBMS:0009', '<eb:From>', '<eb:Form>'],
  ['deep XML', 'EBMS:0009', '</env:Header>', `${'<x>'.repeat(70)}${'</x>'.repeat(70)}</env:Header>`],
] as const) {
  test(`refused with ${code}: ${what}`, () => {
    refused(
      rewrite(sealed(), (envelope) => replace(envelope, pattern, by)),
      code,
    )
  })
}

test('a header that nobody must understand is let pass', () => {
  const wire = rewrite(sealed(), (envelope) => replace(envelope, '</env:Header>', '<x xmlns="urn:x"/></env:Header>'))
  assert.equal(openAtKosovo(wire).kind, 'user')
})

test('a refusal names the message, if its id could be read', () => {
  const wire = rewrite(sealed(), (envelope) => replace(envelope, '>CD001C<', '> <'))
  const result = openAtKosovo(wire)
  assert.equal(result.kind === 'refused' && result.refToMessageId, 'c0ffee@nta.al')
  const [evil] = [rewrite(sealed(), (envelope) => replace(envelope, '>c0ffee@nta.al<', '>c0ffee@nta.al\r\nX: y<'))]
  const refusedToo = openAtKosovo(evil)
  assert.equal(refusedToo.kind === 'refused' && refusedToo.refToMessageId, undefined)
})

test('the detail of a refusal is one short line, whatever a stranger wrote', () => {
  const name = `${'x'.repeat(200)}&#x9B;31m`
  const wire = resignMessaging((messaging) =>
    replace(messaging, /<eb:Property name="originalSender".*?<\/eb:Property>/, () => {
      const one = `<eb:Property name="${name.repeat(4)}">y</eb:Property>`
      return one + one
    }),
  )
  assert.match(refused(wire, 'EBMS:0009'), /^[\p{L}\p{N}\p{P} \uFFFD]{1,300}$/u)
  const open = { contentType: `multipart/${'\u001B[31m'.repeat(100)}`, body: new Uint8Array() }
  assert.match(refused(open, 'EBMS:0007'), /^[ -~]{1,300}$/)
})

test('gzip bombs are refused, in one piece or in many', () => {
  refused(sealPayloads([gzipped(Buffer.alloc(30_000_000))]), 'EBMS:0303')
  const many = Buffer.concat(Array.from({ length: 60 }, () => gzipSync(Buffer.alloc(1_000_000))))
  refused(sealPayloads([{ ...gzipped(Buffer.alloc(0)), bytes: many }]), 'EBMS:0303')
})

test('payloads together may be no larger than allowed', () => {
  const random = Buffer.from(Array.from({ length: 3000 }, (_, n) => n % 251))
  const wire = sealPayloads([gzipped(random), { ...gzipped(random), contentId: 'c@d' }])
  const options = { identity: kosovo, findPMode: () => atKosovo, now: NOW }
  assert.equal(open(wire, { ...options, limits: { unzippedBytes: 6000 } }).kind, 'user')
  for (const unzippedBytes of [5999, 3000, 2999, 0]) {
    const result = open(wire, { ...options, limits: { unzippedBytes } })
    assert.equal(result.kind === 'refused' && result.error.code, 'EBMS:0303')
  }
})

for (const [what, bytes] of [
  ['is not compressed', Buffer.from('plain')],
  ['is cut', gzipSync(Buffer.from('plain')).subarray(0, 15)],
  ['has a wrong checksum', gzipSync(Buffer.from('plain')).fill(0, 17, 21)],
  ['is followed by something', Buffer.concat([gzipSync(Buffer.from('plain')), Buffer.from('junk')])],
  ['is empty', Buffer.alloc(0)],
] as const) {
  test(`refused: a payload that ${what}`, () => {
    refused(sealPayloads([{ ...gzipped(Buffer.alloc(0)), bytes }]), 'EBMS:0303')
  })
}

function openUncompressed(mimeType: string, bytes: Buffer): string {
  const wire = sealPayloads([{ contentId: 'a@b', mimeType, bytes, properties: property('MimeType', mimeType) }])
  const result = openAtKosovo(wire)
  return result.kind === 'user'
    ? Buffer.from(result.message.parts[0]!.bytes).toString()
    : (result as { detail: string }).detail
}

test('an uncompressed part is taken as it was signed', () => {
  assert.equal(openUncompressed('application/pdf', Buffer.from('%PDF')), '%PDF')
  assert.equal(openUncompressed('application/xml', Buffer.from('<a></a>')), '<a></a>')
  // Not canonical, so these are not the octets that a content transform signs.
  assert.match(openUncompressed('application/xml', Buffer.from('<a/>')), /not what was signed/)
  assert.match(openUncompressed('text/plain', Buffer.from('a\nb')), /not what was signed/)
  assert.match(openUncompressed('application/xml', Buffer.from('<!DOCTYPE a><a></a>')), /not XML/)
})

test('signals are handed on as read, with attachments refused', () => {
  const error: Wire = sealError(ebmsError('EBMS:0004'), { messageId: 'e@nta.al', timestamp: NOW, identity: kosovo })
  assert.equal(openAtKosovo(error).kind, 'error')
  const text = Buffer.from(error.body).toString()
  const pull = replace(text, /<eb:Error .*<\/eb:Error>/, '<eb:PullRequest mpc="x"/>')
  refused({ ...error, body: Buffer.from(pull) }, 'EBMS:0008')
  const none = replace(text, /<eb:Error .*<\/eb:Error>/, '')
  refused({ ...error, body: Buffer.from(none) }, 'EBMS:0009')
})

test('an envelope that is too large is refused before it is parsed', () => {
  const wire = rewrite(sealed(), (envelope) => envelope + ' '.repeat(DEFAULT_LIMITS.envelopeBytes))
  assert.match(refused(wire, 'EBMS:0007'), /envelope has/)
})

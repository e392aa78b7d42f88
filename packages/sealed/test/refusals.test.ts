import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OtherRevocationInfoFormat, RevocationInfoChoice, RevocationInfoChoices } from '@peculiar/asn1-cms'
import { AsnConvert } from '@peculiar/asn1-schema'
import { decryptWith } from '../src/cms/decrypt.ts'
import { encryptFor } from '../src/cms/encrypt.ts'
import { signContent } from '../src/cms/sign.ts'
import { SignedContentInfo } from '../src/cms/structure.ts'
import { type OpenOptions, sealObject } from '../src/index.ts'
import { writeContent } from '../src/head-write.ts'
import { authority, iraq, jordan, message, now, open, purpose, receipt, stranger, syria, validity } from './support.ts'

async function refused(bytes: Uint8Array, code: string, retriable: boolean, change: Partial<OpenOptions> = {}) {
  const opened = await open(bytes, change)
  assert.equal(opened.kind, 'refused', `${code} is expected`)
  assert.deepEqual({ code: opened.code, retriable: opened.retriable }, { code, retriable }, opened.detail)
}

const object = await sealObject(message(), syria, jordan.certificate)

test('bytes that are no object', async () => {
  const others = [
    new Uint8Array(),
    Buffer.from('hello'),
    syria.certificate.raw,
    Buffer.from([0x30, 0x00]),
    Buffer.alloc(99),
  ]
  for (const bytes of others) await refused(bytes, 'not-an-object', false)
  await refused(await signContent(writeContent(message()), syria, now), 'not-an-object', false)
})

test('what is sealed for somebody else', async () => {
  // Our certificate may be missing here: with it, the same bytes open.
  await refused(object, 'cannot-decrypt', true, { own: [iraq] })
  await refused(object, 'cannot-decrypt', true, { own: [] })
  // The name of our certificate, but not our key.
  const named = { certificate: jordan.certificate, privateKey: iraq.privateKey }
  await refused(object, 'cannot-decrypt', false, { own: [named] })
})

test('what is sealed for a weak key of ours', async () => {
  const weak = await authority.issue({ commonName: 'Jordan', ...validity, modulusLength: 1024 })
  const signed = await signContent(writeContent(message()), syria, now)
  await refused(encryptFor(weak.certificate, signed), 'cannot-decrypt', true, { own: [weak] })
})

test('what was encrypted without a signature, and a signature that is missing its signer', async () => {
  await refused(encryptFor(jordan.certificate, writeContent(message())), 'bad-signature', false)
  await refused(encryptFor(jordan.certificate, new Uint8Array()), 'bad-signature', false)
})

test('what nobody has signed, beside what is signed', async () => {
  const signed = await signContent(writeContent(message()), syria, now)
  const read = () => AsnConvert.parse(signed, SignedContentInfo)
  const seal = (info: SignedContentInfo) => encryptFor(jordan.certificate, new Uint8Array(AsnConvert.serialize(info)))
  assert.equal((await open(seal(read()))).kind, 'opened')
  const noted = read()
  const signer = noted.content.signerInfos[0]!
  signer.unsignedAttrs = signer.signedAttrs!.slice(0, 1)
  await refused(seal(noted), 'bad-signature', false)
  const listed = read()
  listed.content.crls = new RevocationInfoChoices([
    new RevocationInfoChoice({
      other: new OtherRevocationInfoFormat({
        otherRevInfoFormat: '1.2.3',
        otherRevInfo: AsnConvert.serialize(noted.content.signerInfos),
      }),
    }),
  ])
  await refused(seal(listed), 'bad-signature', false)
})

test('a signature by another key under the name of the pinned certificate', async () => {
  const forged = await signContent(writeContent(message()), { ...syria, privateKey: stranger.privateKey }, now)
  await refused(encryptFor(jordan.certificate, forged), 'bad-signature', false)
})

test('a signer who is not pinned to the sender in the head', async () => {
  // A stranger with a certificate of the same authority in the same name.
  await refused(await sealObject(message(), stranger, jordan.certificate), 'unknown-sender', true)
  // A partner who writes as another partner.
  await refused(await sealObject(message(), iraq, jordan.certificate), 'unknown-sender', true)
  // A party that is no partner.
  await refused(await sealObject(message({ sender: 'LB' }), syria, jordan.certificate), 'unknown-sender', true)
})

test('a pinned certificate whose time is over, or that is not for signatures', async () => {
  const change = { now: new Date('2027-11-02T00:00:00Z') }
  const lasting = message({ expiresAt: new Date('2028-01-01T00:00:00Z') })
  await refused(await sealObject(lasting, syria, jordan.certificate), 'unknown-sender', true, change)
  const other = await authority.issue({ commonName: 'Syria', ...validity, usages: ['keyEncipherment'] })
  const signed = await signContent(writeContent(message()), other, now)
  const senderCertificates = () => [other.certificate]
  await refused(encryptFor(jordan.certificate, signed), 'unknown-sender', true, { senderCertificates })
})

test('what Syria wrote to Jordan and Jordan encrypts anew for Iraq', async () => {
  const forwarded = encryptFor(iraq.certificate, decryptWith([jordan], object))
  await refused(forwarded, 'wrong-addressee', false, { own: [iraq], party: 'IQ' })
})

test('another purpose, and the times', async () => {
  await refused(object, 'wrong-purpose', false, { purpose: 'Statistics' })
  const expiry = message().expiresAt.getTime()
  await refused(object, 'expired', false, { now: new Date(expiry) })
  assert.equal((await open(object, { now: new Date(expiry - 1) })).kind, 'opened')
  await refused(object, 'not-yet-valid', true, { now: new Date(now.getTime() - 300_001) })
  assert.equal((await open(object, { now: new Date(now.getTime() - 300_000) })).kind, 'opened')
})

test('a head that is not exactly as it must be, though well signed', async () => {
  const good = Buffer.from(writeContent(message())).toString('latin1')
  const goodReceipt = Buffer.from(writeContent(receipt())).toString('latin1')
  const malformed: Record<string, string> = {
    'no head': '',
    'no empty line': good.slice(0, good.indexOf('\n\n')),
    'another version': good.replace('Corridor-Object: 1', 'Corridor-Object: 2'),
    'no version': good.replace('Corridor-Object: 1\n', ''),
    'version not first': good.replace('Corridor-Object: 1\n', '').replace('\n\n', '\nCorridor-Object: 1\n\n'),
    'a line twice': good.replace('Sender: SY', 'Sender: SY\nSender: SY'),
    'an unknown line': good.replace('Sender: SY', 'Sender: SY\nBcc: IQ'),
    'another case': good.replace('Sender:', 'sender:'),
    'no space': good.replace('Sender: SY', 'Sender:SY'),
    'two spaces': good.replace('Sender: SY', 'Sender:  SY'),
    'a space behind': good.replace('Sender: SY', 'Sender: SY '),
    'no value': good.replace('Sender: SY', 'Sender: '),
    'CR LF': good.replaceAll('\n', '\r\n'),
    'a tabulator': good.replace('Sender: SY', 'Sender: S\tY'),
    'a zero': good.replace('Sender: SY', 'Sender: SY\0'),
    'no UTF-8': good.replace('Sender: SY', 'Sender: SY\xff'),
    'an overlong form': good.replace('Sender: SY', 'Sender: SY\xc0\xaf'),
    'a byte order mark': `\xef\xbb\xbf${good}`,
    'a line missing': good.replace('Message-Id: message-1@sy.example\n', ''),
    'a line of the other kind': good.replace('\n\n', `\nOutcome: accepted\n\n`),
    'another kind': good.replace('Kind: message', 'Kind: question'),
    'no kind': good.replace('Kind: message\n', ''),
    'a day that is none': good.replace('2026-11-30T', '2026-11-31T'),
    'another zone': good.replace('12:00:00.000Z', '12:00:00+02:00'),
    'expires before it was issued': good.replace('Expires: 2026', 'Expires: 2025'),
    'a long line': good.replace('Sender: SY', `Sender: ${'S'.repeat(3_000)}`),
    'a long line of few characters': good.replace('Sender: SY', `Sender: ${'\xe9\x96\xa2'.repeat(900)}`),
    'a long head': good.replace('Sender: SY', `${'Sender: SY\n'.repeat(1_000)}Sender: SY`),
    'a receipt with a document': `${goodReceipt}x`,
    'a receipt with another outcome': goodReceipt.replace('Outcome: refused', 'Outcome: perhaps'),
    'a receipt without a digest': goodReceipt.replace(/Object-Digest: .*\n/, ''),
    'a receipt with a short digest': goodReceipt.replace('abab\n', '\n'),
  }
  const seal = async (text: string) =>
    encryptFor(jordan.certificate, await signContent(Buffer.from(text, 'latin1'), syria, now))
  for (const [name, text] of Object.entries(malformed)) {
    assert.ok(text !== good && text !== goodReceipt, name)
    const opened = await open(await seal(text))
    assert.equal(opened.kind === 'refused' ? opened.code : 'opened', 'malformed-head', name)
  }
  // The same way of sealing opens what is as it must be, in another order too.
  assert.equal((await open(await seal(good))).kind, 'opened')
  const turned = good.replace(`Purpose: ${Buffer.from(purpose).toString('latin1')}\n`, '')
  const moved = turned.replace('\n\n', `\nPurpose: ${Buffer.from(purpose).toString('latin1')}\n\n`)
  assert.equal((await open(await seal(moved))).kind, 'opened')
})

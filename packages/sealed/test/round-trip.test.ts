import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { LIMITS, sealObject, type SealedContent, SealedFault } from '../src/index.ts'
import { authority, jordan, message, now, open, outcomeOf, receipt, syria, validity } from './support.ts'

const { refTo: _refTo, ...plain } = message()
const { reason: _reason, ...silent } = receipt({ outcome: 'accepted' })
const contents: Record<string, SealedContent> = {
  'a message': message(),
  'a message that answers nothing': plain,
  'an empty document': message({ document: new Uint8Array() }),
  'a document of all bytes': message({ document: Uint8Array.from({ length: 70_000 }, (_, at) => at % 256) }),
  'a document that is ASN.1 itself': message({ document: jordan.certificate.raw }),
  'a receipt': receipt(),
  'a receipt without a reason': silent,
}
for (const [name, content] of Object.entries(contents))
  test(`${name} comes out as it went in`, async () => {
    const bytes = await sealObject(content, syria, jordan.certificate)
    const opened = await open(bytes)
    assert.equal(opened.kind, 'opened', JSON.stringify(opened))
    const plainBytes = (value: SealedContent) =>
      value.kind === 'message' ? { ...value, document: Buffer.from(value.document).toString('base64') } : value
    assert.deepEqual(plainBytes(opened.content), plainBytes(content))
    assert.equal(opened.digest, createHash('sha256').update(bytes).digest('hex'))
  })

test('nothing of the content can be read in the object', async () => {
  const bytes = Buffer.from(await sealObject(message(), syria, jordan.certificate))
  for (const text of ['Corridor-Object', 'CD001C', 'message-1', '26SYABCDEFGHIJKLM0', 'Syria'])
    assert.equal(bytes.indexOf(text), -1, text)
})

test('an object is sealed anew each time, and its key never twice the same', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => sealObject(message(), syria, jordan.certificate)))
  assert.notDeepEqual(one, other)
})

test('during a change of keys both of our certificates open', async () => {
  const next = await authority.issue({ commonName: 'Jordan', subject: 'C=JO', ...validity })
  const own = [next, jordan]
  assert.equal(await outcomeOf(await sealObject(message(), syria, jordan.certificate), { own }), 'opened')
  assert.equal(await outcomeOf(await sealObject(message(), syria, next.certificate), { own }), 'opened')
})

test('the largest object is opened, and a larger one is neither made nor looked at', async () => {
  const sized = (length: number) =>
    sealObject(message({ document: Buffer.alloc(length, 65) }), syria, jordan.certificate)
  const around = (await sized(20_000_000)).length - 20_000_000
  const largest = await sized(LIMITS.objectBytes - around)
  assert.equal(largest.length, LIMITS.objectBytes)
  assert.equal(await outcomeOf(largest), 'opened')
  await assert.rejects(sized(LIMITS.objectBytes - around + 1), { code: 'sealed.too-large' })
  assert.equal(await outcomeOf(Buffer.concat([largest, Buffer.alloc(1)])), 'too-large')
})

test('what cannot be sealed is a fault with a remedy', async () => {
  const leaf = { commonName: 'Other', ...validity }
  const ec = await authority.issue({ ...leaf, keyType: 'ec' })
  const weak = await authority.issue({ ...leaf, modulusLength: 1024 })
  const onlyTransport = await authority.issue({ ...leaf, usages: ['keyEncipherment'] })
  const onlySignature = await authority.issue({ ...leaf, usages: ['digitalSignature'] })
  const old = await authority.issue({ ...leaf, notAfter: new Date(now.getTime() - 1) })
  const faulty: [string, Promise<unknown>][] = [
    ['sealed.unfit-certificate', sealObject(message(), ec, jordan.certificate)],
    ['sealed.unfit-certificate', sealObject(message(), syria, ec.certificate)],
    ['sealed.unfit-certificate', sealObject(message(), weak, jordan.certificate)],
    ['sealed.unfit-certificate', sealObject(message(), onlyTransport, jordan.certificate)],
    ['sealed.unfit-certificate', sealObject(message(), syria, onlySignature.certificate)],
    ['sealed.not-valid-now', sealObject(message(), old, jordan.certificate)],
    ['sealed.not-valid-now', sealObject(message(), syria, old.certificate)],
    ['sealed.wrong-key', sealObject(message(), { ...syria, privateKey: jordan.privateKey }, jordan.certificate)],
    ['sealed.bad-value', sealObject(message({ id: 'two words' }), syria, jordan.certificate)],
    ['sealed.bad-value', sealObject(message({ sender: '' }), syria, jordan.certificate)],
    ['sealed.bad-value', sealObject(message({ purpose: 'a\nAddressee: IQ' }), syria, jordan.certificate)],
    ['sealed.bad-value', sealObject(message({ purpose: ' padded' }), syria, jordan.certificate)],
    ['sealed.bad-value', sealObject(message({ conversation: 'x'.repeat(1_001) }), syria, jordan.certificate)],
    ['sealed.bad-value', sealObject(message({ issuedAt: message().expiresAt }), syria, jordan.certificate)],
    ['sealed.bad-value', sealObject(receipt({ objectDigest: 'AB'.repeat(32) }), syria, jordan.certificate)],
    ['sealed.bad-value', sealObject(receipt({ reason: 'turned \u202e round' }), syria, jordan.certificate)],
  ]
  for (const [code, made] of faulty)
    await assert.rejects(made, (error) => {
      assert.ok(error instanceof SealedFault)
      assert.equal(error.code, code)
      assert.ok(error.remedy.length > 20)
      return true
    })
})

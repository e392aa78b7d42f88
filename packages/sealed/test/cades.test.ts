import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SealedFault, signCades, signStatement, verifyCades } from '../src/index.ts'
import { jordan, now, syria, validity } from './support.ts'

const content = Buffer.from('<manifest/>')

test('a signature over what stands beside it tells who made it, and when by its own clock', async () => {
  const verified = await verifyCades(await signCades(content, 'application/xml', syria, now), content)
  assert.equal(verified.kind, 'verified', JSON.stringify(verified))
  assert.ok(verified.signer.raw.equals(syria.certificate.raw))
  assert.equal(verified.at.toISOString(), now.toISOString())
})

test('not one byte of the signature or of what it is over can be another', async () => {
  const signature = await signCades(content, 'application/xml', syria, now)
  for (let at = 0; at < signature.length; at++)
    for (const bit of [at % 2 === 0 ? 1 : 0x80]) {
      const changed = Buffer.from(signature)
      changed[at]! ^= bit
      assert.equal((await verifyCades(changed, content)).kind, 'refused', `byte ${at} ^ ${bit}`)
    }
  for (const other of [Buffer.from('<manifest />'), Buffer.alloc(0)])
    assert.equal((await verifyCades(signature, other)).kind, 'refused')
  for (const wrong of [
    signature.subarray(0, -1),
    Buffer.concat([signature, Buffer.alloc(1)]),
    Buffer.alloc(0),
    content,
  ])
    assert.equal((await verifyCades(wrong, content)).kind, 'refused')
})

test('a signature that does not sign which certificate made it is refused', async () => {
  const verified = await verifyCades(await signStatement(content, syria, now), content)
  assert.deepEqual(verified, {
    kind: 'refused',
    code: 'bad-signature',
    detail: 'it does not sign which certificate made it',
  })
})

test('nobody signs with another’s key, or with a certificate that is over', async () => {
  const wrong = { certificate: syria.certificate, privateKey: jordan.privateKey }
  await assert.rejects(
    signCades(content, 'application/xml', wrong, now),
    (error) => (error as SealedFault).code === 'sealed.wrong-key',
  )
  const later = new Date(validity.notAfter.getTime() + 1)
  await assert.rejects(
    signCades(content, 'application/xml', syria, later),
    (error) => (error as SealedFault).code === 'sealed.not-valid-now',
  )
})

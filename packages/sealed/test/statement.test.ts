import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { signStatement, verifyStatement } from '../src/index.ts'
import { authority, jordan, now, syria } from './support.ts'

const content = Buffer.from('What anybody may read.\n')

test('a statement holds for its content and its signer only', async () => {
  const signature = await signStatement(content, syria, now)
  assert.deepEqual(await verifyStatement(signature, content, [jordan.certificate, syria.certificate], now), {
    kind: 'verified',
  })
  for (const [what, code, verified] of [
    ['another content', 'bad-signature', verifyStatement(signature, Buffer.from('Else.\n'), [syria.certificate], now)],
    ['another signer', 'unknown-sender', verifyStatement(signature, content, [jordan.certificate], now)],
    ['nobody', 'unknown-sender', verifyStatement(signature, content, [], now)],
    ['later', 'unknown-sender', verifyStatement(signature, content, [syria.certificate], new Date('2090-01-01'))],
    ['rubbish', 'bad-signature', verifyStatement(Buffer.from('rubbish'), content, [syria.certificate], now)],
    [
      'half of it',
      'bad-signature',
      verifyStatement(signature.subarray(0, signature.length / 2), content, [syria.certificate], now),
    ],
  ] as const) {
    const came = await verified
    assert.equal(came.kind === 'refused' && came.code, code, what)
  }
  const bytes = Buffer.from(signature)
  const inside = bytes.indexOf(syria.certificate.raw)
  for (let at = 0; at < bytes.length; at += 7) {
    // The certificate inside of it is for people: nobody goes by it.
    if (at >= inside && at < inside + syria.certificate.raw.length) continue
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    assert.equal((await verifyStatement(changed, content, [syria.certificate], now)).kind, 'refused', `byte ${at}`)
  }
})

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? ''
const skip = /^OpenSSL [3-9]/.test(version) ? false : 'there is no openssl 3 or later on this machine'

test('openssl verifies a statement', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-statement-'))
  try {
    writeFileSync(join(folder, 'content.txt'), content)
    writeFileSync(join(folder, 'signature.der'), await signStatement(content, syria, now))
    writeFileSync(join(folder, 'syria.crt'), syria.certificatePem)
    writeFileSync(join(folder, 'authority.crt'), authority.certificatePem)
    const line = `cms -verify -binary -inform DER -in signature.der -content content.txt -nointern -certfile syria.crt -CAfile authority.crt -purpose any -attime ${now.getTime() / 1000} -out same.txt`
    execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' })
    writeFileSync(join(folder, 'content.txt'), 'Else.\n')
    assert.throws(() => execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

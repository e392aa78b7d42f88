import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { writeContent } from '../src/head-write.ts'
import { sealObject } from '../src/index.ts'
import { authority, jordan, message, now, open, receipt, syria } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-sealed-'))
after(() => rmSync(folder, { recursive: true }))
const file = (name: string, content?: string | Uint8Array): string => {
  const path = join(folder, name)
  if (content !== undefined) writeFileSync(path, content)
  return path
}
file('authority.crt', authority.certificatePem)
for (const [name, identity] of Object.entries({ syria, jordan })) {
  file(`${name}.crt`, identity.certificatePem)
  file(`${name}.key`, identity.privateKeyPem)
}
// LibreSSL, which some systems have under this name, knows no AuthEnvelopedData.
const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? ''
const skip = /^OpenSSL [3-9]/.test(version) ? false : 'there is no openssl 3 or later on this machine'
// The words after “openssl” as docs/sealed-objects.md has them. The certificates of this test have a time of their own.
const openssl = (line: string): string =>
  execFileSync('openssl', line.split(' '), { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

for (const content of [message(), receipt()])
  test(`a sealed ${content.kind} is decrypted and verified by openssl`, { skip }, async () => {
    file('object.der', await sealObject(content, syria, jordan.certificate))
    openssl('cms -decrypt -binary -inform DER -in object.der -recip jordan.crt -inkey jordan.key -out signed.der')
    const at = now.getTime() / 1000
    openssl(
      `cms -verify -binary -inform DER -in signed.der -nointern -certfile syria.crt -CAfile authority.crt -purpose any -attime ${at} -out content.txt`,
    )
    assert.deepEqual(readFileSync(file('content.txt')), Buffer.from(writeContent(content)))
    // Another signer's certificate does not do.
    assert.throws(() =>
      openssl('cms -verify -binary -inform DER -in signed.der -nointern -certfile jordan.crt -noverify -out no.txt'),
    )
    const printed = openssl('cms -cmsout -print -noout -inform DER -in signed.der')
    assert.match(printed, /signingTime/)
    assert.match(openssl('cms -cmsout -print -noout -inform DER -in object.der'), /aes-256-gcm/)
  })

for (const content of [message(), receipt()])
  for (const [named, keyid] of [
    ['issuer and serial number', ''],
    ['key identifiers', ' -keyid'],
  ])
    test(`a ${content.kind} that openssl signed and encrypted by ${named} opens here`, { skip }, async () => {
      file('content.txt', writeContent(content))
      openssl(
        `cms -sign -binary -nodetach -md sha256 -in content.txt -signer syria.crt -inkey syria.key${keyid} -outform DER -out signed.der`,
      )
      openssl(
        `cms -encrypt -binary -aes-256-gcm -in signed.der -outform DER -out object.der${keyid} -recip jordan.crt -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256`,
      )
      const opened = await open(readFileSync(file('object.der')))
      assert.equal(opened.kind, 'opened', JSON.stringify(opened))
      assert.deepEqual(Buffer.from(writeContent(opened.content)), Buffer.from(writeContent(content)))
    })

test('weaker ways of openssl are refused', { skip }, async () => {
  const sign =
    'cms -sign -binary -nodetach -in content.txt -signer syria.crt -inkey syria.key -outform DER -out signed.der'
  const encrypt = 'cms -encrypt -binary -in signed.der -outform DER -out object.der'
  const oaep = '-recip jordan.crt -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256'
  const weaker: [string, string, string][] = [
    [`${sign} -md sha1`, `${encrypt} -aes-256-gcm ${oaep}`, 'bad-signature'],
    [`${sign} -md sha256 -noattr`, `${encrypt} -aes-256-gcm ${oaep}`, 'bad-signature'],
    [`${sign} -md sha256`, `${encrypt} -aes-256-cbc ${oaep}`, 'not-an-object'],
    [`${sign} -md sha256`, `${encrypt} -aes-128-gcm ${oaep}`, 'not-an-object'],
    [`${sign} -md sha256`, `${encrypt} -aes-256-gcm -recip jordan.crt`, 'not-an-object'],
    [`${sign} -md sha256`, `${encrypt} -aes-256-gcm ${oaep.replace(/sha256$/, 'sha1')}`, 'not-an-object'],
    [`${sign} -md sha256`, `${encrypt} -aes-256-gcm ${oaep} ${oaep.replace('jordan', 'syria')}`, 'not-an-object'],
    [`${sign} -md sha256 -stream`, `${encrypt} -aes-256-gcm ${oaep}`, 'bad-signature'],
    [`${sign} -md sha256`, `${encrypt} -aes-256-gcm ${oaep} -stream`, 'not-an-object'],
    [`${sign} -md sha256 -signer jordan.crt -inkey jordan.key`, `${encrypt} -aes-256-gcm ${oaep}`, 'bad-signature'],
  ]
  file('content.txt', writeContent(message()))
  for (const [signing, encrypting, code] of weaker) {
    openssl(signing)
    openssl(encrypting)
    const opened = await open(readFileSync(file('object.der')))
    assert.equal(opened.kind === 'refused' ? opened.code : 'opened', code, `${signing} / ${encrypting}`)
  }
})

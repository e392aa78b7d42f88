import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeAuthority } from '@corridor/as4/testing'
import { corridor } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-evidence-'))
after(() => rmSync(folder, { recursive: true }))
const file = (name: string, content?: string | Uint8Array): string => {
  const path = join(folder, name)
  if (content !== undefined) writeFileSync(path, content)
  return path
}

test('what is typed wrong is answered with how to do better', async () => {
  const authority = await makeAuthority('Authority')
  const [one, other] = [await authority.issue({ commonName: 'one' }), await authority.issue({ commonName: 'other' })]
  file('one.crt', one.certificatePem)
  file('other.key', other.privateKeyPem)
  file('movement.asice', 'no ZIP')
  file('bad.crt', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  const evidence = ['verify', file('movement.asice')]
  const wrong: [string[], RegExp][] = [
    [['evidence'], /Say of which movement/],
    [['evidence', '26ALQ7T3M2K9P4X1J5'], /is no MRN: 18 characters, the last of which checks the others/],
    [['evidence', '26ALQ7T3M2K9P4X1J6', '--node', 'xx'], /Say whose evidence: --node al or --node xk/],
    [['evidence', '26ALQ7T3M2K9P4X1J6', '--node', 'al', '--out', file('movement.asice')], /cannot be written: EEXIST/],
    [['evidence', '26ALQ7T3M2K9P4X1J6', '--node', 'al', '--out', file('none/x.asice')], /cannot be written: ENOENT/],
    [['verify'], /Say which file/],
    [['verify', file('nothing.asice')], /nothing.asice cannot be read: ENOENT/],
    [[...evidence, '--trust', file('other.key')], /has no certificate \(PEM\)/],
    [[...evidence, '--trust', file('bad.crt')], /has a certificate that cannot be read/],
    [[...evidence, '--key', file('other.key')], /opens with both/],
    [[...evidence, '--key', file('other.key'), '--certificate', file('one.crt')], /it is not the key of/],
    [[...evidence, '--key', file('one.crt'), '--certificate', file('one.crt')], /is no private key that helps/],
  ]
  for (const [typed, said] of wrong) {
    const { code, err } = await corridor(typed)
    assert.equal(code, 2, `${typed.join(' ')}: ${err}`)
    assert.match(err, said)
    assert.doesNotMatch(err, /\n {4}at /)
  }
})

test('what is no evidence is refused with exit code 1, for people and as JSON', async () => {
  const { code, out } = await corridor(['verify', file('other.asice', '%PDF-1.7')])
  assert.equal(code, 1)
  assert.equal(
    out,
    'FAIL the file: the container is one as evidence has it – no: it is no evidence: it does not begin as a ZIP file\n\nREFUSED: 1 of 1 checks fail.\n',
  )
  const json = await corridor(['verify', file('other.asice'), '--json'])
  assert.deepEqual([json.code, (JSON.parse(json.out) as { sound: boolean }).sound], [1, false])
})

test('what a file says is written so that the terminal does not obey it', async () => {
  const name = '\u009b2J\u009b1;1H'
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(name.length, 26)
  const { code, out } = await corridor([
    'verify',
    file('hostile.asice', Buffer.concat([local, Buffer.from(name, 'latin1')])),
  ])
  assert.equal(code, 1)
  assert.match(out, /a name that is not allowed: "\\u\{9b\}2J/)
  assert.doesNotMatch(out, /\u009b/)
})

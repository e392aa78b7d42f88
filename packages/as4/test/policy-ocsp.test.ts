import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkChain, type RevocationPolicy, type Trust } from '@corridor/as4'

// Responses are made by another implementation: OpenSSL's responder, with authorities that live for this test only.

const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'needs openssl'
const folder = mkdtempSync(join(tmpdir(), 'as4-ocsp-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
const certificate = (name: string): X509Certificate => new X509Certificate(readFileSync(join(folder, `${name}.pem`)))

function makeAuthority(name: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    '-days',
    '30',
    '-subj',
    `/CN=${name}`,
  )
}

function issue(name: string, serial: string, extensions: string, issuer = 'ca'): void {
  writeFileSync(join(folder, `${name}.ext`), extensions)
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${name}`,
  )
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${issuer}.pem`,
    '-CAkey',
    `${issuer}.key`,
    '-set_serial',
    serial,
    '-days',
    '20',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  )
}

/** What a responder says about a certificate of ca: V is valid, R revoked. */
function respond(about: string, signer: string, status: 'V' | 'R', hash = '-sha1'): Buffer {
  const revokedAt = status === 'R' ? '260101000000Z' : ''
  const serials = ['0A', '0B']
  const lines = serials.map((serial) => `${status}\t491231235959Z\t${revokedAt}\t${serial}\tunknown\t/CN=${serial}\n`)
  writeFileSync(join(folder, 'index.txt'), lines.join(''))
  openssl('ocsp', '-issuer', 'ca.pem', hash, '-cert', `${about}.pem`, '-no_nonce', '-reqout', 'request.der')
  openssl(
    'ocsp',
    '-index',
    'index.txt',
    '-CA',
    'ca.pem',
    '-rsigner',
    `${signer}.pem`,
    '-rkey',
    `${signer}.key`,
    '-reqin',
    'request.der',
    '-respout',
    'response.der',
    '-ndays',
    '1',
  )
  return readFileSync(join(folder, 'response.der'))
}

if (!skip) {
  makeAuthority('ca')
  makeAuthority('stranger')
  issue('leaf', '10', 'keyUsage=critical,digitalSignature')
  issue('other', '11', 'keyUsage=critical,digitalSignature')
  issue('responder', '12', 'extendedKeyUsage=OCSPSigning')
}

const HOUR_MS = 3_600_000
const now = new Date()
const inHours = (hours: number): Date => new Date(now.getTime() + hours * HOUR_MS)

function verdict(ocsp: RevocationPolicy['ocsp'], changes: Partial<RevocationPolicy> = {}, at = now) {
  const revocation: RevocationPolicy = { ocsp, graceMs: 6 * HOUR_MS, whenUnknown: 'refuse', ...changes }
  const trust: Trust = { anchors: [certificate('ca')], revocation }
  return checkChain(certificate('leaf'), [], trust, at)
}

const remarksOf = (result: ReturnType<typeof verdict>): string => (result.ok ? result.remarks.join() : 'refused')
const reasonOf = (result: ReturnType<typeof verdict>): string => (result.ok ? 'accepted' : result.reason)

test('the issuer, or whom it certified for that, says that a certificate is good', { skip }, () => {
  for (const signer of ['ca', 'responder']) {
    for (const hash of ['-sha1', '-sha256']) {
      const response = respond('leaf', signer, 'V', hash)
      const asked: string[] = []
      const result = verdict((about, issuer) => {
        asked.push(about.subject, issuer.subject)
        return response
      })
      assert.equal(remarksOf(result), '', reasonOf(result))
      assert.deepEqual(asked, ['CN=leaf', 'CN=ca'])
    }
  }
})

test('a revoked certificate is refused, also by a response that is too old', { skip }, () => {
  const response = respond('leaf', 'responder', 'R')
  assert.match(reasonOf(verdict(() => response)), /is revoked/)
  assert.match(reasonOf(verdict(() => response, { whenUnknown: 'accept' }, inHours(400))), /is revoked/)
})

test('after its time a response counts for the grace that is stated, and is remarked on', { skip }, () => {
  const response = respond('leaf', 'ca', 'V')
  assert.equal(remarksOf(verdict(() => response, {}, inHours(23))), '')
  assert.match(remarksOf(verdict(() => response, {}, inHours(29))), /min too old/)
  assert.match(reasonOf(verdict(() => response, {}, inHours(31))), /nothing recent is known/)
  assert.match(remarksOf(verdict(() => response, { whenUnknown: 'accept' }, inHours(31))), /nothing recent is known/)
  // The clock of this machine is set back: the response is from the future, and the certificates are not valid yet.
  assert.match(reasonOf(verdict(() => response, {}, inHours(-1))), /not valid now|nothing recent/)
})

test('a response of somebody else, about another certificate, or damaged, is the same as none', { skip }, () => {
  const good = respond('leaf', 'ca', 'V')
  const damaged = Buffer.from(good)
  // The name of the responder, which is signed.
  damaged[damaged.indexOf('ca')]! ^= 1
  // A certificate of the authority that was not given for this purpose may not answer for it.
  for (const response of [
    respond('leaf', 'stranger', 'V'),
    respond('leaf', 'other', 'V'),
    respond('other', 'ca', 'V'),
    damaged,
    Buffer.from('junk'),
    Buffer.from('30030a0106', 'hex'),
    undefined,
  ]) {
    assert.match(reasonOf(verdict(() => response)), /nothing recent is known/)
    assert.match(remarksOf(verdict(() => response, { whenUnknown: 'accept' })), /nothing recent is known/)
  }
})

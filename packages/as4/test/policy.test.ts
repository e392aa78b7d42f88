import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  type OpenedMessage,
  type PMode,
  readCrl,
  type RevocationPolicy,
  sealReceipt,
  sealUserMessage,
  type Trust,
  verifyReceipt,
  type Wire,
} from '@corridor/as4'
import { makeAuthority, type TestCertificate, type TestIdentity } from '@corridor/as4/testing'
import { customs, issuing, messageOf, NOW, openAtCustoms, pmodeOf, root, trader } from './profile-support.ts'

// Who may sign under a P-Mode: the pinned certificate, or whom an authority vouches for, by name, and not revoked.

const PROFILE = 'edelivery-1.15'
const sending = pmodeOf(customs, PROFILE)
const TRUST: Trust = { anchors: [root.certificate], intermediates: [issuing.certificate], subject: { CN: 'trader' } }

/** A P-Mode of customs that pins nothing. */
const trusting = (trust: Partial<Trust> = {}, changes: Partial<PMode> = {}): PMode =>
  pmodeOf(trader, PROFILE, { partnerCertificate: undefined, trust: { ...TRUST, ...trust }, ...changes })

const sealedBy = (identity: TestIdentity = trader.rsa, form: 'x509v3' | 'x509-pki-path' = 'x509v3'): Wire =>
  sealUserMessage(messageOf(sending), { ...sending, tokens: { send: form } }, identity)

function accepted(wire: Wire, pmode: PMode, now = NOW): OpenedMessage {
  const opened = openAtCustoms(wire, pmode, PROFILE, now)
  assert.equal(opened.kind, 'user', opened.kind === 'refused' ? opened.detail : opened.kind)
  return opened
}

function refused(wire: Wire, pmode: PMode, pattern: RegExp, code = 'EBMS:0101'): void {
  const opened = openAtCustoms(wire, pmode, PROFILE)
  assert.equal(opened.kind, 'refused', 'it was accepted')
  assert.match(opened.detail, pattern)
  assert.equal(opened.error.code, code)
}

const issue = (changes: Partial<TestCertificate> = {}, by = issuing): Promise<TestIdentity> =>
  by.issue({ commonName: 'trader', subject: 'O=Profiles', ...changes })

test('without a pin, a certificate is taken that an anchor vouches for and that has the subject of the partner', () => {
  const opened = accepted(sealedBy(), trusting())
  assert.equal(opened.signer.raw.equals(trader.rsa.certificate.raw), true)
  assert.deepEqual(opened.remarks, [])
  accepted(sealedBy(), trusting({ subject: { CN: 'trader', O: 'Profiles' } }))
  accepted(sealedBy(), trusting({ anchors: [issuing.certificate], intermediates: [] }))
})

test('a path brings the authorities in between; a single certificate does not', () => {
  accepted(sealedBy(trader.rsa, 'x509-pki-path'), trusting({ intermediates: [] }))
  refused(sealedBy(), trusting({ intermediates: [] }), /does not chain/)
  const lost = { ...trader.rsa, chain: [root.certificate] }
  refused(sealedBy(lost, 'x509-pki-path'), trusting({ intermediates: [] }), /does not chain/)
})

test('the valid certificate of another party of the same authority does not pass', async () => {
  refused(sealedBy(customs.rsa), trusting(), /CN=trader/)
  refused(sealedBy(await issue({ commonName: 'Trader' })), trusting(), /CN=trader/)
  refused(sealedBy(await issue({ subject: 'CN=other' })), trusting(), /CN=trader/)
  refused(sealedBy(), trusting({ subject: { CN: 'trader', O: 'Other' } }), /O=Other/)
  refused(sealedBy(), trusting({ subject: { CN: 'trader', organizationIdentifier: 'x' } }), /organizationIdentifier/)
})

test('an unknown authority of the same name does not pass', async () => {
  const forgedRoot = await makeAuthority('Root of the Profiles', 1)
  const forged = await (
    await forgedRoot.subordinate({ commonName: 'Issuing of the Profiles' })
  ).issue({ commonName: 'trader' })
  refused(sealedBy(forged), trusting(), /does not chain/)
  refused(sealedBy(forged, 'x509-pki-path'), trusting(), /does not chain/)
  const selfMade = { ...forged, chain: [...forged.chain, root.certificate] }
  refused(sealedBy(selfMade, 'x509-pki-path'), trusting(), /does not chain/)
})

test('a reference to a certificate that is not in the message is of no use without a pin', () => {
  for (const send of ['key-identifier', 'issuer-serial'] as const) {
    const wire = sealUserMessage(messageOf(sending), { ...sending, tokens: { send } }, trader.rsa)
    refused(wire, trusting(), /not known/)
  }
})

test('validity: of the signer with and without a pin, and of every authority', async () => {
  const [past, future] = [new Date(NOW.getTime() - 60_000), new Date(NOW.getTime() + 60_000)]
  for (const dates of [{ notAfter: past }, { notBefore: future }]) {
    const leaf = await issue(dates)
    refused(sealedBy(leaf), trusting(), /not valid now/)
    refused(sealedBy(leaf), pmodeOf(trader, PROFILE, { partnerCertificate: leaf.certificate }), /not valid now/)
    const authority = await root.subordinate({ commonName: 'Short', ...dates })
    const below = await issue({}, authority)
    refused(sealedBy(below, 'x509-pki-path'), trusting(), /an authority of the chain is not valid now/)
  }
})

test('key usage: a signer must be allowed to sign, pinned or not; no restriction is none', async () => {
  const encrypting = await issue({ usages: ['keyEncipherment'] })
  refused(sealedBy(encrypting), trusting(), /not one for signing/)
  const pinned = pmodeOf(trader, PROFILE, { partnerCertificate: encrypting.certificate })
  refused(sealedBy(encrypting), pinned, /not one for signing/)
  accepted(sealedBy(await issue({ usages: [] })), trusting())
  accepted(sealedBy(await issue({ usages: ['nonRepudiation'] })), trusting())
})

test('keys: too short, or of another kind than the profile has', async () => {
  const weak = await issue({ modulusLength: 1024 })
  const wire = sealedBy()
  const swap = (by: TestIdentity): Wire => {
    const text = Buffer.from(wire.body).toString('latin1')
    const token = by.certificate.raw.toString('base64')
    return { ...wire, body: Buffer.from(text.replace(/(?<=wsu:Id="X509-[^>]*>)[^<]+/, token), 'latin1') }
  }
  refused(swap(weak), trusting(), /not an RSA key/)
  refused(swap(trader.ec), trusting(), /not an RSA key/)
  refused(swap(trader.x25519), trusting(), /not an RSA key/)
})

test('who is no authority vouches for nobody, and nobody for more levels than it was given', async () => {
  const level = await issuing.subordinate({ commonName: 'Too deep' })
  refused(sealedBy(await issue({}, level), 'x509-pki-path'), trusting(), /longer than an authority allows/)
  const allowed = await root.subordinate({ commonName: 'Deep', pathLength: 1 })
  const deep = await issue({}, await allowed.subordinate({ commonName: 'Deeper' }))
  refused(sealedBy(deep, 'x509-pki-path'), trusting(), /longer than an authority allows/)
  accepted(sealedBy(deep, 'x509-pki-path'), trusting({ anchors: [allowed.certificate] }))
})

// Permitted: the DNS name `trader!`, whatever that is.
const NAME_CONSTRAINTS = Buffer.from('300da00b3009820774726164657221', 'hex')

test('what is critical and not understood is refused, and so are name constraints', async () => {
  const strange = { id: '1.3.6.1.4.1.99999.1', critical: true, value: Buffer.from('0500', 'hex') }
  refused(sealedBy(await issue({ extensions: [strange] })), trusting(), /critical extension/)
  const harmless = { ...strange, critical: false }
  accepted(sealedBy(await issue({ extensions: [harmless] })), trusting())
  for (const critical of [true, false]) {
    const extensions = [{ id: '2.5.29.30', critical, value: NAME_CONSTRAINTS }]
    const authority = await root.subordinate({ commonName: 'Constrained', extensions })
    const pattern = critical ? /critical extension/ : /name constraints/
    refused(sealedBy(await issue({}, authority), 'x509-pki-path'), trusting(), pattern)
  }
})

test('a pin and authorities together ask for both; a second pin serves for a change of certificates', async () => {
  const both = (changes: Partial<PMode>): PMode => pmodeOf(trader, PROFILE, { trust: TRUST, ...changes })
  accepted(sealedBy(), both({}))
  const next = await issue()
  refused(sealedBy(next), both({}), /not the pinned partner/)
  accepted(sealedBy(next), both({ nextPartnerCertificate: next.certificate }))
  accepted(sealedBy(), both({ nextPartnerCertificate: next.certificate }))
  const other = await makeAuthority('Elsewhere')
  refused(sealedBy(), both({ trust: { ...TRUST, anchors: [other.certificate] } }), /does not chain/)
})

test('the signer of a receipt is held to the same', () => {
  const sent = sealedBy()
  const opened = accepted(sent, trusting())
  const receipt = (identity: TestIdentity): Wire =>
    sealReceipt(opened, { messageId: 'r@c.test', timestamp: NOW, identity })
  const believing = { ...sending, partnerCertificate: undefined, trust: { ...TRUST, subject: { CN: 'customs' } } }
  const verdict = (identity: TestIdentity) => verifyReceipt(receipt(identity), { sent, pmode: believing, now: NOW })
  assert.deepEqual(verdict(customs.rsa), { ok: true })
  assert.deepEqual(verdict(trader.rsa), {
    ok: false,
    reason: 'EBMS:0101 the subject of the certificate is not CN=customs',
  })
})

test('a path that is none, or has too many certificates, is refused', () => {
  const wire = sealedBy(trader.rsa, 'x509-pki-path')
  const withPath = (octets: Buffer): Wire => {
    const text = Buffer.from(wire.body).toString('latin1')
    const by = octets.toString('base64')
    return { ...wire, body: Buffer.from(text.replace(/(?<=wsu:Id="X509-[^>]*>)[^<]+/, by), 'latin1') }
  }
  const header = (length: number): Buffer => Buffer.from([0x30, 0x82, length >> 8, length & 0xff])
  const many = Buffer.concat(Array.from({ length: 9 }, () => trader.rsa.certificate.raw))
  refused(withPath(Buffer.concat([header(many.length), many])), trusting(), /9 certificates/)
  refused(withPath(Buffer.from([0x30, 0])), trusting(), /0 certificates/)
  refused(withPath(Buffer.from([0x30, 0x80, 0, 0])), trusting(), /not definite/)
  refused(withPath(Buffer.from('hello')), trusting(), /not readable/)
  refused(withPath(Buffer.from([0x30, 2, 5, 0])), trusting(), /not readable/)
  refused(withPath(Buffer.alloc(70_000)), trusting(), /too long/, 'EBMS:0103')
})

const HOUR_MS = 3_600_000
const at = (hours: number): Date => new Date(Math.floor(NOW.getTime() / 1000) * 1000 + hours * HOUR_MS)
const crlOf = async (
  revoked: TestIdentity[],
  thisUpdate = at(-1),
  nextUpdate: Date | undefined = at(24),
  by = issuing,
) =>
  readCrl(
    await by.revoke(
      revoked.map(({ certificate }) => certificate),
      thisUpdate,
      nextUpdate,
    ),
  )
const byList = (crls: RevocationPolicy['crls'], changes: Partial<RevocationPolicy> = {}): PMode =>
  trusting({ revocation: { crls, graceMs: 6 * HOUR_MS, whenUnknown: 'refuse', ...changes } })
const rootList = await crlOf([], at(-1), at(24), root)

test('a revoked certificate is refused, whatever else is said, and one that is not revoked is taken', async () => {
  const fresh = await crlOf([customs.rsa])
  assert.deepEqual(accepted(sealedBy(), byList([fresh, rootList])).remarks, [])
  const revoked = await crlOf([customs.rsa, trader.rsa])
  refused(sealedBy(), byList([revoked, rootList]), /is revoked/)
  refused(sealedBy(), byList([fresh, revoked, rootList], { whenUnknown: 'accept' }), /is revoked/)
  refused(sealedBy(), byList([await crlOf([trader.rsa], at(-999), at(-900)), rootList]), /is revoked/)
  const pinned = pmodeOf(trader, PROFILE, { trust: byList([revoked, rootList]).trust })
  refused(sealedBy(), pinned, /is revoked/)
})

test('a revoked authority takes what it issued with it', async () => {
  const rootSays = readCrl(await root.revoke([issuing.certificate], at(-1), at(24)))
  refused(sealedBy(), byList([await crlOf([]), rootSays]), /is revoked/)
})

test('a list that should have been replaced counts for the grace that is stated, and is remarked on', async () => {
  const late = await crlOf([], at(-30), at(-5))
  assert.match(accepted(sealedBy(), byList([late, rootList])).remarks.join(), /min too old/)
  const tooLate = await crlOf([], at(-30), at(-7))
  refused(sealedBy(), byList([tooLate, rootList]), /nothing recent is known/)
  const flagged = accepted(sealedBy(), byList([tooLate, rootList], { whenUnknown: 'accept' })).remarks
  assert.match(flagged.join(), /nothing recent is known/)
  refused(sealedBy(), byList([await crlOf([], at(1), at(24)), rootList]), /nothing recent is known/)
  const withoutEnd = readCrl(await issuing.revoke([], at(-5)))
  accepted(sealedBy(), byList([withoutEnd, rootList]))
})

test('a list that is not of the issuer says nothing', async () => {
  refused(sealedBy(), byList([rootList]), /nothing recent is known/)
  const namesake = await (
    await makeAuthority('Root of the Profiles', 1)
  ).subordinate({ commonName: 'Issuing of the Profiles' })
  refused(sealedBy(), byList([await crlOf([], at(-1), at(24), namesake), rootList]), /nothing recent is known/)
  const framed = await crlOf([trader.rsa], at(-1), at(24), namesake)
  accepted(sealedBy(), byList([await crlOf([]), framed, rootList]))
})

test('a list that was changed, is only a part or is none', async () => {
  const der = await issuing.revoke([trader.rsa.certificate], at(-1), at(24))
  const serial = Buffer.from(trader.rsa.certificate.serialNumber, 'hex')
  const changed = Buffer.from(der)
  changed[changed.indexOf(serial) + 1]! ^= 1
  refused(sealedBy(), byList([readCrl(changed), rootList]), /nothing recent is known/)
  assert.throws(() => readCrl(Buffer.from('x')), { name: 'DerFault' })
  assert.throws(() => readCrl(der.subarray(0, -1)), { name: 'DerFault' })
  assert.throws(() => readCrl(trader.rsa.certificate.raw), { name: 'DerFault' })
  const digest = createHash('sha256').update(der).digest('hex')
  assert.equal(createHash('sha256').update(readCrl(der).der).digest('hex'), digest)
})

test('nobody is asked when nothing is given: no policy of revocation, no remark', () => {
  assert.deepEqual(accepted(sealedBy(), trusting({ revocation: undefined })).remarks, [])
})

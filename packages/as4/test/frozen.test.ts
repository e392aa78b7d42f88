import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  EBMS,
  type Identity,
  open,
  type Opened,
  type PMode,
  readResponse,
  type Response,
  sentMessageOf,
  verifyReceipt,
  type Wire,
} from '@corridor/as4'

// Messages that phase4 4.4.1 (Java, WSS4J) exchanged with itself: what another implementation writes, we must read.

const as4 = new URL('../../../../shared/as4/', import.meta.url)
const skip = existsSync(as4) ? false : 'needs ../shared'
const NOW = new Date('2026-11-24T12:00:00Z')

function certificate(name: string): X509Certificate {
  return new X509Certificate(readFileSync(new URL(`keys/${name}.pem`, as4)))
}

function identity(name: string): Identity {
  const store = new URL(`keys/${name}.p12`, as4).pathname
  const options = ['pkcs12', '-in', store, '-nodes', '-nocerts', '-passin', 'pass:testtest']
  return { certificate: certificate(name), privateKey: createPrivateKey(execFileSync('openssl', options)) }
}

function read(name: string): Wire {
  const { headers } = JSON.parse(readFileSync(new URL(`wire/${name}.headers.json`, as4), 'utf8')) as {
    headers: [string, string][]
  }
  const contentType = headers.find(([field]) => field.toLowerCase() === 'content-type')![1]
  return { contentType, body: readFileSync(new URL(`wire/${name}.body`, as4)) }
}

function pmode(partner: string): PMode {
  return {
    id: 'a-b',
    agreement: { value: 'urn:as4:agreement' },
    initiator: { id: 'party-a', role: EBMS.initiator },
    responder: { id: 'party-b', role: EBMS.responder },
    service: { value: 'urn:test:customs:service' },
    actions: ['SubmitDeclaration'],
    profile: 'edelivery-1.15',
    partnerCertificate: certificate(partner),
  }
}

function openFrozen(name: string, changes: Partial<PMode> = {}): Opened {
  return open(read(`${name}.request`), {
    identity: identity('b_rsa'),
    findPMode: () => ({ ...pmode('a_rsa'), ...changes }),
    now: NOW,
  })
}

function answerTo(name: string): Response {
  return readResponse(read(`${name}.response`), { sent: read(`${name}.request`), pmode: pmode('b_rsa'), now: NOW })
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const fileDigest = (name: string): string => digest(readFileSync(new URL(`wire/${name}`, as4)))

for (const [name, files] of [
  ['signenc-rsa-1part', ['p10k.xml']],
  ['signenc-rsa-3parts', ['p10k.xml', 'p100k.xml', 'p10k.xml']],
  ['signenc-rsa-ski', ['p10k.xml']],
  ['signenc-rsa-issuerserial', ['p10k.xml']],
  ['signenc-rsa-1mb', ['p1m.xml']],
  ['duplicate', ['p10k.xml']],
] as const) {
  test(`${name} is opened, and its receipt verifies against it`, { skip }, () => {
    const opened = openFrozen(name)
    assert.equal(opened.kind, 'user', opened.kind === 'refused' ? opened.detail : opened.kind)
    assert.deepEqual(
      opened.message.parts.map((part) => digest(part.bytes)),
      files.map(fileDigest),
    )
    const [part] = opened.message.parts
    assert.deepEqual([part?.mimeType, part?.characterSet, part?.properties], ['application/xml', 'UTF-8', []])
    assert.equal(opened.message.action, 'SubmitDeclaration')

    const receipt = read(`${name}.response`)
    const sent = read(`${name}.request`)
    assert.deepEqual(verifyReceipt(receipt, { sent, pmode: pmode('b_rsa'), now: NOW }), { ok: true })
    assert.deepEqual(sentMessageOf(sent).references, opened.references)
    const other = { ...sentMessageOf(sent), references: opened.references.toReversed() }
    other.references[0] = { ...other.references[0]!, digest: Buffer.alloc(32).toString('base64') }
    assert.equal(verifyReceipt(receipt, { sent: other, pmode: pmode('b_rsa'), now: NOW }).ok, false)
  })
}

test('an uncompressed XML part is opened as the canonical bytes that were signed', { skip }, () => {
  const opened = openFrozen('signenc-rsa-uncompressed')
  assert.equal(opened.kind, 'user', opened.kind === 'refused' ? opened.detail : opened.kind)
  const text = Buffer.from(opened.message.parts[0]!.bytes).toString()
  const sent = readFileSync(new URL('wire/p10k.xml', as4), 'utf8')
  assert.equal(text, sent.slice(sent.indexOf('\n') + 1).trimEnd())
})

for (const [name, code] of [
  ['sign-rsa-1part', 'EBMS:0103'],
  ['err-0103-policy', 'EBMS:0103'],
  ['enc-rsa-only', 'EBMS:0103'],
  ['plain', 'EBMS:0103'],
  ['sign-rsa-ics2-pkipath', 'EBMS:0103'],
  ['signenc-ecdsa-ecdhes', 'EBMS:0103'],
  ['signenc-eddsa-x25519', 'EBMS:0103'],
  ['err-0101-tampered', 'EBMS:0101'],
  ['err-tampered-signonly', 'EBMS:0101'],
  ['pull-empty', 'EBMS:0008'],
] as const) {
  test(`${name} is refused with ${code}`, { skip }, () => {
    const { header } = openHeader(name)
    const refused = openFrozen(name, header ? matching(header) : {})
    assert.equal(refused.kind, 'refused')
    assert.equal(refused.error.code, code, refused.detail)
  })
}

/** The header as it stands, taken from a look for an agreement that does not exist. */
function openHeader(name: string): { header: Parameters<typeof matching>[0] | undefined } {
  const refused = open(read(`${name}.request`), { identity: identity('b_rsa'), findPMode: () => undefined, now: NOW })
  return { header: refused.kind === 'refused' ? refused.header : undefined }
}

function matching(header: { from: PMode['initiator']; to: PMode['responder'] } & Pick<PMode, 'service' | 'agreement'>) {
  const { from, to, service, agreement } = header
  return { initiator: from, responder: to, service, agreement, actions: undefined }
}

test('a message that is for no agreement of ours is refused', { skip }, () => {
  const refused = openFrozen('signenc-rsa-1part', { actions: ['Other'] })
  assert.equal(refused.kind, 'refused')
  assert.deepEqual(
    [refused.error.code, refused.refToMessageId],
    ['EBMS:0010', '2c708dc1-d937-43c4-a894-4773831b8f3d@phase4'],
  )
})

for (const [name, code, signed] of [
  ['duplicate.1', 'EBMS:0004', true],
  ['err-0004-other', 'EBMS:0004', true],
  ['err-0101-forced', 'EBMS:0101', true],
  ['err-0101-tampered', 'EBMS:0102', true],
  ['err-0102-wrongkey', 'EBMS:0102', true],
  ['err-0103-policy', 'EBMS:0103', true],
  ['err-0202-deliveryfailure', 'EBMS:0202', true],
  ['err-0303-forced', 'EBMS:0303', true],
  ['err-0010-pmode', 'EBMS:0010', false],
] as const) {
  test(`the answer of ${name} is read as ${code}`, { skip }, () => {
    const answer = answerTo(name)
    assert.equal(answer.kind, 'error', answer.kind === 'unusable' ? answer.reason : answer.kind)
    assert.deepEqual([answer.errors[0]?.code, answer.errors[0]?.severity, answer.signed], [code, 'failure', signed])
  })
}

test('a message that is encrypted for somebody else is refused', { skip }, () => {
  const other = { identity: identity('a_rsa'), findPMode: () => pmode('a_rsa'), now: NOW }
  const refused = open(read('err-0102-wrongkey.request'), other)
  assert.equal(refused.kind === 'refused' && refused.error.code, 'EBMS:0102')
})

test('an error signal that is posted is read, and vouched for by nobody', { skip }, () => {
  const signal = openFrozen('err-0303-signal-made-by-cmd')
  assert.equal(signal.kind, 'error')
  assert.equal(signal.errors[0]?.code, 'EBMS:0303')
})

test('a receipt for another message or by another party is not a receipt', { skip }, () => {
  const receipt = read('signenc-rsa-1part.response')
  const sent = read('signenc-rsa-3parts.request')
  assert.equal(verifyReceipt(receipt, { sent, pmode: pmode('b_rsa'), now: NOW }).ok, false)
  const own = { sent: read('signenc-rsa-1part.request'), pmode: pmode('a_rsa'), now: NOW }
  assert.equal(verifyReceipt(receipt, own).ok, false)
  const late = { ...own, pmode: pmode('b_rsa'), now: new Date('2040-01-01T00:00:00Z') }
  assert.equal(verifyReceipt(receipt, late).ok, false)
})

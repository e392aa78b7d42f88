import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import {
  open,
  type Opened,
  openStream,
  type PMode,
  readResponse,
  type Response,
  sentMessageOf,
  type StreamOutcome,
  testPModeOf,
  verifyReceipt,
} from '@corridor/as4'
import * as frozen from './frozen-support.ts'

// What another implementation writes, we must read: all 29 exchanges, each request and each answer.

const { digest, ics2PModeOf, NOW, payload, pmodeOf, read, skip } = frozen

/** How one exchange is read: with which keys, under which P-Mode at either side, and what comes of it. */
interface Exchange {
  name: string
  /** `a` holds the certificate of b, `b` that of a. */
  atA: () => PMode
  atB: () => PMode
  keys?: [signing: string, encryption: string]
  request: { opens: string[] } | { refused: string } | { signal: string }
  answer: 'receipt' | 'unusable' | { error: string; signed: boolean }
}

const P10 = 'p10k.xml'
const rsa = (changes: Partial<PMode> = {}): Pick<Exchange, 'atA' | 'atB'> => ({
  atA: () => pmodeOf('b_rsa', changes),
  atB: () => pmodeOf('a_rsa', changes),
})
const signed = rsa({ encrypt: false, actions: undefined })
const refusedBy = (error: string, isSigned = true): Exchange['answer'] => ({ error, signed: isSigned })

const CUSTOMS_SINGLE: Partial<PMode> = { tokens: { accept: ['x509v3', 'x509-pki-path'] } }
const customs = { atA: () => ics2PModeOf('b_rsa', CUSTOMS_SINGLE), atB: () => ics2PModeOf('a_rsa') }
const modern = (profile: string, sign: string, encrypt: string): Pick<Exchange, 'atA' | 'atB' | 'keys'> => ({
  atA: () => pmodeOf(`b_${sign}`, { profile, partnerEncryptionCertificate: frozen.certificate(`b_${encrypt}`) }),
  atB: () => pmodeOf(`a_${sign}`, { profile }),
  keys: [`b_${sign}`, `b_${encrypt}`],
})

const EXCHANGES: Exchange[] = [
  { name: 'signenc-rsa-1part', ...rsa(), request: { opens: [P10] }, answer: 'receipt' },
  { name: 'signenc-rsa-3parts', ...rsa(), request: { opens: [P10, 'p100k.xml', P10] }, answer: 'receipt' },
  { name: 'signenc-rsa-1mb', ...rsa(), request: { opens: ['p1m.xml'] }, answer: 'receipt' },
  { name: 'signenc-rsa-ski', ...rsa(), request: { opens: [P10] }, answer: 'receipt' },
  { name: 'signenc-rsa-issuerserial', ...rsa(), request: { opens: [P10] }, answer: 'receipt' },
  { name: 'duplicate', ...rsa(), request: { opens: [P10] }, answer: 'receipt' },
  { name: 'duplicate.1', ...rsa(), request: { opens: [P10] }, answer: refusedBy('EBMS:0004') },
  { name: 'sign-rsa-1part', ...signed, request: { opens: [P10] }, answer: 'receipt' },
  { name: 'sign-rsa-3parts', ...signed, request: { opens: [P10, 'p100k.xml', P10] }, answer: 'receipt' },
  { name: 'sign-rsa-ics2-pkipath', ...customs, request: { opens: [P10] }, answer: 'receipt' },
  // One certificate instead of the path, which the interface document asks for and a P-Mode can do without.
  {
    name: 'sign-rsa-ics2',
    ...customs,
    atB: () => ics2PModeOf('a_rsa', CUSTOMS_SINGLE),
    request: { opens: [P10] },
    answer: 'receipt',
  },
  {
    name: 'signenc-eddsa-x25519',
    ...modern('edelivery-2.0', 'ed_sign', 'x_enc'),
    request: { opens: [P10] },
    answer: 'receipt',
  },
  {
    name: 'signenc-ecdsa-ecdhes',
    ...modern('edelivery-2.0-ec', 'ec_sign', 'ec_enc'),
    request: { opens: [P10] },
    answer: 'receipt',
  },
  {
    name: 'ping',
    atA: () => testPModeOf(pmodeOf('b_rsa'))!,
    atB: () => testPModeOf(pmodeOf('a_rsa'))!,
    request: { opens: [P10] },
    answer: 'receipt',
  },
  // An uncompressed XML part is handed on in the canonical form that was signed; see below.
  { name: 'signenc-rsa-uncompressed', ...rsa(), request: { opens: ['canonical'] }, answer: 'receipt' },
  { name: 'err-0004-other', ...rsa(), request: { opens: [P10] }, answer: refusedBy('EBMS:0004') },
  {
    name: 'err-0010-pmode',
    ...rsa(),
    // The message is sound; its receiver had no P-Mode for it.
    atB: () => pmodeOf('a_rsa', { actions: ['Other'] }),
    request: { refused: 'EBMS:0010' },
    answer: refusedBy('EBMS:0010', false),
  },
  {
    name: 'err-0101-forced',
    ...rsa(),
    request: { opens: [P10] },
    answer: refusedBy('EBMS:0101'),
  },
  // One letter of the action was changed on the way.
  {
    name: 'err-0101-tampered',
    ...rsa({ actions: undefined }),
    request: { refused: 'EBMS:0101' },
    answer: refusedBy('EBMS:0102'),
  },
  { name: 'err-tampered-signonly', ...signed, request: { refused: 'EBMS:0101' }, answer: refusedBy('EBMS:0102') },
  // The message is sound; its receiver had another key.
  {
    name: 'err-0102-wrongkey',
    ...rsa(),
    keys: ['a_rsa', 'a_rsa'],
    request: { refused: 'EBMS:0102' },
    answer: refusedBy('EBMS:0102'),
  },
  { name: 'err-0103-policy', ...rsa(), request: { refused: 'EBMS:0103' }, answer: refusedBy('EBMS:0103') },
  {
    name: 'err-0202-deliveryfailure',
    ...rsa(),
    request: { opens: [P10] },
    answer: refusedBy('EBMS:0202'),
  },
  {
    name: 'err-0303-forced',
    ...rsa(),
    request: { opens: [P10] },
    answer: refusedBy('EBMS:0303'),
  },
  // No profile does without signatures, and a receipt that repeats the message instead of digests proves nothing.
  { name: 'enc-rsa-only', ...rsa(), request: { refused: 'EBMS:0103' }, answer: 'unusable' },
  { name: 'plain', ...rsa(), request: { refused: 'EBMS:0103' }, answer: 'unusable' },
  // These two were posted and answered with 204 and nothing.
  { name: 'err-0301-signal', ...rsa(), request: { signal: 'EBMS:0301' }, answer: 'unusable' },
  { name: 'err-0303-signal-made-by-cmd', ...rsa(), request: { signal: 'EBMS:0303' }, answer: 'unusable' },
  {
    name: 'pull-empty',
    ...rsa({ mpc: 'urn:fdc:ec.europa.eu:2019:eu_ics2_c2t/EORI/NL0987654321' }),
    request: { signal: 'pull' },
    answer: refusedBy('EBMS:0006', false),
  },
]

function openRequest({ name, keys = ['b_rsa', 'b_rsa'], atB }: Exchange): ReturnType<typeof openWith> {
  return openWith(name, keys, atB())
}

function openWith(name: string, keys: [string, string], pmode: PMode) {
  return open(read(`${name}.request`), optionsOf(keys, pmode))
}

function optionsOf([signing, encryption]: [string, string], pmode: PMode) {
  return {
    identity: frozen.identity(signing, encryption),
    findPMode: () => pmode,
    findPullPMode: () => pmode,
    now: NOW,
  }
}

/** What the same request is when it is read piece by piece: its kind, and the digests of its payloads or the code. */
async function streamed({ name, keys = ['b_rsa', 'b_rsa'], atB }: Exchange): Promise<unknown> {
  const { contentType, body } = read(`${name}.request`)
  const pieces = function* (): Generator<Uint8Array> {
    for (let at = 0; at < body.length; at += 1500) yield body.subarray(at, at + 1500)
  }
  const directory = mkdtempSync(join(tmpdir(), 'as4-frozen-'))
  try {
    const wire = { contentType, body: Readable.from(pieces()) }
    const opened = await openStream(wire, { ...optionsOf(keys, atB()), directory })
    if (opened.kind === 'user') await opened.discard()
    assert.deepEqual(readdirSync(directory), [])
    return summaryOf(opened)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function summaryOf(opened: ReturnType<typeof openWith> | StreamOutcome): unknown {
  if (opened.kind === 'refused') return opened.error.code
  if (opened.kind !== 'user') return opened.kind
  return opened.message.parts.map((part) => ('bytes' in part ? digest(part.bytes) : part.sha256))
}

/** What the answer is checked against: the digests that were signed, where the request has any. */
function answerTo({ name, atA }: Exchange): Response {
  const wire = read(`${name}.request`)
  const unsigned = ['enc-rsa-only', 'plain', 'err-0301-signal', 'err-0303-signal-made-by-cmd', 'pull-empty']
  const messageId = /<eb:MessageId>([^<]+)/.exec(Buffer.from(wire.body).toString('latin1'))![1]!
  const sent = unsigned.includes(name) ? { messageId, references: [] } : wire
  return readResponse(read(`${name}.response`), { sent, pmode: atA(), now: NOW })
}

test('every frozen exchange is read here', { skip }, () => {
  assert.deepEqual(EXCHANGES.map(({ name }) => name).sort(), frozen.exchanges().sort())
  assert.equal(EXCHANGES.length, 29)
})

for (const exchange of EXCHANGES) {
  const { name, request, answer } = exchange
  test(`frozen ${name}: the request is read, whole and piece by piece`, { skip }, async () => {
    const opened = openRequest(exchange)
    assert.deepEqual(await streamed(exchange), summaryOf(opened))
    if ('refused' in request) {
      assert.equal(opened.kind, 'refused')
      assert.equal(opened.error.code, request.refused, opened.detail)
    } else if ('signal' in request) {
      const kind = opened.kind === 'error' ? opened.errors[0]?.code : opened.kind
      assert.equal(kind, request.signal, opened.kind === 'refused' ? opened.detail : '')
    } else {
      assert.equal(opened.kind, 'user', opened.kind === 'refused' ? opened.detail : opened.kind)
      assert.deepEqual(
        opened.message.parts.map(({ bytes }) => digest(bytes)),
        request.opens.map(digestOfPayload),
      )
      assert.equal(opened.test, name === 'ping')
      assert.equal(opened.signer.raw.equals(exchange.atB().partnerCertificate!.raw), true)
    }
  })

  test(`frozen ${name}: the answer is read`, { skip }, () => {
    const response = answerTo(exchange)
    const reason = response.kind === 'unusable' ? response.reason : response.kind
    if (answer === 'receipt') {
      assert.equal(response.kind, 'receipt', reason)
      const { references } = sentMessageOf(read(`${name}.request`))
      assert.deepEqual(
        response.receipt.references.map((each) => [each.uri, each.digest]),
        references.map((each) => [each.uri, each.digest]),
      )
    } else if (answer === 'unusable') {
      assert.equal(response.kind, 'unusable')
    } else {
      assert.equal(response.kind, 'error', reason)
      const { code, severity } = response.errors[0]!
      assert.deepEqual([code, severity, response.signed], [answer.error, 'failure', answer.signed])
    }
  })
}

function digestOfPayload(name: string): string {
  if (name !== 'canonical') return digest(payload(name))
  const text = payload(P10).toString()
  return digest(Buffer.from(text.slice(text.indexOf('\n') + 1).trimEnd()))
}

for (const exchange of EXCHANGES.filter(({ answer }) => answer === 'receipt')) {
  test(`frozen ${exchange.name}: its receipt is for no other digests, and of nobody else`, { skip }, () => {
    const receipt = read(`${exchange.name}.response`)
    const sent = sentMessageOf(read(`${exchange.name}.request`))
    const pmode = exchange.atA()
    for (const n of sent.references.keys()) {
      const references = sent.references.with(n, {
        ...sent.references[n]!,
        digest: Buffer.alloc(32).toString('base64'),
      })
      assert.equal(verifyReceipt(receipt, { sent: { ...sent, references }, pmode, now: NOW }).ok, false)
    }
    const fewer = { ...sent, references: sent.references.slice(1) }
    assert.equal(verifyReceipt(receipt, { sent: fewer, pmode, now: NOW }).ok, false)
    const stranger = { ...pmode, partnerCertificate: exchange.atB().partnerCertificate }
    assert.equal(verifyReceipt(receipt, { sent, pmode: stranger, now: NOW }).ok, false)
    assert.equal(verifyReceipt(receipt, { sent, pmode, now: new Date('2040-01-01T00:00:00Z') }).ok, false)
  })
}

/** The P-Mode of b with another profile or other demands; everything that follows must then be refused. */
function refusal(name: string, changes: Partial<PMode>): [code: string, detail: string] {
  const exchange = EXCHANGES.find((each) => each.name === name)!
  const opened: Opened | { kind: 'pull' } = openRequest({ ...exchange, atB: () => ({ ...exchange.atB(), ...changes }) })
  assert.equal(opened.kind, 'refused', `${name} was accepted`)
  return [opened.error.code, opened.detail]
}

test('a frozen message that is sound, but not what the P-Mode demands, is refused', { skip }, () => {
  for (const [name, changes] of [
    ['sign-rsa-1part', { encrypt: true }],
    ['signenc-rsa-1part', { encrypt: false }],
    ['signenc-rsa-1part', { profile: 'ics2' }],
    ['signenc-rsa-1part', { profile: 'edelivery-2.0' }],
    ['signenc-eddsa-x25519', { profile: 'edelivery-1.15' }],
    ['signenc-eddsa-x25519', { profile: 'edelivery-2.0-ec' }],
    ['signenc-ecdsa-ecdhes', { profile: 'edelivery-2.0' }],
    ['signenc-rsa-ski', { tokens: { accept: ['x509v3'] } }],
    ['signenc-rsa-issuerserial', { tokens: { accept: ['x509v3', 'key-identifier'] } }],
    ['signenc-rsa-1part', { tokens: { accept: ['x509-pki-path'] } }],
    ['sign-rsa-ics2', { tokens: undefined }],
  ] as const) {
    assert.equal(refusal(name, changes)[0], 'EBMS:0103', `${name} ${JSON.stringify(changes)}`)
  }
  assert.equal(refusal('signenc-rsa-1part', { actions: ['Other'] })[0], 'EBMS:0010')
  assert.equal(refusal('signenc-rsa-1part', { requiredProperties: [{ name: 'x' }] })[0], 'EBMS:0010')
  assert.equal(refusal('signenc-rsa-1part', { partnerCertificate: frozen.certificate('b_rsa') })[0], 'EBMS:0101')
})

test('a frozen path is checked up to the authority, and a frozen single certificate too', { skip }, () => {
  const trust = { anchors: [frozen.certificate('ca')], subject: { CN: 'a_rsa', O: 'AS4 Test', C: 'BE' } }
  const unpinned = { partnerCertificate: undefined, trust }
  for (const name of ['sign-rsa-ics2-pkipath', 'signenc-rsa-1part']) {
    const exchange = EXCHANGES.find((each) => each.name === name)!
    const opened = openRequest({ ...exchange, atB: () => ({ ...exchange.atB(), ...unpinned }) })
    assert.equal(opened.kind, 'user', opened.kind === 'refused' ? opened.detail : '')
    assert.match(opened.signer.subject, /CN=a_rsa/)
    const other = { ...unpinned, trust: { ...trust, subject: { CN: 'b_rsa' } } }
    assert.equal(refusal(name, other)[0], 'EBMS:0101')
    const strange = { ...unpinned, trust: { ...trust, anchors: [frozen.certificate('b_rsa')] } }
    assert.equal(refusal(name, strange)[0], 'EBMS:0101')
  }
})

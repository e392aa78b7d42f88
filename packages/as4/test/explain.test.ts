import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ebmsError, explain, readCapture, sealError, sealPullRequest, sealReceipt, type Wire } from '@corridor/as4'
import { albania, DOCUMENT, kosovo, messageOf, NOW, openAtKosovo, sealed } from './support.ts'

const wire = new URL('../../../../shared/as4/wire/', import.meta.url)
const skip = existsSync(wire) ? false : 'needs ../shared'

interface Frozen {
  name: string
  kind: string
  signed: boolean
  encrypted: boolean
  parts: number
  token: string | undefined
  code: string | undefined
}

/** What whoever froze the messages wrote down of each. */
function index(): Frozen[] {
  return readFileSync(new URL('index.txt', wire), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const found = /^(\S+)\.raw +(\S+) +([S-]) ([E-]) parts (\d+) raw \d+ (.*)$/.exec(line)
      if (!found) return []
      const [, name = '', kind = '', signed, encrypted, parts, rest = ''] = found
      const [token, code] = [/X509\w+/.exec(rest)?.[0], /EBMS:\d+/.exec(rest)?.[0]]
      return [{ name, kind, signed: signed === 'S', encrypted: encrypted === 'E', parts: Number(parts), token, code }]
    })
}

test('every frozen message of phase4 is explained as its maker describes it, from raw HTTP', { skip }, () => {
  const frozen = index()
  assert.equal(frozen.length, 58)
  for (const { name, kind, signed, encrypted, parts, token, code } of frozen) {
    const capture = readCapture(readFileSync(new URL(`${name}.raw`, wire)))
    assert.ok(capture.startLine, name)
    const found = explain(capture.wire, { now: NOW })
    // The maker's tool took receipts of unsigned messages, and an EBMS:0301, for what they are not.
    if (kind === 'other') assert.equal(found.kind, 'unreadable', name)
    else if (code !== undefined) assert.equal(found.kind, 'error', name)
    else assert.equal(found.kind, kind, name)
    assert.equal(found.signature !== undefined, signed, name)
    assert.equal(found.encryption !== undefined, encrypted, name)
    if (kind === 'user') assert.equal(found.parts.length, parts, name)
    const forSignature = found.tokens.find(({ use }) => use === 'signature')
    if (token !== undefined && signed) assert.match(forSignature?.valueType ?? '', new RegExp(`#${token}$`), name)
    assert.equal(found.signal?.errors?.[0]?.code, code, name)
    if (signed && forSignature) assert.equal(found.signature?.verified, 'carried', name)
    const digests = (found.signature?.references ?? []).map(({ digest }) => digest)
    assert.equal(digests.includes('wrong'), /tampered(-signonly)?\.request$/.test(name), name)
    assert.equal(digests.filter((digest) => digest === 'not-checked').length, encrypted && signed ? parts : 0, name)
  }
})

test('chunks and gzip of HTTP are undone, bare bodies are read too', { skip }, () => {
  for (const name of ['sign-rsa-1part.request', 'sign-rsa-1part.response', 'signenc-rsa-3parts.request']) {
    const raw = readCapture(readFileSync(new URL(`${name}.raw`, wire)))
    const body = readFileSync(new URL(`${name}.body`, wire))
    assert.deepEqual(Buffer.from(raw.wire.body), body, name)
    const bare = readCapture(body)
    assert.equal(bare.startLine, undefined)
    assert.equal(bare.notes.length, 1)
    assert.deepEqual(explain(bare.wire, { now: NOW }).header, explain(raw.wire, { now: NOW }).header)
  }
})

const http = (head: string, body: Uint8Array | string): Buffer => Buffer.concat([Buffer.from(head), Buffer.from(body)])

test('captures that are cut or wrong are read as far as they go, and the notes say so', () => {
  const soap = 'Content-Type: application/soap+xml\r\n'
  for (const [capture, note, body] of [
    [http(`POST /as4 HTTP/1.1\r\n${soap}Content-Length: 10\r\n\r\n`, '<a/>'), /has 4 bytes and was to have 10/, '<a/>'],
    [http(`HTTP/1.1 200 OK\r\n${soap}Transfer-Encoding: chunked\r\n\r\n`, '4\r\n<a/>\r\n'), /end too early/, '<a/>'],
    [http(`HTTP/1.1 200 OK\r\n${soap}Content-Encoding: gzip\r\n\r\n`, 'x'), /said to be gzip/, 'x'],
    [http('', 'anything'), /neither MIME nor XML/, 'anything'],
    [http('\r\n--b\r\nx', ''), /boundary is taken/, '\r\n--b\r\nx'],
    [http('POST / HTTP/1.1\r\nHost: x\r\n\r\n', '<a/>'), /looks like XML/, '<a/>'],
  ] as const) {
    const { notes, wire } = readCapture(capture)
    assert.match(notes.join(), note)
    assert.equal(Buffer.from(wire.body).toString(), body)
  }
  const good = http(`HTTP/1.1 200 OK\n${soap.replace('\r', '')}Content-Encoding: gzip\n\n`, gzipSync('<a/>'))
  assert.deepEqual([Buffer.from(readCapture(good).wire.body).toString(), readCapture(good).notes], ['<a/>', []])
  const folded = readCapture(http('Content-Type: multipart/related;\r\n boundary=b\r\n\r\n', '--b--'))
  assert.equal(folded.wire.contentType, 'multipart/related; boundary=b')
})

test('with the keys, payloads are opened and the signature is that of the given certificate', () => {
  const sent = sealed()
  const known = explain(sent, { now: NOW, certificates: [albania.certificate], identities: [albania, kosovo] })
  assert.deepEqual(known.problems, [])
  assert.deepEqual([known.kind, known.header?.messageId], ['user', sent.messageId])
  assert.deepEqual(known.header?.properties, messageOf().properties)
  const [part] = known.parts
  assert.deepEqual(Buffer.from(part?.content?.octets ?? []), DOCUMENT)
  assert.deepEqual(
    [part?.mimeType, part?.characterSet, part?.compressed, part?.signed, part?.encrypted],
    ['application/xml', 'UTF-8', true, true, true],
  )
  assert.deepEqual([known.signature?.verified, known.encryption?.decrypted], ['given', 'yes'])
  assert.deepEqual(
    known.signature?.references.map(({ what, digest }) => [what, digest]),
    [
      ['eb:Messaging', 'right'],
      ['the Body', 'right'],
      ['the part doc@nta.al', 'right'],
    ],
  )
  assert.deepEqual(
    known.tokens.map(({ use, certificates }) => [use, certificates[0]?.subject, certificates[0]?.given]),
    [
      ['encryption', 'CN=NTA.XK', false],
      ['signature', 'CN=NTA.AL', true],
    ],
  )
  assert.deepEqual(known.profiles, ['edelivery-1.15'])

  const stranger = explain(sent, { now: NOW })
  assert.deepEqual(stranger.problems, [])
  assert.deepEqual([stranger.signature?.verified, stranger.encryption?.decrypted], ['carried', 'no-key'])
  assert.equal(stranger.parts[0]?.content, undefined)
  assert.equal(stranger.signature?.references[2]?.digest, 'not-checked')
})

test('wrong keys, changed octets and missing protection are named', () => {
  const sent = sealed()
  const problems = (wire: Wire, more = {}): string => explain(wire, { now: NOW, ...more }).problems.join('\n')
  assert.match(problems(sent, { identities: [albania] }), /EBMS:0102 none of the given keys/)
  const text = Buffer.from(sent.body).toString('latin1')
  const change = (from: RegExp, to: string): Wire => {
    const changed = text.replace(from, to)
    assert.notEqual(changed, text)
    return { ...sent, body: Buffer.from(changed, 'latin1') }
  }
  assert.match(problems(change(/CD001C<\/eb:Action>/, 'CD002C</eb:Action>')), /EBMS:0101 eb:Messaging is not what was/)
  assert.match(problems(change(/<ds:DigestValue>./, '<ds:DigestValue>')), /EBMS:0103/)
  assert.match(
    problems(change(/<ds:SignatureValue>..../, '<ds:SignatureValue>AAAA')),
    /EBMS:0101 the signature does not/,
  )
  assert.match(problems(change(/<ds:Signature .*<\/ds:Signature>/s, '')), /0103 the message is not signed/)
  assert.match(problems(change(/<wsse:Security .*<\/wsse:Security>/s, '')), /0103 there is no security header/)
  assert.match(problems(change(/href="cid:doc@nta.al"/, 'href="cid:other@nta.al"')), /0007 there is no attachment for/)
  assert.match(problems(change(/<eb:Service>/, '<!-- x --><eb:Service>')), /EBMS:0009/)
  assert.match(problems({ contentType: 'text/html', body: Buffer.from('<p>') }), /EBMS:0007/)
})

test('signals are explained: receipts with their digests, errors with their codes, pull requests with their channel', () => {
  const opened = openAtKosovo(sealed())
  assert.equal(opened.kind, 'user')
  const options = { messageId: 's@nta.xk', timestamp: NOW, identity: kosovo }
  const certificates = [kosovo.certificate]
  const receipt = explain(sealReceipt(opened, options), { now: NOW, certificates })
  assert.deepEqual([receipt.kind, receipt.signal?.references], ['receipt', opened.references])
  assert.equal(receipt.signature?.verified, 'given')
  const error = explain(sealError(ebmsError('EBMS:0004'), { ...options, refToMessageId: 'a@b' }), { now: NOW })
  assert.deepEqual(
    [error.kind, error.signal?.errors?.[0]?.code, error.signal?.refToMessageId],
    ['error', 'EBMS:0004', 'a@b'],
  )
  const pull = explain(sealPullRequest('urn:m', options), { now: NOW })
  assert.deepEqual([pull.kind, pull.signal?.mpc], ['pull', 'urn:m'])
})

test('a certificate that is over is said to be', () => {
  const later = explain(sealed(), { now: new Date(NOW.getTime() + 400 * 86_400_000) })
  assert.deepEqual(
    [later, explain(sealed(), { now: NOW })].map(({ tokens }) =>
      tokens.map((each) => each.certificates[0]?.isValidNow),
    ),
    [
      [false, false],
      [true, true],
    ],
  )
})

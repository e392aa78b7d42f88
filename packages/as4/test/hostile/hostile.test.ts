import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { type As4Error, ebmsError, type EbmsErrorCode, sealError } from '@corridor/as4'
import { kosovo, NOW, openAtKosovo } from '../support.ts'
import { type HostileCase, type Kind, LEAST, run, SENT } from './case.ts'
import { CHAINS } from './chains.ts'
import { COMPRESSION } from './compression.ts'
import { CURVE_ENCRYPTION, CURVE_SIGNATURES } from './curves.ts'
import { EBMS_HEADERS } from './ebms.ts'
import { ENCRYPTION_HEADER } from './encryption-header.ts'
import { ENCRYPTION } from './encryption.ts'
import { HTTP_CASES } from './http-cases.ts'
import { MIME } from './mime.ts'
import { ANSWERS, PULLS, SIGNALS } from './signals.ts'
import { SIGNATURE } from './signature.ts'
import { SIGNER } from './signer.ts'
import { WRAPPING } from './wrapping.ts'
import { XML } from './xml.ts'

// The index of all bad input that this library is tested with. HTTP_CASES are run where there is HTTP: against the
// library's own handler in http.test.ts beside this file, and against a node in packages/exchange/test.

const CASES: readonly HostileCase[] = [
  ...MIME,
  ...XML,
  ...EBMS_HEADERS,
  ...SIGNALS,
  ...ANSWERS,
  ...PULLS,
  ...WRAPPING,
  ...SIGNATURE,
  ...SIGNER,
  ...CHAINS,
  ...CURVE_SIGNATURES,
  ...ENCRYPTION,
  ...ENCRYPTION_HEADER,
  ...CURVE_ENCRYPTION,
  ...COMPRESSION,
]

const SECURITY: readonly EbmsErrorCode[] = ['EBMS:0101', 'EBMS:0102', 'EBMS:0103']
const heard = new Map<string, { error: As4Error; causes: string[] }>()
const spent: { name: string; cpuMs: number; allowedMs: number; grownMb: number }[] = []
const whole = openAtKosovo(SENT)

test('each kind has its cases, and no two have one name', () => {
  const counts = Object.fromEntries(Object.keys(LEAST).map((kind) => [kind, 0])) as Record<Kind, number>
  counts.HTTP = HTTP_CASES.length
  for (const { kind } of CASES) counts[kind]++
  for (const [kind, least] of Object.entries(LEAST))
    assert.ok(counts[kind as Kind] >= least, `${kind}: ${counts[kind as Kind]}`)
  const names = CASES.map(({ kind, name }) => `${kind}: ${name}`)
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
  )
})

for (const hostile of CASES) {
  const name = `${hostile.kind}: ${hostile.name} → ${hostile.expect}`
  test(name, () => {
    const { result, cpuMs, bytes, grownMb } = run(hostile)
    const megabytes = bytes / 1_048_576
    // Ten times what is wanted, so that a busy machine does not fail the test.
    const allowedMs = 50 + 20 * megabytes
    spent.push({ name, cpuMs, allowedMs, grownMb })
    assert.ok(cpuMs <= 10 * allowedMs, `${cpuMs} ms of CPU`)
    assert.ok(grownMb <= 4 * 64 * Math.max(1, megabytes), `${grownMb} MB more`)
    if (result.kind !== 'refused') return
    const { error } = result
    assert.deepEqual(error, ebmsError(error.code as EbmsErrorCode), 'the answer says more than the code does')
    const { causes } = heard.get(error.code) ?? { causes: [] }
    heard.set(error.code, { error, causes: [...causes, name] })
  })
}

test('after all of them a good message is opened as before', () => {
  assert.ok(isDeepStrictEqual(openAtKosovo(SENT), whole))
})

test('what a partner hears of a failure of security is the same to the last byte, whatever the cause', () => {
  const answer = (error: As4Error): string => {
    let n = 0
    const random = (size: number): Uint8Array => Buffer.alloc(size, ++n)
    const options = { messageId: 'e@nta.xk', timestamp: NOW, identity: kosovo, randomBytes: random }
    return Buffer.from(sealError(error, { ...options, refToMessageId: SENT.messageId }).body).toString()
  }
  for (const code of SECURITY) {
    const { error, causes } = heard.get(code)!
    assert.ok(causes.length >= 20, `${code} was heard ${causes.length} times`)
    assert.equal(answer(error), answer(ebmsError(code)))
  }
  const texts = SECURITY.map((code) => ebmsError(code).description)
  assert.equal(new Set(texts).size, 1)
})

test('whatever our private key decides is answered with one code', () => {
  // Everything that differs from a good message only in ciphertext or wrapped key.
  const oracle = ENCRYPTION.filter(({ name }) =>
    /wrapped key|key of|right key|tag|octet|ciphertext|another start value|no start value|content under/.test(name),
  )
  const answered = new Set(oracle.map(({ expect }) => expect))
  assert.ok(oracle.length > 30)
  // A value that is not base64, or not there, needs no key to be seen.
  assert.deepEqual([...answered].sort(), ['EBMS:0102', 'EBMS:0103'])
  const visible = oracle.filter(({ expect }) => expect === 'EBMS:0103').map(({ name }) => name)
  assert.deepEqual(visible, ['a wrapped key of nothing', 'a wrapped key that is not base64'])
})

after(() => {
  spent.sort((a, b) => b.cpuMs / b.allowedMs - a.cpuMs / a.allowedMs)
  for (const { name, cpuMs, allowedMs, grownMb } of spent.slice(0, 5)) {
    process.stdout.write(
      `slowest: ${name}: ${cpuMs.toFixed(1)} ms of ${allowedMs.toFixed(0)} ms, ${grownMb.toFixed(0)} MB\n`,
    )
  }
  const counts = Object.keys(LEAST).map(
    (kind) => `${kind} ${kind === 'HTTP' ? HTTP_CASES.length : CASES.filter((each) => each.kind === kind).length}`,
  )
  process.stdout.write(`${CASES.length + HTTP_CASES.length} bad inputs: ${counts.join(', ')}\n`)
})

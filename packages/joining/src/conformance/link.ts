import { createPrivateKey, randomInt, X509Certificate } from 'node:crypto'
import { connect as connectTls } from 'node:tls'
import { postWire, type SendOutcome } from '@corridor/as4/http'
import { strangerPair } from '../keys.ts'
import { harmless, type Probe, sealProbe, sendProbe, sha256 } from './probe.ts'
import { openRelay } from './relay.ts'
import type { Finding } from './report.ts'

/** So far a clock may be off. */
const mostClockMs = 30_000
const largeBytes = 6_000_000

/** A scenario as a function: what it found, with evidence. */
export type Run = (probe: Probe) => Promise<Finding>

const passed = (evidence: Finding['evidence']): Finding => ({ outcome: 'passed', evidence })
const failed = (detail: string, evidence: Finding['evidence'] = {}): Finding => ({
  outcome: 'failed',
  detail,
  evidence,
})

/** Scenarios that need nothing but the partner's endpoint. */
export const linkScenarios: Record<string, Run> = {
  'tls-pinned': async ({ partner, tls }) => {
    const { hostname, port } = new URL(partner.url)
    return new Promise((resolve) => {
      const socket = connectTls({
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port || 443),
        cert: tls.certificate,
        key: tls.key,
        ca: tls.ca,
        minVersion: 'TLSv1.2',
        timeout: 10_000,
        checkServerIdentity: () => undefined,
      })
      const end = (finding: Finding): void => {
        socket.destroy()
        resolve(finding)
      }
      socket.on('secureConnect', () => {
        const seen = socket.getPeerCertificate().fingerprint256
        const evidence = { protocol: String(socket.getProtocol()), certificate: seen }
        const isPinned = partner.tlsCertificates.some(({ fingerprint256 }) => fingerprint256 === seen)
        end(isPinned ? passed(evidence) : failed('the certificate is another than the pinned one', evidence))
      })
      socket.on('error', (error) => end(failed(error.message)))
      socket.on('timeout', () => end(failed('no answer within 10 seconds')))
    })
  },
  'tls-stranger': async (probe) => {
    // That a stranger gets no answer is true of who is not there, too.
    const known = await linkScenarios['tls-pinned']!(probe)
    if (known.outcome !== 'passed') return failed(`with a certificate there is no connection either: ${known.detail}`)
    const { ca, pinned } = probe.tls
    const answer = await postWire(probe.partner.url, sealProbe(probe, harmless(probe)), {
      tls: { ca: ca!, pinned: pinned! },
    })
    return answer.kind === 'failed'
      ? passed({ connection: answer.reason })
      : failed(`HTTP ${answer.status} was answered to who has no certificate`)
  },
  accepted: async (probe) => receiptOf(await sent(probe)),
  duplicate: async (probe) => {
    const sealed = sealProbe(probe, harmless(probe))
    const first = await sendProbe(probe, sealed)
    const second = await sendProbe(probe, sealed)
    if (first.kind !== 'receipt' || second.kind !== 'receipt')
      return failed(`the first time: ${wordsOf(first)}; the second time: ${wordsOf(second)}`)
    const evidence = {
      messageId: sealed.messageId,
      firstReceipt: sha256(first.wire.body),
      secondReceipt: sha256(second.wire.body),
    }
    return evidence.firstReceipt === evidence.secondReceipt
      ? passed(evidence)
      : failed('two receipts that differ', evidence)
  },
  tampered: async (probe) => {
    const sealed = sealProbe(probe, harmless(probe))
    const body = Buffer.from(sealed.body)
    // The encrypted part is the last one, before the boundary that closes the body.
    body[body.lastIndexOf('\r\n--') - 20]! ^= 1
    return refusalOf(await sendProbe(probe, { ...sealed, body }), sealed.messageId)
  },
  'wrong-signer': async (probe) => {
    const { country, party, name } = probe.own.own
    const made = await strangerPair({ country, party, organisation: name, host: 'localhost' }, probe.now())
    const signer = { certificate: new X509Certificate(made.certificate), privateKey: createPrivateKey(made.key) }
    const sealed = sealProbe(probe, { ...harmless(probe), signer })
    return refusalOf(await sendProbe(probe, sealed), sealed.messageId)
  },
  'wrong-agreement': async (probe) => {
    const sealed = sealProbe(probe, { ...harmless(probe), agreement: 'no-such-agreement' })
    return refusalOf(await sendProbe(probe, sealed), sealed.messageId)
  },
  'unknown-action': async (probe) => {
    const sealed = sealProbe(probe, { ...harmless(probe), type: 'CD999X' })
    return refusalOf(await sendProbe(probe, sealed), sealed.messageId)
  },
  large: async (probe) => {
    const began = performance.now()
    const sealed = sealProbe(probe, harmless(probe, whitespace(largeBytes)))
    const finding = receiptOf({ sealed, outcome: await sendProbe(probe, sealed) })
    const seconds = Number(((performance.now() - began) / 1000).toFixed(2))
    return {
      ...finding,
      evidence: { ...finding.evidence, documentBytes: largeBytes, bodyBytes: sealed.body.length, seconds },
    }
  },
  clock: async (probe) => {
    const before = probe.now().getTime()
    const { outcome } = await sent(probe)
    const after = probe.now().getTime()
    if (outcome.kind !== 'receipt') return failed(wordsOf(outcome))
    const aheadMs = Math.round(outcome.receipt.timestamp.getTime() - (before + after) / 2)
    const evidence = { partnerAheadMs: aheadMs, knownToMs: Math.ceil((after - before) / 2) }
    return Math.abs(aheadMs) <= mostClockMs
      ? passed(evidence)
      : failed(`the partner's clock is off by ${aheadMs} ms`, evidence)
  },
  outage,
}

/** The line breaks so many bytes before the end of the answer: the partner has the message, and we have no receipt. */
const lostBytes = 300

async function outage(probe: Probe): Promise<Finding> {
  const { hostname, port } = new URL(probe.partner.url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const through = new URL(probe.partner.url)
  through.hostname = '127.0.0.1'
  const sealed = sealProbe(probe, harmless(probe))
  // Each over a connection of its own: connections are kept by these options.
  const send = (message: typeof sealed) => sendProbe({ ...probe, tls: { ...probe.tls } }, message, through.href)
  const first = await openRelay(host, Number(port || 443))
  through.port = String(first.port)
  const whole = await send(sealProbe(probe, harmless(probe)))
  const answerBytes = first.came
  await first.close()
  if (whole.kind !== 'receipt') return failed(`through an open line: ${wordsOf(whole)}`)
  const away = await send(sealed)
  const relay = await openRelay(host, Number(port || 443), first.port)
  try {
    relay.cutAfter(answerBytes - lostBytes)
    const cut = await send(sealed)
    relay.cutAfter(undefined)
    const back = await send(sealed)
    const once = await send(sealed)
    const receipts = [back, once].map((each) => (each.kind === 'receipt' ? sha256(each.wire.body) : 'none'))
    const evidence = {
      messageId: sealed.messageId,
      whileAway: wordsOf(away),
      whileCut: wordsOf(cut),
      afterwards: wordsOf(back),
      receipts: receipts.join(' '),
    }
    if (away.kind === 'receipt' || cut.kind === 'receipt')
      return failed('there was a receipt while the line was away', evidence)
    if (back.kind !== 'receipt' || once.kind !== 'receipt') return failed('no receipt when the line was back', evidence)
    return receipts[0] === receipts[1] ? passed(evidence) : failed('it was taken twice', evidence)
  } finally {
    await relay.close()
  }
}

async function sent(probe: Probe) {
  const sealed = sealProbe(probe, harmless(probe))
  return { sealed, outcome: await sendProbe(probe, sealed) }
}

function receiptOf({ sealed, outcome }: Awaited<ReturnType<typeof sent>>): Finding {
  const evidence = { messageId: sealed.messageId, body: sha256(sealed.body) }
  if (outcome.kind !== 'receipt') return failed(wordsOf(outcome), evidence)
  return passed({ ...evidence, receiptId: outcome.receipt.messageId, receipt: sha256(outcome.wire.body) })
}

/** A refusal that the partner signed itself; which error it is, is its own choice. */
function refusalOf(outcome: SendOutcome, messageId: string): Finding {
  const evidence = { messageId, answer: wordsOf(outcome) }
  if (outcome.kind === 'error' && outcome.signed) return passed({ ...evidence, error: sha256(outcome.wire.body) })
  return failed(outcome.kind === 'receipt' ? 'it was accepted' : 'no signed error came', evidence)
}

/** What came of sending, in words. */
export function wordsOf(outcome: SendOutcome): string {
  if (outcome.kind === 'receipt') return `receipt ${outcome.receipt.messageId}`
  if (outcome.kind === 'missing-receipt') return `no receipt (${outcome.reason})`
  return `${outcome.signed ? 'signed' : 'unsigned'} error ${outcome.errors.map(({ code, shortDescription }) => `${code} ${shortDescription}`).join(', ')}`
}

/** White space without a pattern: it means nothing and hardly compresses. */
function whitespace(length: number): string {
  const kinds = [' ', '\n', '\t', '  ']
  return Array.from({ length }, () => kinds[randomInt(kinds.length)])
    .join('')
    .slice(0, length)
}

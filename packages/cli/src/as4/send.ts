import { sendMessage, type SendOutcome } from '@corridor/as4/http'
import { AGREEMENT_OPTIONS, nameOf, sendingPMode } from './agreement.ts'
import { CONNECTION_OPTIONS, readConnection, readUrl } from './connection.ts'
import { readIdentity } from './keys.ts'
import { LARGE_TIMEOUT_MS, passingDirectory, sealFiles } from './large.ts'
import { composeMessage } from './message.ts'
import { readTyped } from './options.ts'
import { capturer, partsText, sayer, sizeOf } from './output.ts'

const OPTIONS = [
  'key',
  'cert',
  'encryption-key',
  'encryption-cert',
  ...AGREEMENT_OPTIONS,
  ...CONNECTION_OPTIONS,
  'property',
  'conversation',
  'message-id',
  'ref-to',
  'mime',
  'retry',
  'interval',
  'capture',
  'json',
]

/** `corridor as4 send URL [FILE…]`: exit code 0 only for a receipt that holds. */
export async function send(args: string[]): Promise<number> {
  const typed = readTyped(args, Infinity, OPTIONS)
  const url = readUrl(typed)
  const identity = readIdentity(typed)
  const pmode = sendingPMode(typed, identity.certificate)
  const message = composeMessage(typed, typed.words.slice(1), pmode)
  const connection = readConnection(typed)
  const { count, intervalMs } = pmode.retry ?? { count: 0, intervalMs: 5000 }
  const retry = { count: typed.number('retry') ?? count, intervalMs: typed.number('interval') ?? intervalMs }
  const say = sayer(typed)
  const capture = capturer(typed.text('capture'))

  const sealed = await sealFiles(message, pmode, identity, passingDirectory())
  const large = 'length' in sealed
  const bytes = large ? sealed.length : sealed.body.length
  await capture('request', `POST ${new URL(url).pathname} HTTP/1.1`, sealed)
  const { messageId, action, parts } = message
  await say(
    { event: 'sending', messageId, url, bytes, parts: parts.length },
    `sending  ${messageId}  ${action}  ${partsText(parts.length)}, ${sizeOf(bytes)}  to ${url}`,
  )
  const started = performance.now()
  const patience = large ? { timeoutMs: LARGE_TIMEOUT_MS } : {}
  const outcome = await sendMessage(url, sealed, { ...patience, ...connection, pmode, now: () => new Date(), retry })
  const ms = Math.round(performance.now() - started)
  if (outcome.kind !== 'missing-receipt') await capture('answer', 'HTTP/1.1 200 OK', outcome.wire)
  const signer = pmode.partnerCertificate ? nameOf(pmode.partnerCertificate) : 'the partner'
  await say({ event: outcome.kind, messageId, ms, ...factsOf(outcome) }, lineOf(outcome, signer, ms))
  return outcome.kind === 'receipt' ? 0 : 1
}

function factsOf(outcome: SendOutcome): Record<string, unknown> {
  const { attempts } = outcome
  switch (outcome.kind) {
    case 'receipt':
      return { attempts, receiptId: outcome.receipt.messageId }
    case 'error':
      return { attempts, signed: outcome.signed, errors: outcome.errors }
    case 'missing-receipt':
      return { attempts, error: outcome.error.code, reason: outcome.reason, status: outcome.status }
  }
}

function lineOf(outcome: SendOutcome, signer: string, ms: number): string {
  const tries = outcome.attempts === 1 ? '' : `, ${outcome.attempts} tries`
  switch (outcome.kind) {
    case 'receipt':
      return `receipt  ${outcome.receipt.messageId}  signed by ${signer}, every digest is ours  (${ms} ms${tries})`
    case 'error': {
      const signed = outcome.signed ? `signed by ${signer}` : 'NOT signed: may be anybody’s'
      const errors = outcome.errors.map(({ code, shortDescription, severity, description, errorDetail }) =>
        [`${code} ${shortDescription} (${severity})`, description, errorDetail].filter(Boolean).join(': '),
      )
      return `error    ${errors.join('; ')}  ${signed}  (${ms} ms${tries})`
    }
    case 'missing-receipt':
      return `no receipt (EBMS:0301)  ${outcome.reason}  (${ms} ms${tries})`
  }
}

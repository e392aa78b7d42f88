// One side of our bench, as a process of its own: a receiver that keeps nothing but receipts in memory, or a sender.
import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { EBMS, type Identity, type PMode, sealUserMessage } from '@corridor/as4'
import { memoryDuplicates, sendMessage, serve } from '@corridor/as4/http'
import { payloadOf, quantile, rounded, type Setting } from './plan.ts'

/** Certificate and key of one side, and the certificate of the other, as PEM. */
export interface Keys {
  certificate: string
  privateKey: string
  partner: string
}

/** What the bench asks of a process. */
export type Order =
  | { receive: Setting & Keys }
  | { send: Setting & Keys & { url: string; inFlight: number; seconds: number; most: number } }
  | { usage: true }

/** What a sender found. */
export interface Sent {
  messages: number
  failed: number
  seconds: number
  p50Ms: number
  p99Ms: number
}

function identityOf({ certificate, privateKey }: Keys): Identity {
  return { certificate: new X509Certificate(certificate), privateKey: createPrivateKey(privateKey) }
}

function pmodeOf({ mode, partner }: Setting & Keys): PMode {
  return {
    id: 'bench',
    initiator: { id: 'sender', role: EBMS.initiator },
    responder: { id: 'receiver', role: EBMS.responder },
    service: { value: 'urn:bench:service' },
    profile: 'edelivery-1.15',
    encrypt: mode === 'sign+encrypt',
    partnerCertificate: new X509Certificate(partner),
  }
}

async function receive(order: Setting & Keys): Promise<void> {
  const pmode = pmodeOf(order)
  const endpoint = await serve({
    identity: identityOf(order),
    findPMode: () => pmode,
    now: () => new Date(),
    newMessageId: () => `${randomUUID()}@receiver.test`,
    duplicates: memoryDuplicates(),
    onMessage: () => undefined,
    onError: (event) => void (event.kind === 'refused' && process.stderr.write(`${event.detail}\n`)),
    host: '127.0.0.1',
    port: 0,
  })
  process.send?.({ url: endpoint.url })
}

async function send(order: Extract<Order, { send: unknown }>['send']): Promise<void> {
  const { url, inFlight, seconds, most, bytes } = order
  const pmode = pmodeOf(order)
  const identity = identityOf(order)
  const part = { contentId: 'one@sender.test', mimeType: 'application/xml', properties: [], bytes: payloadOf(bytes) }
  const times: number[] = []
  let failed = 0
  let left = most
  const started = performance.now()
  const one = async (): Promise<void> => {
    const began = performance.now()
    const { initiator: from, responder: to, service } = pmode
    const message = {
      messageId: `${randomUUID()}@sender.test`,
      timestamp: new Date(),
      conversationId: 'bench',
      from,
      to,
      service,
      action: 'CD001C',
      properties: [],
      parts: [part],
    }
    const sealed = sealUserMessage(message, pmode, identity)
    const outcome = await sendMessage(url, sealed, { pmode, now: () => new Date() })
    if (outcome.kind !== 'receipt') failed++
    times.push(performance.now() - began)
  }
  const worker = async (): Promise<void> => {
    while (left-- > 0 && performance.now() - started < seconds * 1000) await one()
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  const elapsed = (performance.now() - started) / 1000
  times.sort((a, b) => a - b)
  const sent: Sent = {
    messages: times.length,
    failed,
    seconds: elapsed,
    p50Ms: rounded(quantile(times, 0.5)),
    p99Ms: rounded(quantile(times, 0.99)),
  }
  process.send?.({ sent })
}

process.on('message', (order: Order) => {
  const work = 'receive' in order ? receive(order.receive) : 'send' in order ? send(order.send) : undefined
  if ('usage' in order) {
    const { user, system } = process.cpuUsage()
    process.send?.({ usage: { cpuMs: (user + system) / 1000, peakRssMb: process.resourceUsage().maxRSS / 1024 } })
  }
  work?.catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})
process.once('disconnect', () => process.exit(0))

// One side of the test with a large payload, as a process of its own so that its memory can be told. Says what it needs by
// IPC: a receiver its address and what it got, a sender what became of it, both the most memory they ever had.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EBMS, type Identity, openStream, type PMode, sealReceipt, sealStream } from '@corridor/as4'
import { sendMessage } from '@corridor/as4/http'

/** What a process is to do; certificates and keys as PEM. */
export interface Order {
  role: 'send' | 'receive'
  certificate: string
  privateKey: string
  partner: string
  directory: string
  bytes: number
  url?: string
}

const PIECE = 64 * 1024
const LIMITS = { bodyBytes: 2 ** 31, unzippedBytes: 2 ** 31 }

/** Octets that compress to about half, the same in every process. */
async function* content(bytes: number): AsyncGenerator<Uint8Array> {
  const half = createHash('shake256', { outputLength: PIECE / 2 })
    .update('payload')
    .digest()
  for (let left = bytes, n = 0; left > 0; n++) {
    const piece = Buffer.alloc(PIECE, `piece ${n} `)
    half.copy(piece, (n * 977) % (PIECE / 2))
    yield piece.subarray(0, Math.min(left, PIECE))
    left -= PIECE
  }
}

async function digestOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of source) hash.update(piece)
  return hash.digest('hex')
}

function pmodeOf(order: Order): PMode {
  return {
    id: 'large',
    initiator: { id: 'sender', role: EBMS.initiator },
    responder: { id: 'receiver', role: EBMS.responder },
    service: { value: 'urn:test:large' },
    profile: 'edelivery-1.15',
    partnerCertificate: new X509Certificate(order.partner),
  }
}

const peakMb = (): number => process.resourceUsage().maxRSS / 1024

async function send(order: Order, identity: Identity): Promise<void> {
  const pmode = pmodeOf(order)
  const message = {
    messageId: 'large@sender.test',
    timestamp: new Date(),
    conversationId: 'large',
    from: pmode.initiator,
    to: pmode.responder,
    service: pmode.service,
    action: 'take',
    properties: [],
    parts: [
      {
        contentId: 'large@sender.test',
        mimeType: 'application/octet-stream',
        properties: [],
        content: content(order.bytes),
      },
    ],
  }
  const sealed = await sealStream(message, pmode, identity, { directory: order.directory })
  const outcome = await sendMessage(order.url!, sealed, { pmode, now: () => new Date(), timeoutMs: 240_000 })
  await sealed.discard()
  const reason = outcome.kind === 'missing-receipt' ? outcome.reason : undefined
  process.send?.({
    kind: outcome.kind,
    reason,
    wireBytes: sealed.length,
    peakMb: peakMb(),
    sent: await digestOf(content(order.bytes)),
  })
}

function receive(order: Order, identity: Identity): void {
  const pmode = pmodeOf(order)
  const server = createServer((request, response) => {
    const options = { identity, findPMode: () => pmode, now: new Date(), directory: order.directory, limits: LIMITS }
    openStream({ contentType: request.headers['content-type'] ?? '', body: request }, options)
      .then(async (opened) => {
        if (opened.kind !== 'user') throw new Error(opened.kind === 'refused' ? opened.detail : opened.kind)
        const [part] = opened.message.parts
        const received = await digestOf(part!.content())
        const receipt = sealReceipt(opened, { messageId: 'r@receiver.test', timestamp: new Date(), identity })
        await opened.discard()
        response.writeHead(200, { 'content-type': receipt.contentType }).end(receipt.body)
        process.send?.({ received, length: part!.length, peakMb: peakMb() })
      })
      .catch((error: unknown) => {
        process.send?.({ error: String(error) })
        response.writeHead(500).end()
      })
  }).listen(0, '127.0.0.1', () => {
    process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
  })
}

process.once('message', (order: Order) => {
  const { certificate, privateKey } = order
  const identity = { certificate: new X509Certificate(certificate), privateKey: createPrivateKey(privateKey) }
  if (order.role === 'receive') receive(order, identity)
  else
    send(order, identity).catch((error: unknown) =>
      process.send?.({ kind: 'failed', reason: String(error), peakMb: peakMb() }),
    )
})
process.once('disconnect', () => process.exit(0))

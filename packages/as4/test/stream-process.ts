// One side of the test with a large payload, as a process of its own so that its memory can be told. Says what it needs by
// IPC: a receiver its address and what it got, a sender what became of it, both the most memory they ever had.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { EBMS, type Identity, type PMode, sealStream } from '@corridor/as4'
import { sendMessage, serve } from '@corridor/as4/http'

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

async function receive(order: Order, identity: Identity): Promise<void> {
  const pmode = pmodeOf(order)
  const endpoint = await serve({
    identity,
    findPMode: () => pmode,
    now: () => new Date(),
    newMessageId: () => 'r@receiver.test',
    limits: LIMITS,
    onMessage: () => ({ refuse: 'EBMS:0004', detail: 'it is in memory' }),
    spool: {
      directory: order.directory,
      onMessage: async ({ message: { parts } }) => {
        const [part] = parts
        const received = await digestOf(part!.content())
        process.send?.({ received, length: part!.length, peakMb: peakMb() })
      },
    },
    onError: (event) => void process.send?.({ error: event.kind === 'refused' ? event.detail : event.kind }),
    host: '127.0.0.1',
    port: 0,
  })
  process.send?.({ url: endpoint.url })
}

process.once('message', (order: Order) => {
  const { certificate, privateKey } = order
  const identity = { certificate: new X509Certificate(certificate), privateKey: createPrivateKey(privateKey) }
  const work = order.role === 'receive' ? receive : send
  work(order, identity).catch((error: unknown) =>
    process.send?.({ kind: 'failed', reason: String(error), peakMb: peakMb() }),
  )
})
process.once('disconnect', () => process.exit(0))

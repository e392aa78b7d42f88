import { Agent, request } from 'undici'
import type { Partner, Transport } from './model.ts'
import { requireOwnTlsKey } from './own-keys.ts'

export interface TransportOptions {
  /** Our TLS client certificate (leaf first, with its intermediates) and its key, as PEM. */
  certificate: string
  key: string
  /** Connections per partner; default 8. */
  connections?: number
  /** For the TCP and TLS handshake; default 10,000. */
  connectTimeoutMs?: number
  /** For the answer to begin, and for each pause within it; default 60,000. */
  answerTimeoutMs?: number
}

/** A receipt takes a few kilobytes. */
const mostAnswerBytes = 1_000_000

/**
 * POSTs over HTTPS (TLS 1.2 or newer) with our client certificate. The partner's certificate must come from its authority and be
 * one of its pinned leaves; its name is not looked at, since a pinned certificate says more than a name.
 * Fault `exchange.wrong-key`.
 */
export function httpsTransport(options: TransportOptions): { send: Transport; close(): Promise<void> } {
  // Without a certificate, a partner's server turns us away; that is for tests to show.
  if (options.certificate !== '') requireOwnTlsKey('the key of the TLS client', options.certificate, options.key)
  const agents = new Map<Partner, Agent>()
  const agentOf = (partner: Partner): Agent => {
    const known = agents.get(partner)
    if (known !== undefined) return known
    const agent = new Agent({
      connections: options.connections ?? 8,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      headersTimeout: options.answerTimeoutMs ?? 60_000,
      bodyTimeout: options.answerTimeoutMs ?? 60_000,
      maxResponseSize: mostAnswerBytes,
      connect: {
        cert: options.certificate,
        key: options.key,
        ca: [...partner.ca],
        minVersion: 'TLSv1.2',
        timeout: options.connectTimeoutMs ?? 10_000,
        // A resumed session is not checked again: each connection is to prove itself.
        maxCachedSessions: 0,
        checkServerIdentity: (_, { fingerprint256 }) =>
          partner.tlsCertificates.some((pinned) => pinned.fingerprint256 === fingerprint256)
            ? undefined
            : new Error(
                `the server at ${partner.url} has a certificate that is not pinned to ${partner.party}: ${fingerprint256}`,
              ),
      },
    })
    agents.set(partner, agent)
    return agent
  }
  return {
    async send(url, wire, partner) {
      const answer = await request(url, {
        method: 'POST',
        dispatcher: agentOf(partner),
        headers: { 'content-type': wire.contentType },
        body: Buffer.from(wire.body.buffer, wire.body.byteOffset, wire.body.byteLength),
      })
      const body = new Uint8Array(await answer.body.arrayBuffer())
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
      )
      return { status: answer.statusCode, headers, wire: { contentType: headers['content-type'] ?? '', body } }
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.close()))
    },
  }
}

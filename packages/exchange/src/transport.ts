import { Agent, request } from 'undici'
import type { Partner, Transport } from './model.ts'
import { requireOwnTlsKey } from './own-keys.ts'
import { mostSending } from './places.ts'
import { tunnelConnector } from './tunnel/connect.ts'
import { reachedOf } from './tunnel/routes.ts'
import { OutsideTunnel, type Tunnel, whyNotBy } from './tunnel/tunnel.ts'

export interface TransportOptions {
  /** Our TLS client certificate (leaf first, with its intermediates) and its key, as PEM. */
  certificate: string
  key: string
  /** Connections per partner; default {@link mostSending}. They are opened as they are needed. */
  connections?: number
  /** For the TCP and TLS handshake; default 10,000. */
  connectTimeoutMs?: number
  /** For the answer to begin, and then for the whole of it; default 60,000. */
  answerTimeoutMs?: number
}

/** A receipt takes a few kilobytes. */
const mostAnswerBytes = 1_000_000

/**
 * POSTs over HTTPS (TLS 1.2 or newer) with our client certificate. The partner's certificate must come from its authority and be
 * one of its pinned leaves; its name is not looked at, since a pinned certificate says more than a name. To a partner in a tunnel nothing
 * is sent outside of it: rejects with `OutsideTunnel` instead. Fault `exchange.wrong-key`.
 */
export function httpsTransport(options: TransportOptions): {
  send: Transport
  /** Makes a connection to a partner in a tunnel as a message would, and ends it. Rejects when it cannot be made. */
  reach(partner: Partner & { tunnel: Tunnel }): Promise<void>
  close(): Promise<void>
} {
  // Without a certificate, a partner's server turns us away; that is for tests to show.
  if (options.certificate !== '') requireOwnTlsKey('the key of the TLS client', options.certificate, options.key)
  const answerTimeoutMs = options.answerTimeoutMs ?? 60_000
  const agents = new Map<Partner, Agent>()
  const tlsOf = (partner: Partner) => tlsOptions(options, partner)
  const agentOf = (partner: Partner): Agent => {
    const known = agents.get(partner)
    if (known !== undefined) return known
    const agent = new Agent({
      connections: options.connections ?? mostSending,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      maxResponseSize: mostAnswerBytes,
      connect: partner.tunnel === undefined ? tlsOf(partner) : tunnelConnector(partner.tunnel, tlsOf(partner)),
    })
    agents.set(partner, agent)
    return agent
  }
  return {
    async send(url, wire, partner) {
      // A connection of before may be open still while the tunnel is down: what is written to it could leave by another way.
      const outside = partner.tunnel && whyNotBy(partner.tunnel, reachedOf(partner.tunnel))
      if (outside !== undefined) {
        await agents.get(partner)?.destroy()
        agents.delete(partner)
        throw new OutsideTunnel(outside, partner.tunnel!)
      }
      // A partner that lets its answer drip would keep a place for ever: each pause alone is short.
      const tooLong = new AbortController()
      const answer = await request(url, {
        method: 'POST',
        signal: tooLong.signal,
        dispatcher: agentOf(partner),
        headers: { 'content-type': wire.contentType },
        body: Buffer.from(wire.body.buffer, wire.body.byteOffset, wire.body.byteLength),
      })
      const limit = setTimeout(() => tooLong.abort(new Error('the answer did not end in time')), answerTimeoutMs)
      const body = new Uint8Array(await answer.body.arrayBuffer().finally(() => clearTimeout(limit)))
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
      )
      return { status: answer.statusCode, headers, wire: { contentType: headers['content-type'] ?? '', body } }
    },
    reach(partner) {
      const { hostname, host, protocol, port } = new URL(partner.url)
      const connect = tunnelConnector(partner.tunnel, tlsOf(partner))
      return new Promise((resolve, reject) => {
        connect({ hostname, host, protocol, port }, (error, socket) => {
          socket?.end()
          if (error === null) resolve()
          else reject(error)
        })
      })
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.close()))
    },
  }
}

function tlsOptions({ certificate, key, connectTimeoutMs }: TransportOptions, { party, url, ca, ...partner }: Partner) {
  return {
    cert: certificate,
    key,
    ca: [...ca],
    minVersion: 'TLSv1.2' as const,
    timeout: connectTimeoutMs ?? 10_000,
    // A resumed session is not checked again: each connection is to prove itself.
    maxCachedSessions: 0,
    checkServerIdentity: (_: string, { fingerprint256 }: { fingerprint256: string }) =>
      partner.tlsCertificates.some((pinned) => pinned.fingerprint256 === fingerprint256)
        ? undefined
        : new Error(`the server at ${url} has a certificate that is not pinned to ${party}: ${fingerprint256}`),
  }
}

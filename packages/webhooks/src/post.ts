import { Resolver } from 'node:dns/promises'
import { request as requestPlain } from 'node:http'
import { request as requestSecure, type RequestOptions } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { Answer, EgressRules, FailureReason, Post, Resolve } from './model.ts'
import { checkedAddresses } from './target.ts'

export interface PostOptions {
  resolve: Resolve
  egress: EgressRules
  /** For the whole of a delivery: name, connection, answer. Default 15,000. */
  timeoutMs?: number
}

const mostHeadBytes = 16_384

/** Asks the name servers of this machine; what stands in its hosts file is not for strangers. */
export function nameServers(): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  return async (host) => {
    const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  }
}

/**
 * Posts over HTTPS (TLS 1.2 or newer). Each delivery has a connection of its own, to an address that was checked and that is not looked
 * up again. No redirect is followed.
 */
export function httpsPost({ resolve, egress, timeoutMs = 15_000 }: PostOptions): Post {
  // Made once: to read a hundred authorities takes longer than a delivery.
  const secureContext = createSecureContext({
    ca: [...getCACertificates('default'), ...(egress.authorities ?? [])],
    minVersion: 'TLSv1.2',
  })
  return async (url, headers, body) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const looked = checkedAddresses(url, egress, resolve)
    const addresses = await Promise.race([looked, aborted(signal)])
    if (addresses === undefined) return { failed: 'too-slow' }
    if (addresses.length === 0) return { failed: 'no-public-address' }
    return send(url, body, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      secureContext,
      maxHeaderSize: mostHeadBytes,
      lookup: knownAddresses(addresses),
      signal,
    })
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
}

/** In place of a resolver: the addresses that were checked. */
function knownAddresses(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_host, { all }, answer) => {
    // There is at least one, or nobody would connect.
    const [first] = known as [{ address: string; family: number }]
    if (all === true) answer(null, known)
    else answer(null, first.address, first.family)
  }
}

function send(url: URL, body: string, options: RequestOptions & { secureContext: SecureContext }): Promise<Answer> {
  return new Promise((settle) => {
    const sending = (url.protocol === 'https:' ? requestSecure : requestPlain)(url, options, (response) => {
      const { statusCode = 0, headers } = response
      // A destroyed answer may say so; of it the status alone counts.
      response.on('error', () => {})
      settle({ status: statusCode, ...(headers['retry-after'] && { retryAfter: headers['retry-after'] }) })
      // What comes after the head would hold the connection for as long as a receiver likes.
      response.destroy()
    })
    // An answer of 101 is no 'response', and without a listener no 'error' either.
    sending.on('upgrade', ({ statusCode = 0 }, socket) => {
      socket.destroy()
      settle({ status: statusCode })
    })
    sending.on('error', (error: NodeJS.ErrnoException) => settle({ failed: reasonOf(error) }))
    // However a connection ends, it ends the delivery; after an answer or an error this settles nothing.
    sending.on('close', () => settle({ failed: 'no-connection' }))
    sending.end(body)
  })
}

function reasonOf({ name, code = '' }: NodeJS.ErrnoException): FailureReason {
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ETIMEDOUT') return 'too-slow'
  return /CERT|UNABLE_TO|SELF_SIGNED|ALTNAME/.test(code) ? 'certificate-refused' : 'no-connection'
}

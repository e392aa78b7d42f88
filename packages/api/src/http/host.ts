import type { FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'

const hostPattern = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?$/
const loopbackAddress = /^(::ffff:)?127\.|^::1$/
const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Refuses names that are not this node's. A page of another site can make its own name point to 127.0.0.1 (DNS rebinding)
 * and would then be this node's own origin to the browser; the Host header still tells.
 * @throws {ApiFault} `wrong-host`.
 */
export function requireOwnHost(request: FastifyRequest, allowedHosts: readonly string[]): void {
  const name = hostPattern.exec((request.headers.host ?? '').toLowerCase())?.[1]
  if (name === undefined || !(loopbackNames.has(name) || allowedHosts.includes(name))) throw new ApiFault('wrong-host')
}

/**
 * Whether a request was made on this very machine, and to it. What a reverse proxy hands on comes from here too, but carries the name
 * that the proxy was asked for: one that writes another into it would keep everybody from signing in (see `requireOwnOrigin`).
 */
export function isLocal({ headers, socket }: FastifyRequest): boolean {
  if (headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined) return false
  const name = hostPattern.exec((headers.host ?? '').toLowerCase())?.[1]
  return name !== undefined && loopbackNames.has(name) && loopbackAddress.test(socket.remoteAddress ?? '')
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a changing request that a page of another origin makes (CSRF). Cookies know no port, so SameSite alone would let a
 * page of another program on this machine through; the Origin header has the port.
 * @param options `must`: the header has to be there, as it is in every changing request of a browser; for cookie requests.
 * @throws {ApiFault} `foreign-origin`.
 */
export function requireOwnOrigin(request: FastifyRequest, { must }: { must: boolean }): void {
  if (safeMethods.has(request.method)) return
  const { origin, host } = request.headers
  if (origin === undefined && !must) return
  if (origin === undefined || ![`http://${host}`, `https://${host}`].includes(origin))
    throw new ApiFault('foreign-origin')
}

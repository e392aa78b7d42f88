import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Names of this machine to itself. A page of another site can make its own name point here; the Host header still tells. */
const ownHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

export const isOwnHost = ({ host }: IncomingHttpHeaders): boolean => ownHost.test((host ?? '').toLowerCase())

/** Whether no page of another origin made the request. A program on this machine sends no Origin. */
export const isOwnOrigin = ({ origin, host }: IncomingHttpHeaders): boolean =>
  origin === undefined || origin === `http://${host}`

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Whether the request has the secret of the page's address. It travels in a header that no other site can make a browser send. */
export function hasSecret({ authorization }: IncomingHttpHeaders, secret: string): boolean {
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${secret}`))
}

/** Headers of every answer: nothing from elsewhere, nothing inline, in nobody's frame, and kept nowhere. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

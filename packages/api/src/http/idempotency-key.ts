import { createHash } from 'node:crypto'
import type { IdempotentRequest } from '@corridor/registry'
import type { FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf } from './authentication.ts'

const keyPattern = /^[A-Za-z0-9._:~-]{1,128}$/

/**
 * The Idempotency-Key of a request with the digest of what it asks, for `rememberAnswer`. The key may stand in quotes, as the
 * draft has it (draft-ietf-httpapi-idempotency-key-header §2.1), or bare, as most software sends it.
 * @returns undefined when there is none.
 * @throws {ApiFault} `idempotency-key-form`.
 */
export function idempotencyOf(request: FastifyRequest): IdempotentRequest | undefined {
  const header = request.headers['idempotency-key']
  if (header === undefined) return undefined
  const text = String(header)
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text
  if (!keyPattern.test(key)) {
    throw new ApiFault('idempotency-key-form', {
      detail: 'Use 1 to 128 letters, digits and . _ : ~ - ; a UUID is good.',
    })
  }
  return { accountId: callerOf(request).account.id, key, requestDigest: requestDigest(request) }
}

/** Like `idempotencyOf`, for requests that need a key. @throws {ApiFault} `idempotency-key-missing`. */
export function requireIdempotency(request: FastifyRequest): IdempotentRequest {
  const found = idempotencyOf(request)
  if (!found) throw new ApiFault('idempotency-key-missing')
  return found
}

/** SHA-256 of method, address and body; the order of the members of a JSON body does not count. */
function requestDigest(request: FastifyRequest): Buffer {
  const hash = createHash('sha256').update(`${request.method} ${request.url}\n`)
  const { body } = request
  return hash.update(Buffer.isBuffer(body) ? body : JSON.stringify(sorted(body))).digest()
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value ?? null
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([name, member]) => [name, sorted(member)])
}

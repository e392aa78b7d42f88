import type { Tx } from '@corridor/database'
import { RegistryAccountsFault } from './faults.ts'
import { sameDigest } from './secrets.ts'
import { sql } from './statements.ts'

/** A request that may be sent again: whose, under which key, and the SHA-256 of what it asks (method, address, body). */
export interface IdempotentRequest {
  accountId: string
  key: string
  requestDigest: Uint8Array
}

/** The answer of a request as it is remembered: HTTP status and JSON body. */
export interface Answer<Body> {
  status: number
  response: Body
}

/** Outcome of `rememberAnswer`. */
export type Remembered<Body> =
  | ({ kind: 'first' } & Answer<Body>)
  | ({ kind: 'repeat' } & Answer<Body>)
  | { kind: 'key-reused' }

/**
 * Runs `work` once for a key and remembers its answer in the same transaction, so that effect and memory commit together.
 * The same key with the same digest gets the first answer and runs nothing; with another digest it gets `key-reused`. A
 * request that arrives while the first is still running waits for its transaction to end. An answer of 400 or more had no
 * effect and is not remembered: the key stays free.
 * Source: draft-ietf-httpapi-idempotency-key-header §2.
 */
export async function rememberAnswer<Body>(
  tx: Tx,
  request: IdempotentRequest,
  now: Date,
  work: () => Promise<Answer<Body>>,
): Promise<Remembered<Body>> {
  const { accountId, key, requestDigest } = request
  const claimed = await tx.run(sql.claimIdempotencyKey, [accountId, key, requestDigest, now])
  if (claimed.length === 0) return recall<Body>(tx, request)
  const answer = await work()
  if (answer.status >= 400) await tx.run(sql.releaseIdempotencyKey, [accountId, key])
  else await tx.run(sql.completeIdempotencyKey, [accountId, key, answer.status, JSON.stringify(answer.response)])
  return { kind: 'first', ...answer }
}

async function recall<Body>(tx: Tx, request: IdempotentRequest): Promise<Remembered<Body>> {
  interface Row {
    request_digest: Buffer
    status: number | null
    response: Body
  }
  const [row] = await tx.run<Row>(sql.findIdempotencyKey, [request.accountId, request.key])
  if (!row || row.status === null) throw new RegistryAccountsFault('answer-missing', request.key)
  if (!sameDigest(row.request_digest, request.requestDigest)) return { kind: 'key-reused' }
  return { kind: 'repeat', status: row.status, response: row.response }
}

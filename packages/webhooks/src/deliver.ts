import {
  backOffMs,
  ExchangeFault,
  longestRetryAfterMs,
  retryAfterMs,
  tellError,
  writeJournal,
} from '@corridor/exchange'
import type { Answer, FailureReason, WebhooksOptions } from './model.ts'
import { secretName } from './registration.ts'
import { signatureOf } from './secret.ts'
import { sql } from './statements.ts'

/** Longer than a delivery may take (post.ts): whoever still has one by then has died. */
const leaseMs = 60_000

/** Deliveries at the same time in one process: most of them wait for somebody's answer. */
const mostInProcess = 64

/** Those of one endpoint; one while its owner's program is slow or fails. */
const mostUnderWay = 4
const slowMs = 5_000

/** From five seconds, doubling, up to an hour; with it about eighty tries in three days. */
const schedule = { backOffMs: 5_000, backOffMostMs: 3_600_000, triesBeforeParked: Infinity }

/** After so long an event is given up, and an endpoint that answered nothing all the time is disabled. */
export const patienceMs = 3 * 86_400_000

interface LeasedRow {
  id: number
  webhook: string
  owner: string
  event: string
  type: string
  subject: string | null
  tries: number
  since: Date
  created_at: Date
  url: Buffer
  failures: number
}

/** Delivers what is due. */
export class Deliverer {
  readonly #options: WebhooksOptions
  readonly #underWay = new Map<string, string>()
  readonly #slow = new Set<string>()

  constructor(options: WebhooksOptions) {
    this.#options = options
  }

  /** Leases one due event and begins to deliver it; answers how that ends, or undefined when none is due or too many are under way. */
  async begin(): Promise<{ settled: Promise<void> } | undefined> {
    const { db, clock, newId } = this.#options
    if (this.#underWay.size >= mostInProcess) return undefined
    const now = clock()
    const lease = newId()
    const longest = new Date(now.getTime() + longestRetryAfterMs)
    const leasedUntil = new Date(now.getTime() + leaseMs)
    const [row] = await db.run<LeasedRow>(sql.lease, [now, leasedUntil, lease, this.#busy(), longest])
    if (row === undefined) return undefined
    this.#underWay.set(lease, row.webhook)
    return { settled: this.#deliver(row, lease).finally(() => this.#underWay.delete(lease)) }
  }

  /** Endpoints that have as many deliveries under way as they may. */
  #busy(): string[] {
    const counts = new Map<string, number>()
    for (const webhook of this.#underWay.values()) counts.set(webhook, (counts.get(webhook) ?? 0) + 1)
    return [...counts].filter(([webhook, n]) => n >= (this.#slow.has(webhook) ? 1 : mostUnderWay)).map(([id]) => id)
  }

  /** Never rejects: what cannot be settled, because the database is away, is leased again when this lease has ended. */
  async #deliver(row: LeasedRow, lease: string): Promise<void> {
    const { clock, log } = this.#options
    const began = clock().getTime()
    try {
      const answer = await this.#post(row)
      const arrived = 'status' in answer && answer.status >= 200 && answer.status < 300
      if (arrived && clock().getTime() - began <= slowMs) this.#slow.delete(row.webhook)
      else this.#slow.add(row.webhook)
      if (arrived) await this.#settleDelivered(row, lease, answer.status)
      else await this.#settleFailed(row, lease, answer)
    } catch (error) {
      const about = { webhook: row.webhook, event: row.event, error: tellError(error) }
      log?.('error', 'a webhook could not be delivered', about)
      await this.#settleFailed(row, lease, { failed: 'node-fault' }, isLasting(error)).catch((again: unknown) =>
        log?.('error', 'a webhook could not be settled', { ...about, error: tellError(again) }),
      )
    }
  }

  async #post(row: LeasedRow): Promise<Answer> {
    const { vault, describe, post } = this.#options
    const data = row.subject === null ? {} : await describe(row.owner, row.subject)
    if (data === undefined) return { failed: 'nothing-to-tell' }
    const url = new URL(vault.open('webhook', row.webhook, row.url).toString('utf8'))
    const body = JSON.stringify({ type: row.type, timestamp: row.created_at.toISOString(), data })
    return post(url, await this.#headers(row, body), body)
  }

  async #headers(row: LeasedRow, body: string): Promise<Record<string, string>> {
    const { db, vault, clock } = this.#options
    const now = clock()
    const secrets = await db.run<{ number: number; secret: Buffer }>(sql.secrets, [row.webhook, now])
    const keys = secrets.map(({ number, secret }) => vault.open('webhook', secretName(row.webhook, number), secret))
    const at = Math.floor(now.getTime() / 1_000)
    return {
      'content-type': 'application/json',
      'user-agent': 'Corridor-Webhooks',
      'webhook-id': row.event,
      'webhook-timestamp': String(at),
      'webhook-signature': signatureOf(keys, row.event, at, body),
    }
  }

  async #settleDelivered(row: LeasedRow, lease: string, status: number): Promise<void> {
    await this.#options.db.run(sql.settleDelivered, [row.id, lease, this.#options.clock(), status])
    this.#options.meter?.({ outcome: 'delivered' })
  }

  /** @param isHopeless no later try can go better */
  async #settleFailed(row: LeasedRow, lease: string, answer: Answer, isHopeless = false): Promise<void> {
    const { db, clock, random, meter } = this.#options
    const now = clock()
    const reason = reasonOf(answer)
    const status = 'status' in answer ? answer.status : null
    const asked = 'retryAfter' in answer ? (retryAfterMs(answer.retryAfter, now) ?? 0) : 0
    const after = (tries: number): Date => new Date(now.getTime() + Math.max(asked, backOffMs(tries, schedule, random)))
    // What is wrong with one event, or with this node, is not the endpoint's fault.
    const ofEndpoint = reason !== 'nothing-to-tell' && reason !== 'node-fault'
    const givenUp = isHopeless || reason === 'nothing-to-tell' || now.getTime() - row.since.getTime() >= patienceMs
    const quietUntil = ofEndpoint ? after(row.failures + 1) : null
    await db.transaction(async (tx) => {
      const values = [row.id, lease, now, quietUntil, givenUp ? null : after(row.tries), reason, status]
      const [endpoint] = await tx.run<{ failing_since: Date }>(sql.settleFailed, values)
      if (endpoint === undefined) return
      const failing = now.getTime() - endpoint.failing_since.getTime() >= patienceMs
      if (reason !== 'gone' && !failing) return
      const why = reason === 'gone' ? 'gone' : 'failing'
      const [disabled] = await tx.run<{ host: string }>(sql.disable, [row.webhook, now, why])
      if (disabled === undefined) return
      const detail = { webhook: row.webhook, host: disabled.host, reason: why }
      await writeJournal(tx, now, [{ kind: 'webhook.disabled', detail }])
      meter?.({ outcome: 'disabled' })
    })
    meter?.({ outcome: givenUp ? 'given-up' : 'failed' })
  }
}

/** Whether a fault is in what is stored: what does not open today, or is no address, does not tomorrow. */
function isLasting(error: unknown): boolean {
  return error instanceof ExchangeFault || error instanceof TypeError
}

function reasonOf(answer: Answer): FailureReason {
  if ('failed' in answer) return answer.failed
  if (answer.status === 410) return 'gone'
  return answer.status >= 300 && answer.status < 400 ? 'redirect' : 'status'
}

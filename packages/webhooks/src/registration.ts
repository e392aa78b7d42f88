import type { Tx } from '@corridor/database'
import { writeJournal } from '@corridor/exchange'
import type { Delivery, UrlRefusal, Webhook, WebhooksOptions } from './model.ts'
import { sql } from './statements.ts'
import { writeSecret } from './secret.ts'
import { checkedAddresses, readTarget } from './target.ts'

/** Most endpoints of one owner: a program needs one, a change of programs two. */
export const mostWebhooks = 5

/** For so long the secret before a new one signs too. */
export const rotationMs = 86_400_000

/** With so many events waiting at an endpoint, none is added on request: test events and repeats are no way to flood somebody's program. */
export const mostWaiting = 20

/** Most deliveries that a list shows. */
const mostDeliveries = 100

/** Who asks: whose endpoints they are, and who it is for the journal. */
export interface Owner {
  owner: string
  actor: string
}

export type Registration =
  | { kind: 'registered'; webhook: Webhook; /** Told this once. */ secret: string }
  | { kind: 'refused'; reason: UrlRefusal }

/** What came of a wish to have an event delivered: nothing where `mostWaiting` wait, or where there is no such event. */
export type Asked = { kind: 'owed'; event: string } | { kind: 'too-many-waiting' } | { kind: 'no-such-event' }

/** What an owner does with its endpoints. An id that is not the owner's is as one that does not exist: undefined or false. */
export interface Registrations {
  register(who: Owner, asked: { url: string; description?: string | null }): Promise<Registration>
  list(owner: string): Promise<Webhook[]>
  find(owner: string, id: string): Promise<Webhook | undefined>
  change(
    who: Owner,
    id: string,
    change: { enabled?: boolean; description?: string | null },
  ): Promise<Webhook | undefined>
  remove(who: Owner, id: string): Promise<boolean>
  /** A new secret, told this once; those before it sign too until `olderUntil`. */
  rotate(who: Owner, id: string): Promise<{ secret: string; olderUntil: Date } | undefined>
  /** Has a test event delivered. Undefined also when the endpoint is disabled. */
  test(who: Owner, id: string): Promise<Asked | undefined>
  /** The newest deliveries first. */
  deliveries(owner: string, id: string): Promise<Delivery[] | undefined>
  /** Has an event delivered once more, under its id. */
  redeliver(owner: string, id: string, event: string): Promise<Asked | undefined>
}

interface WebhookRow {
  id: string
  host: string
  url: Buffer
  description: string | null
  created_at: Date
  disabled_at: Date | null
  disabled_reason: Webhook['disabledReason']
  failing_since: Date | null
  last_delivered_at: Date | null
  waiting: number
}

interface DeliveryRow extends Pick<Delivery, 'event' | 'type' | 'subject' | 'state' | 'tries' | 'reason' | 'status'> {
  due_at: Date
  created_at: Date
  settled_at: Date | null
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What owners do with their endpoints, over the database. Each change is in the journal; an address is there by its host alone. */
export function registrationsOf(options: WebhooksOptions): Registrations {
  const { db, vault, clock, newId, newKey } = options

  const webhookOf = (row: WebhookRow): Webhook => ({
    id: row.id,
    url: vault.open('webhook', row.id, row.url).toString('utf8'),
    description: row.description,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
    lastDeliveredAt: row.last_delivered_at,
    waiting: row.waiting,
  })
  const listed = async (tx: Tx, owner: string, id: string | null): Promise<Webhook[]> => {
    if (id !== null && !uuid.test(id)) return []
    return (await tx.run<WebhookRow>(sql.list, [owner, id])).map(webhookOf)
  }
  /** Runs `work` on an endpoint of this owner, with no other change of the owner's endpoints beside it. */
  const change = <T>(
    owner: string,
    id: string,
    work: (tx: Tx, webhook: Webhook) => Promise<T>,
  ): Promise<T | undefined> =>
    db.transaction(async (tx) => {
      await tx.run(sql.lockOwner, [owner])
      const [webhook] = await listed(tx, owner, id)
      return webhook && work(tx, webhook)
    })
  const say = (tx: Tx, kind: string, actor: string, webhook: { id: string; url: string }): Promise<void> =>
    writeJournal(tx, clock(), [{ kind, actor, detail: { webhook: webhook.id, host: new URL(webhook.url).host } }])
  const addSecret = async (tx: Tx, id: string): Promise<{ secret: string; olderUntil: Date }> => {
    const olderUntil = new Date(clock().getTime() + rotationMs)
    const key = newKey()
    const [last] = await tx.run<{ number: number }>(sql.lastSecret, [id])
    const number = (last?.number ?? 0) + 1
    await tx.run(sql.addSecret, [id, number, vault.seal('webhook', secretName(id, number), key), olderUntil])
    return { secret: writeSecret(key), olderUntil }
  }

  return {
    async register({ owner, actor }, { url: text, description = null }) {
      const url = readTarget(text, options.egress)
      if (typeof url === 'string') return { kind: 'refused', reason: url }
      if ((await checkedAddresses(url, options.egress, options.resolve)).length === 0)
        return { kind: 'refused', reason: 'no-public-address' }
      return db.transaction(async (tx): Promise<Registration> => {
        await tx.run(sql.lockOwner, [owner])
        const there = await listed(tx, owner, null)
        if (there.some((webhook) => webhook.url === url.href)) return { kind: 'refused', reason: 'registered' }
        if (there.length >= mostWebhooks) return { kind: 'refused', reason: 'too-many' }
        const id = newId()
        const sealed = vault.seal('webhook', id, Buffer.from(url.href))
        await tx.run(sql.register, [id, owner, url.host, sealed, description, clock()])
        const { secret } = await addSecret(tx, id)
        const [webhook] = (await listed(tx, owner, id)) as [Webhook]
        await say(tx, 'webhook.registered', actor, webhook)
        return { kind: 'registered', webhook, secret }
      })
    },
    list: (owner) => listed(db, owner, null),
    find: async (owner, id) => (await listed(db, owner, id))[0],
    change: ({ owner, actor }, id, { enabled, description }) =>
      change(owner, id, async (tx, webhook) => {
        if (description !== undefined) await tx.run(sql.describe, [id, description])
        const isEnabled = webhook.disabledAt === null
        if (enabled === true && !isEnabled) await tx.run(sql.enable, [id, clock()])
        if (enabled === false && isEnabled) await tx.run(sql.disable, [id, clock(), 'by-owner'])
        if (enabled !== undefined && enabled !== isEnabled)
          await say(tx, enabled ? 'webhook.enabled' : 'webhook.disabled', actor, webhook)
        return (await listed(tx, owner, id))[0] as Webhook
      }),
    remove: async ({ owner, actor }, id) =>
      (await change(owner, id, async (tx, webhook) => {
        await tx.run(sql.remove, [owner, id])
        await say(tx, 'webhook.deleted', actor, webhook)
        return true
      })) ?? false,
    rotate: ({ owner, actor }, id) =>
      change(owner, id, async (tx, webhook) => {
        const added = await addSecret(tx, id)
        await say(tx, 'webhook.rotated', actor, webhook)
        return added
      }),
    test: ({ owner }, id) =>
      change(owner, id, async (tx, webhook): Promise<Asked | undefined> => {
        if (webhook.disabledAt !== null) return undefined
        if (webhook.waiting >= mostWaiting) return { kind: 'too-many-waiting' }
        const event = eventName(newId())
        await tx.run(sql.addTest, [id, event, testType, clock()])
        return { kind: 'owed', event }
      }),
    async deliveries(owner, id) {
      if ((await listed(db, owner, id)).length === 0) return undefined
      return (await db.run<DeliveryRow>(sql.deliveries, [id, mostDeliveries])).map(deliveryOf)
    },
    redeliver: (owner, id, event) =>
      change(owner, id, async (tx, webhook): Promise<Asked> => {
        if (webhook.waiting >= mostWaiting) return { kind: 'too-many-waiting' }
        const again = await tx.run(sql.redeliver, [id, event, clock()])
        return again.length > 0 ? { kind: 'owed', event } : { kind: 'no-such-event' }
      }),
  }
}

/** Type of the event that an owner asks for to see whether all is well. */
export const testType = 'webhook.test'

/** The `webhook-id` of an event. */
export function eventName(id: string): string {
  return `msg_${id}`
}

/** What a secret's bytes are bound to at rest. */
export function secretName(id: string, number: number): string {
  return `${id} ${number}`
}

function deliveryOf({ due_at, created_at, settled_at, ...row }: DeliveryRow): Delivery {
  return {
    ...row,
    createdAt: created_at,
    dueAt: row.state === 'waiting' ? due_at : null,
    settledAt: settled_at,
  }
}

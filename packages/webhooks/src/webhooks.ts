import type { Tx } from '@corridor/database'
import { Loop, writeJournal } from '@corridor/exchange'
import { Deliverer } from './deliver.ts'
import type { Event, WebhooksOptions } from './model.ts'
import { eventName, type Registrations, registrationsOf } from './registration.ts'
import { sql } from './statements.ts'

/** What was delivered or given up can be looked at, and asked for again, for so long. */
const keptMs = 30 * 86_400_000

/** The webhooks of one node. */
export interface Webhooks extends Registrations {
  /**
   * Owes an event to each endpoint of its owner, in the transaction of what it tells; costs a statement where there are none. Which order
   * the deliveries have is not promised.
   */
  announce(tx: Tx, type: string, events: readonly Event[]): Promise<void>
  /** Disables what belongs to others than these: their accounts are closed. */
  keepOwners(tx: Tx, owners: readonly string[]): Promise<void>
  /** Delivers in this process until stopped. */
  start(): Promise<{ stop(): Promise<void> }>
  /** Delivers one event, as `start` does; false when none is due. */
  deliverNext(): Promise<boolean>
  /** Forgets settled deliveries of more than thirty days, and secrets that were replaced. */
  forget(): Promise<void>
}

/** Puts the webhooks together; starts nothing by itself. */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { db, clock, newId, log } = options
  const deliverer = new Deliverer(options)
  return {
    ...registrationsOf(options),
    async announce(tx, type, events) {
      if (events.length === 0) return
      const owners = events.map(({ owner }) => owner)
      const subjects = events.map(({ subject }) => subject)
      const names = events.map(() => eventName(newId()))
      await tx.run(sql.announce, [owners, names, subjects, type, clock()])
    },
    async keepOwners(tx, owners) {
      const closed = await tx.run<{ id: string; host: string }>(sql.disableOthers, [owners, clock()])
      const lines = closed.map(({ id, host }) => {
        return { kind: 'webhook.disabled', detail: { webhook: id, host, reason: 'owner-closed' } }
      })
      await writeJournal(tx, clock(), lines)
    },
    async start() {
      const underWay = new Set<Promise<void>>()
      const loop = new Loop({
        lanes: 1,
        async step() {
          const begun = await deliverer.begin()
          if (begun === undefined) return false
          const settled = begun.settled.finally(() => {
            underWay.delete(settled)
            loop.wake()
          })
          underWay.add(settled)
          return true
        },
        pollMs: options.pollMs ?? 1_000,
        ...(options.timers && { timers: options.timers }),
        onFault: (error) => log?.('error', 'cannot deliver webhooks', { error }),
      })
      const deaf = await db.listen('webhook', () => loop.wake())
      loop.start()
      return {
        async stop() {
          await Promise.all([deaf(), loop.stop()])
          await Promise.all(underWay)
        },
      }
    },
    async deliverNext() {
      const begun = await deliverer.begin()
      await begun?.settled
      return begun !== undefined
    },
    async forget() {
      await db.run(sql.forgetDeliveries, [new Date(clock().getTime() - keptMs)])
      await db.run(sql.forgetSecrets, [clock()])
    },
  }
}

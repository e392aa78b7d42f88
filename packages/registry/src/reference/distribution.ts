/** The owner's side of distribution: who takes which of our lists, and how far it is. */
import type { Tx } from '@corridor/database'
import { sql } from './distribution-statements.ts'

/** What somebody has of a list: number of the version as its owner counts, and digest of all its entries; 0 and '' of none. */
export interface Holding {
  readonly version: number
  readonly digest: string
}

/** A party that takes a list of ours. */
export interface Subscription extends Holding {
  readonly list: string
  readonly party: string
  /** the newest version that was sent to it; while it says nothing about that one, no further one is sent */
  readonly sent: number
  /** why it did not take what was sent last */
  readonly refusal: string | null
}

/** Whose a list is; null of nobody's, undefined when nobody declared it. */
export async function ownerOf(db: Tx, list: string): Promise<string | null | undefined> {
  return (await db.run<{ owner: string | null }>(sql.owner, [list]))[0]?.owner
}

/** A list belongs to a party from now on. */
export async function setOwner(tx: Tx, list: string, owner: string): Promise<void> {
  await tx.run(sql.setOwner, [list, owner])
}

/** The subscription of a party, locked until the transaction ends. */
export async function subscriptionOf(tx: Tx, list: string, party: string): Promise<Subscription | undefined> {
  return (await tx.run<Subscription>(sql.subscription, [list, party]))[0]
}

/** A party takes a list from now on, or says anew what it holds of it: one of our versions, or none. */
export async function subscribe(tx: Tx, list: string, party: string, holds: Holding, at: Date): Promise<void> {
  await tx.run(sql.subscribe, [list, party, holds.version, holds.digest, at])
}

/** False when the party did not take the list. */
export async function unsubscribe(tx: Tx, list: string, party: string): Promise<boolean> {
  return (await tx.run(sql.unsubscribe, [list, party])).length > 0
}

/** A subscriber said that it holds one of our versions. */
export async function noteHeld(tx: Tx, list: string, party: string, holds: Holding, at: Date): Promise<void> {
  await tx.run(sql.noteHeld, [list, party, holds.version, holds.digest, at])
}

/** A subscriber did not take what was sent last; the next version goes to it all the same. */
export async function noteRefused(tx: Tx, list: string, party: string, reason: string): Promise<void> {
  await tx.run(sql.noteRefused, [list, party, reason])
}

/** A version leaves for a subscriber with this transaction. */
export async function noteSent(tx: Tx, list: string, party: string, version: number): Promise<void> {
  await tx.run(sql.noteSent, [list, party, version])
}

/** Whom this party owes a version of one of its lists. */
export async function dueSubscriptions(db: Tx, owner: string): Promise<{ list: string; party: string }[]> {
  return db.run<{ list: string; party: string }>(sql.due, [owner])
}

/** A subscription that is due, locked until the transaction ends; undefined when it is not due, or another process sends to it. */
export async function lockDue(
  tx: Tx,
  owner: string,
  list: string,
  party: string,
): Promise<(Holding & { published: number }) | undefined> {
  return (await tx.run<Holding & { published: number }>(sql.lockDue, [owner, list, party]))[0]
}

/** Who has what of a list of ours. */
export interface Subscriber {
  readonly list: string
  readonly party: string
  /** that it took last; 0 before the first */
  readonly version: number
  /** that was sent to it last */
  readonly sent: number
  /** that is in use here */
  readonly published: number
  readonly refusal: string | null
  readonly subscribedAt: Date
  readonly acknowledgedAt: Date | null
}

/** Who has what of the lists that belong to a party, by list and party. */
export async function subscribersOf(db: Tx, owner: string): Promise<Subscriber[]> {
  const rows = await db.run<
    Omit<Subscriber, 'subscribedAt' | 'acknowledgedAt'> & { subscribed_at: Date; acknowledged_at: Date | null }
  >(sql.subscribers, [owner])
  return rows.map(({ subscribed_at: subscribedAt, acknowledged_at: acknowledgedAt, ...row }) => ({
    ...row,
    subscribedAt,
    acknowledgedAt,
  }))
}

import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import { bucketCount, type Item, type Sides, type Total } from './documents.ts'
import { sql } from './statements.ts'

const dayMs = 86_400_000

/** How far back a day may lie: objects lie thirty days at a third place, and every message of so long is still known by its row. */
export const oldestDays = 31

/** A day, `yyyy-mm-dd`, as time from and to. Days are those of UTC, which both sides have in common. */
export function spanOf(day: string): { from: Date; to: Date } {
  const from = new Date(`${day}T00:00:00Z`)
  return { from, to: new Date(from.getTime() + dayMs) }
}

/** The day of a moment, in UTC. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

/** Why a day cannot be compared now; undefined when it can. */
export function whyNotDay(day: string, now: Date): string | undefined {
  const { from } = spanOf(day)
  if (from > now) return `${day} is still to come`
  if (from.getTime() < now.getTime() - (oldestDays + 1) * dayMs)
    return `${day} lies more than ${oldestDays} days back: what was exchanged then is not compared any more`
  return undefined
}

/** What this node has of a day with a partner. */
export interface CountedDay {
  totals: Sides<Total>
  /** Digests of the parts in base64url, '' of an empty one. */
  buckets: Sides<string[]>
  /** How many messages each part has. */
  counts: Sides<number[]>
}

/** Counts a day with a partner. */
export async function countDay(tx: Tx, partner: string, day: string): Promise<CountedDay> {
  const { from, to } = spanOf(day)
  const rows = await tx.run<{ direction: 'out' | 'in'; bucket: number; count: number; digest: Buffer }>(sql.countDay, [
    partner,
    from,
    to,
  ])
  const side = (direction: 'out' | 'in') => {
    const digests = Array.from({ length: bucketCount }, (): Uint8Array => Buffer.alloc(32))
    const [buckets, counts] = [digests.map(() => ''), digests.map(() => 0)]
    for (const row of rows) {
      if (row.direction !== direction) continue
      digests[row.bucket] = row.digest
      buckets[row.bucket] = row.digest.toString('base64url')
      counts[row.bucket] = row.count
    }
    const digest = createHash('sha256').update(Buffer.concat(digests)).digest('hex')
    return { buckets, counts, total: { count: counts.reduce((sum, each) => sum + each, 0), digest } }
  }
  const [sent, received] = [side('out'), side('in')]
  return {
    totals: { sent: sent.total, received: received.total },
    buckets: { sent: sent.buckets, received: received.buckets },
    counts: { sent: sent.counts, received: received.counts },
  }
}

/** The messages of a day in some of its parts. */
export async function listDay(tx: Tx, partner: string, day: string, parts: Sides<number[]>): Promise<Sides<Item[]>> {
  const { from, to } = spanOf(day)
  const rows = await tx.run<{ direction: 'out' | 'in'; message_id: string; digest: Buffer; receipted: boolean }>(
    sql.listDay,
    [partner, from, to, parts.sent, parts.received],
  )
  const side = (wanted: 'out' | 'in') =>
    rows
      .filter(({ direction }) => direction === wanted)
      .map(({ message_id: id, digest, receipted }): Item => [id, digest.toString('base64url'), receipted])
  return { sent: side('out'), received: side('in') }
}

/** Parts whose digests differ: what one side sent beside what the other received. As many of them as have up to `most` messages here. */
export function differingParts(
  own: CountedDay,
  theirs: Sides<string[]>,
  most: number,
): { opened: Sides<number[]>; differing: number } {
  const opened: Sides<number[]> = { sent: [], received: [] }
  let [differing, listed] = [0, 0]
  for (const [mine, other] of [
    ['sent', 'received'],
    ['received', 'sent'],
  ] as const) {
    for (let part = 0; part < bucketCount; part++) {
      if (own.buckets[mine][part] === theirs[other][part]) continue
      differing++
      const count = own.counts[mine][part] ?? 0
      if (listed + count > most) continue
      listed += count
      opened[mine].push(part)
    }
  }
  return { opened, differing }
}

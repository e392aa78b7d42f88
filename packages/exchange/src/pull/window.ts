import { As4Fault, type PMode, type Reference, type Wire } from '@corridor/as4'
import { answerOf, as4Way } from '../as4-link.ts'
import { backOffMs } from '../back-off.ts'
import { queueSettings, retryScheduleOf, sql, type Context } from '../context.ts'
import { ExchangeFault } from '../faults.ts'
import { leaseName } from '../lease-name.ts'
import type { Partner } from '../model.ts'
import { hasEnded } from '../own-keys.ts'
import { sealedBytesOf } from '../sealed-bytes.ts'
import type { LeasedRow } from '../sender.ts'
import { makeMarks, makeReceipts } from '../sent.ts'
import { redacted } from '../telling.ts'

/** A message that was handed out is not handed out again before this, unless its receipt comes; a slow line may take as long. */
const onOfferMs = 60_000

/** Hands what is owed to partners that fetch to whoever of them asks (eDelivery AS4 1.15, 1.5.5). */
export interface Window {
  /** The agreement of a channel; its partner is the one who may ask. */
  findPMode(mpc: string): PMode | undefined
  /** The oldest message for a partner that may go now, leased and stored before it leaves; undefined when nothing waits. */
  next(partner: Partner): Promise<Wire | undefined>
  /** Settles what a receipt or an error is about, which a partner that fetches has sent by itself; false when it is about nothing. */
  settle(partner: Partner, messageId: string, wire: Wire): Promise<boolean>
}

export function makeWindow(context: Context): Window {
  const { db, clock, partners, meter } = context
  const lease = leaseName(context.newId())
  const [marks, receipts] = [makeMarks(context, lease), makeReceipts(context)]
  const fetching = [...partners.values()].filter(({ pulls }) => pulls === 'they')
  const ways = new Map(fetching.map((partner) => [partner.party, as4Way(context, partner)]))
  return {
    findPMode: (mpc) => fetching.find(({ sending }) => sending.mpc === mpc)?.sending,
    async next({ party }) {
      const way = ways.get(party)
      if (way === undefined || hasEnded(context)) return undefined
      for (;;) {
        const now = clock()
        const until = new Date(now.getTime() + onOfferMs)
        const [row] = await db.run<LeasedRow>(sql.lease, [now, until, 1, lease, [party], [1]], queueSettings)
        if (row === undefined) return undefined
        try {
          const sealed = await sealedBytesOf(context, marks, row, way)
          if (sealed !== undefined) return sealed
        } catch (error) {
          if (!(error instanceof As4Fault || error instanceof ExchangeFault)) throw error
          // It will not get better by waiting, and keeps nothing else back.
          await db.run(sql.settleUnsent, [row.id, lease, now, `${error.code}: ${error.message}`, true, now, false])
          context.log('error', 'message parked', { message: row.message_id, to: party, error })
        }
      }
    },
    async settle(partner, messageId, wire) {
      const { party, sending } = partner
      const [row] = await db.run<LeasedRow & { lease: string | null }>(sql.pulledMessage, [messageId, party])
      if (row === undefined || row.sealed_references === null) return false
      const references = [...(row.sealed_references as readonly Reference[])]
      const now = clock()
      const judged = answerOf(context.sealing, wire, { messageId, references }, sending, now)
      if (judged.kind === 'receipt') {
        await receipts.add({ row, receipt: wire, references, at: now })
        meter({ what: 'sending', outcome: 'receipted', party, again: row.tries > 1 })
        return true
      }
      // Only a failure that it has signed ends a message, as in an answer to what is pushed.
      const parked = judged.kind === 'final'
      const reason = redacted(parked ? `${judged.code}: ${judged.text}` : judged.reason)
      const pauseMs = parked ? 0 : backOffMs(row.tries, retryScheduleOf(context, party), context.random)
      await db.run(sql.settleUnsent, [row.id, row.lease, new Date(now.getTime() + pauseMs), reason, parked, now, false])
      meter({ what: 'sending', outcome: parked ? 'parked' : 'unanswered', party, again: row.tries > 1 })
      return true
    },
  }
}

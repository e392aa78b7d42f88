import { As4Fault, type Wire } from '@corridor/as4'
import { as4Way } from './as4-link.ts'
import { backOffMs, putAgainPauseMs } from './back-off.ts'
import type { Batch } from './batch.ts'
import { cannotBeSealed, carriedWay } from './carried/way.ts'
import { queueSettings, retryScheduleOf, sql, type Context } from './context.ts'
import { leaseName } from './lease-name.ts'
import { Loop } from './loop.ts'
import { ExchangeFault } from './faults.ts'
import { parkOrphans } from './orphans.ts'
import { hasEnded } from './own-keys.ts'
import { Places } from './places.ts'
import { makeMarks, makeReceipts, type Mark, type Receipted } from './sent.ts'
import { sealedBytesOf } from './sealed-bytes.ts'
import { redacted } from './telling.ts'
import type { References, SealedBytes, Sent, Unsent, Way } from './way.ts'

/** A row of the outbox that this sender has leased. */
export interface LeasedRow {
  id: string
  message_id: string
  sender: string
  recipient: string
  conversation: string
  document_type: string
  ref_to: string | null
  payload: Buffer
  payload_digest: Buffer
  created_at: Date
  tries: number
  sealed: Buffer | null
  sealed_content_type: string | null
  sealed_references: References | null
  sealed_by: string | null
}

/**
 * Sends what the outbox owes to partners. A lease is a time in the row: nothing is held open in the database while bytes travel. A
 * sender that dies stops renewing its leases, and another one sends the same bytes again.
 */
export class Sender {
  readonly #context: Context
  /** By party. */
  readonly #ways: ReadonlyMap<string, Way>
  readonly #loop: Loop
  readonly #most: number
  /** The name under which this process leases. */
  readonly #lease: string
  readonly #marks: Batch<Mark, boolean>
  readonly #receipts: Batch<Receipted, undefined>
  /** Messages by the id of their row: to whom, and when they are settled. */
  readonly #underWay = new Map<string, { party: string; settled: Promise<void> }>()
  /** Turn of the partner that is asked for first. */
  #first = 0
  readonly #places = new Map<string, Places>()
  /** Partners that did not answer: since and until when they are left alone, and how often it has failed. */
  readonly #away = new Map<string, { since: number; until: number; failures: number }>()
  #renewal: unknown
  #orphans: unknown
  #withheld = false
  #isStopped = false

  /** @param sending how many messages may be under way to one partner at the same time, at most */
  constructor(context: Context, sending: number) {
    this.#context = context
    this.#ways = waysOf(context)
    this.#most = sending
    this.#lease = leaseName(context.newId())
    this.#marks = makeMarks(context, this.#lease)
    this.#receipts = makeReceipts(context)
    this.#loop = new Loop({
      lanes: 1,
      step: () => this.#leaseAndSend(),
      pollMs: context.patience.pollMs,
      timers: context.timers,
      onFault: (error) => context.log('error', 'cannot lease messages', { error }),
    })
  }

  start(): void {
    this.#lookForOrphans()
    this.#loop.start()
    this.#armRenewal()
  }

  wake(): void {
    this.#loop.wake()
  }

  /** Leases no more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#context.timers.clearTimeout(this.#orphans)
    await this.#loop.stop()
    await Promise.all([...this.#underWay.values()].map(({ settled }) => settled))
    this.#context.timers.clearTimeout(this.#renewal)
  }

  /** Leases up to `most` due messages and sends them; answers how many, when all of them are settled. */
  async sendDue(most: number): Promise<number> {
    const rows = await this.#leaseDue(most)
    await Promise.all(rows.map((row) => this.#take(row)))
    return rows.length
  }

  async #leaseAndSend(): Promise<boolean> {
    for (const row of await this.#leaseDue()) void this.#take(row).finally(() => this.wake())
    return false
  }

  /** @param most in all; without it, as many as the partners have places */
  async #leaseDue(most?: number): Promise<LeasedRow[]> {
    const { db, clock, patience } = this.#context
    if (this.#isWithheld()) return []
    const now = clock()
    const free = this.#freePlaces(now)
    if (free.length === 0) return []
    const until = new Date(now.getTime() + patience.leaseMs)
    const [parties, places] = [free.map(([party]) => party), free.map(([, number]) => number)]
    // A lease that a crash of the server forgets only makes the same bytes go again: no need to wait for the disk.
    const rows = await db.run<LeasedRow>(sql.lease, [now, until, most ?? null, this.#lease, parties, places], {
      ...queueSettings,
      synchronous_commit: 'off',
    })
    // A clock that jumps ahead ends the leases of what this process is just sending: sealed a second time, beside itself, a message
    // would leave as other bytes. Its lease is longer now, and that is all.
    return rows.filter(({ id }) => !this.#underWay.has(id))
  }

  /** Whether nothing may leave, because our signing certificate has ended; says so once. */
  #isWithheld(): boolean {
    const { log, identity } = this.#context
    const before = this.#withheld
    this.#withheld = hasEnded(this.#context)
    if (this.#withheld && !before)
      log('error', 'nothing is sent: our signing certificate has ended', { endedAt: identity.certificate.validToDate })
    return this.#withheld
  }

  /** Again when what another process, or one that was killed, is sending to such has been settled or given back. */
  async #parkOrphans(): Promise<void> {
    const { timers, patience } = this.#context
    const { underWay } = await parkOrphans(this.#context)
    if (underWay === 0 || this.#isStopped) return
    this.#orphans = timers.setTimeout(() => this.#lookForOrphans(), patience.leaseMs)
  }

  #lookForOrphans(): void {
    this.#parkOrphans().catch((error: unknown) =>
      this.#context.log('warn', 'cannot look for messages without a partner', { error }),
    )
  }

  /** Partners that are not left alone, each with how many messages it may still have under way. Another one is first each time. */
  #freePlaces(now: Date): [party: string, places: number][] {
    const parties = [...this.#ways.keys()].filter((party) => !isPulledBy(this.#context, party))
    this.#first = (this.#first + 1) % Math.max(parties.length, 1)
    const inTurn = [...parties.slice(this.#first), ...parties.slice(0, this.#first)]
    return inTurn
      .filter((party) => !isDuring(this.#away.get(party), now.getTime()))
      .map((party): [string, number] => [party, this.#placesOf(party).number - this.#underWayTo(party)])
      .filter(([, places]) => places > 0)
  }

  #placesOf(party: string): Places {
    const known = this.#places.get(party)
    if (known !== undefined) return known
    const places = new Places(this.#most)
    this.#places.set(party, places)
    return places
  }

  #underWayTo(party: string): number {
    let number = 0
    for (const each of this.#underWay.values()) if (each.party === party) number++
    return number
  }

  #take(row: LeasedRow): Promise<void> {
    const settled = this.#sendAndSettle(row).finally(() => this.#underWay.delete(row.id))
    this.#underWay.set(row.id, { party: row.recipient, settled })
    return settled
  }

  /** Never rejects: what cannot be settled is leased again when this lease has ended. */
  async #sendAndSettle(row: LeasedRow): Promise<void> {
    const { log } = this.#context
    try {
      // Only what is for partners was leased.
      const way = this.#ways.get(row.recipient) as Way
      const sealed = await sealedBytesOf(this.#context, this.#marks, row, way)
      if (sealed === undefined) return
      const sent = await this.#send(row, way, sealed)
      if ('receipt' in sent) await this.#settleReceipted(row, sent.receipt, sealed.references)
      else if ('left' in sent) await this.#settleLeft(row, sent.left)
      else await this.#settleUnsent(row, sent)
    } catch (error) {
      // A message that the profile cannot express, or whose document is not there any more, will not get better by waiting.
      if (error instanceof As4Fault || error instanceof ExchangeFault || cannotBeSealed(error))
        await this.#settleUnsent(row, { park: `${error.code}: ${error.message}` }).catch(() => {})
      log('error', 'a message could not be sent', { message: row.message_id, to: row.recipient, error })
    }
  }

  async #send(row: LeasedRow, way: Way, sealed: SealedBytes): Promise<Sent> {
    const { clock, meter } = this.#context
    const began = clock().getTime()
    const sent = await way.send(row, sealed)
    if ('retry' in sent || 'park' in sent) return sent
    const party = row.recipient
    const now = clock().getTime()
    const [bytes, underWay] = [sealed.body.length, this.#underWayTo(party)]
    this.#placesOf(party).answered({ afterMs: now - began, bytes, underWay })
    // The receipt of a first try was made while we waited; that of a repeat may be as old as the first.
    if ('receipt' in sent && row.tries === 1)
      meter({ what: 'partner-clock', party, aheadMs: sent.madeAt.getTime() - now })
    return sent
  }

  async #settleReceipted(row: LeasedRow, receipt: Wire, references: References): Promise<void> {
    await this.#receipts.add({ row, receipt, references, at: this.#context.clock() })
    this.#measure(row, 'receipted')
    await this.#isBack(row.recipient)
  }

  /** It lies where the addressee finds it; what settles it is the receipt that comes back (carried/take.ts). */
  async #settleLeft(row: LeasedRow, place: string): Promise<void> {
    const { db, clock, patience } = this.#context
    const now = clock()
    const againAt = new Date(now.getTime() + putAgainPauseMs(patience, now.getTime() - row.created_at.getTime()))
    await db.run(sql.settleLeft, [row.id, this.#lease, againAt, `lies at ${place}`, place, now])
    await this.#isBack(row.recipient)
  }

  /** What waited for a partner that answers again goes now. */
  async #isBack(party: string): Promise<void> {
    const { db, clock } = this.#context
    if (this.#away.delete(party)) await db.run(sql.hurryPartner, [party, clock()])
  }

  async #settleUnsent(row: LeasedRow, unsent: Unsent): Promise<void> {
    const { db, clock, random, log } = this.#context
    const now = clock()
    const schedule = retryScheduleOf(this.#context, row.recipient)
    const givenUp = 'retry' in unsent && row.tries >= schedule.triesBeforeParked
    // Part of it is what the partner says, in its own words.
    const reason = redacted(
      'park' in unsent ? unsent.park : givenUp ? `given up after ${row.tries} tries: ${unsent.retry}` : unsent.retry,
    )
    const parked = 'park' in unsent || givenUp
    let pauseMs = 0
    if ('retry' in unsent) {
      pauseMs = Math.max(unsent.pauseMs ?? 0, backOffMs(row.tries, schedule, random))
      if (unsent.wholePartner) this.#leaveAlone(row.recipient, unsent.pauseMs)
    }
    const dueAt = new Date(now.getTime() + pauseMs)
    const anew = 'retry' in unsent && unsent.anew === true
    await db.run(sql.settleUnsent, [row.id, this.#lease, dueAt, reason, parked, now, anew])
    this.#measure(row, parked ? 'parked' : 'unanswered')
    log(parked ? 'error' : 'warn', parked ? 'message parked' : 'no receipt', {
      message: row.message_id,
      to: row.recipient,
      reason,
      tries: row.tries,
    })
  }

  #measure(row: LeasedRow, outcome: 'receipted' | 'unanswered' | 'parked'): void {
    this.#context.meter({ what: 'sending', outcome, party: row.recipient, again: row.tries > 1 })
  }

  /** While a partner is away, one try after each pause is enough, however many messages there are for it. */
  #leaveAlone(party: string, askedMs: number | undefined): void {
    const { clock, random } = this.#context
    const now = clock().getTime()
    const before = this.#away.get(party)
    // Messages that were under way together fail together, and count as one failure.
    if (isDuring(before, now)) return
    this.#placesOf(party).failed()
    const failures = (before?.failures ?? 0) + 1
    const until = now + Math.max(askedMs ?? 0, backOffMs(failures, retryScheduleOf(this.#context, party), random))
    this.#away.set(party, { since: now, until, failures })
  }

  #armRenewal(): void {
    const { timers, patience, clock, db, log } = this.#context
    this.#renewal = timers.setTimeout(() => {
      this.#armRenewal()
      const ids = [...this.#underWay.keys()]
      if (ids.length === 0) return
      const until = new Date(clock().getTime() + patience.leaseMs)
      db.run(sql.renewLeases, [ids, this.#lease, until]).catch((error) => log('warn', 'cannot renew leases', { error }))
    }, patience.leaseMs / 3)
  }
}

/** Whether a partner fetches what is for it: nothing is pushed to it then. */
function isPulledBy({ partners }: Context, party: string): boolean {
  return partners.get(party)?.pulls === 'they'
}

function waysOf(context: Context): Map<string, Way> {
  return new Map([
    ...[...context.partners].map(([party, partner]): [string, Way] => [party, as4Way(context, partner)]),
    ...[...context.carried].map(([party, partner]): [string, Way] => [party, carriedWay(context, partner)]),
  ])
}

/** A pause that has not begun yet is of a clock that was ahead, and is over. */
function isDuring(pause: { since: number; until: number } | undefined, now: number): boolean {
  return pause !== undefined && pause.since <= now && now < pause.until
}

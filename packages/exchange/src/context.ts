import type { Identity } from '@corridor/as4'
import { statements, type Database, type Tx } from '@corridor/database'
import type { Meter } from './meter.ts'
import type {
  CarriedPartner,
  ExchangeOptions,
  Log,
  Outgoing,
  Partner,
  Patience,
  Place,
  RetrySchedule,
  Timers,
  Transport,
} from './model.ts'
import { ExchangeFault } from './faults.ts'
import { FairOrder } from './fair-order.ts'
import { requireOwnKey } from './own-keys.ts'
import { type KeyDigest, makeKeyDigest } from './repair/keys.ts'
import { reconciliationMediaTypes } from './reconciliation/documents.ts'
import { as4Sealing, type Sealing } from './sealing.ts'
import { makeVault, type Vault } from './vault.ts'

/** The statements of this room, one file each in `sql/`. */
export const sql = statements<
  | 'accept'
  | 'acknowledgeMailbox'
  | 'answersTo'
  | 'backlog'
  | 'claim'
  | 'conversationMessages'
  | 'documentKinds'
  | 'enqueue'
  | 'fail'
  | 'finish'
  | 'giveAgain'
  | 'forgetReceived'
  | 'forgetSent'
  | 'hurryPartner'
  | 'journalLeaves'
  | 'journalOf'
  | 'journalPlace'
  | 'journalPlaces'
  | 'journalSeals'
  | 'journalState'
  | 'journalUnsealed'
  | 'keptBytes'
  | 'keptMessages'
  | 'lags'
  | 'lastJournalSeal'
  | 'lease'
  | 'lockJournalSeals'
  | 'lockMailbox'
  | 'mailboxEnd'
  | 'mailboxItem'
  | 'mailboxMessage'
  | 'markSent'
  | 'mendTimes'
  | 'message'
  | 'newestDocuments'
  | 'nextJournalSeal'
  | 'notify'
  | 'objectsLeft'
  | 'numberMailbox'
  | 'outcomes'
  | 'parkCarried'
  | 'parkOrphans'
  | 'partners'
  | 'pulledMessage'
  | 'readMailbox'
  | 'relink'
  | 'renewLeases'
  | 'sentMessage'
  | 'retryInbox'
  | 'retryOutbox'
  | 'settleCarried'
  | 'settleLeft'
  | 'settleReceipted'
  | 'settleUnsent'
  | 'storedInbox'
  | 'storedOutbox'
  | 'wait'
  | 'warnOfCertificate'
  | 'withdraw'
  | 'writeJournal'
  | 'writeJournalSeal'
  | 'writeProbe'
>(new URL('sql/', import.meta.url))

/**
 * For taking work from a queue. PostgreSQL keeps the plan that it made when the queue was empty, and would then read and sort a whole
 * backlog for each message; the index that is in order is the one right way, however long the queue.
 */
export const queueSettings = { enable_seqscan: 'off', enable_bitmapscan: 'off' } as const

/** The options with every default filled in, as the parts of the exchange share them. */
export interface Context {
  db: Database
  party: string
  identity: Identity
  /** Those with a direct link. */
  partners: ReadonlyMap<string, Partner>
  /** Those that are reached by a third place. No party is in both. */
  carried: ReadonlyMap<string, CarriedPartner>
  places: ReadonlyMap<string, Place>
  sealing: Sealing
  mediaTypes: Readonly<Record<string, string>>
  vault: Vault
  keyDigest: KeyDigest
  /** Transactions of which nothing will stay, and what was owed in them. */
  trials: WeakMap<Tx, Outgoing[]>
  order: FairOrder
  onMailbox: NonNullable<ExchangeOptions['onMailbox']>
  admit: NonNullable<ExchangeOptions['admit']>
  transport: Transport
  clock: () => Date
  newId: () => string
  random: () => number
  timers: Timers
  log: Log
  meter: Meter
  patience: Patience
}

/** What a node has when nothing else is said. */
export const defaultPatience: Patience = {
  backOffMs: 1_000,
  backOffMostMs: 600_000,
  triesBeforeParked: 750,
  leaseMs: 10_000,
  failurePausesMs: [1_000, 10_000],
  waitPausesMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 72_000, 120_000],
  pollMs: 1_000,
  sealMs: 1_000,
  objectLifeMs: 30 * 86_400_000,
  putAgainMs: 600_000,
  pullMs: 2_000,
}

/** The timers of this process. */
export const processTimers: Timers = {
  setTimeout: (work, delayMs) => setTimeout(work, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
}

/** When messages go again to a partner. */
export function retryScheduleOf(
  { partners, carried, patience }: Pick<Context, 'partners' | 'carried' | 'patience'>,
  party: string,
): RetrySchedule {
  return { ...patience, ...(partners.get(party) ?? carried.get(party))?.retry }
}

/** Fills in defaults; faults `exchange.no-channel`, `exchange.partner-twice`, `exchange.unknown-place`, `exchange.wrong-key`. */
export function makeContext(options: ExchangeOptions): Context {
  const { partners, carried, places } = whomOf(options)
  const { db, party, identity, transport, clock, newId, random } = options
  requireOwnKey('the signing key', identity.certificate, identity.privateKey)
  const { encryption } = identity
  for (const pair of [...(encryption ? [encryption] : []), ...(identity.alsoDecrypts ?? [])])
    requireOwnKey('the key that decrypts', pair.certificate, pair.privateKey)
  return {
    db,
    party,
    identity,
    partners,
    carried,
    places,
    sealing: options.sealing ?? as4Sealing,
    mediaTypes: { ...reconciliationMediaTypes, ...options.mediaTypes },
    vault: makeVault(options.dataKey),
    keyDigest: makeKeyDigest(options.dataKey),
    trials: new WeakMap(),
    order: new FairOrder(),
    onMailbox: options.onMailbox ?? (async () => {}),
    admit: options.admit ?? (async () => undefined),
    transport,
    clock,
    newId,
    random,
    timers: options.timers ?? processTimers,
    log: options.log ?? (() => {}),
    meter: options.meter ?? (() => {}),
    patience: { ...defaultPatience, ...options.patience },
  }
}

/** Everybody by name, each once. */
function whomOf(options: ExchangeOptions): Pick<Context, 'partners' | 'carried' | 'places'> {
  const partners = new Map<string, Partner>()
  const carried = new Map<string, CarriedPartner>()
  const places = new Map(Object.entries(options.places ?? {}))
  const isKnown = (party: string): boolean => partners.has(party) || carried.has(party)
  for (const partner of options.partners) {
    if (isKnown(partner.party)) throw new ExchangeFault('exchange.partner-twice', partner.party)
    const { pulls, sending, receiving } = partner
    if (pulls !== undefined && (pulls === 'they' ? sending : receiving).mpc === undefined)
      throw new ExchangeFault('exchange.no-channel', partner.party)
    partners.set(partner.party, partner)
  }
  for (const partner of options.carried ?? []) {
    if (isKnown(partner.party)) throw new ExchangeFault('exchange.partner-twice', partner.party)
    const place = places.get(partner.place)
    if (place === undefined || ('hub' in place && !partners.has(place.hub)))
      throw new ExchangeFault('exchange.unknown-place', `${partner.place} for ${partner.party}`)
    carried.set(partner.party, partner)
  }
  return { partners, carried, places }
}

/** Pure: what may be done with a contract and under it. Both sides ask the same questions of what each of them knows. */
import { refused, type Refused, type RefusalCode } from './refusals.ts'

export type ContractState = 'offered' | 'accepted' | 'declined' | 'replaced' | 'withdrawn' | 'ended'

/** What a side knows of one version of a contract. */
export interface KnownContract {
  owner: string
  reader: string
  version: number
  digest: string
  state: ContractState
  validFrom: Date
  validTo: Date
}

/** A clock that is behind the other side's refuses nothing of the first minutes. */
const clockToleranceMs = 5 * 60_000

const over: Partial<Record<ContractState, RefusalCode>> = {
  withdrawn: 'withdrawn',
  ended: 'expired',
  declined: 'declined',
  offered: 'not-accepted',
  replaced: 'replaced',
}

/**
 * Withdrawn and ended ids do not come to life again, under no version: what was agreed anew has an id of its own. A withdrawn version
 * says so whatever came after it; one that has ended, only as the newest: a version that runs longer may have taken its place.
 */
export function endOf(versions: readonly KnownContract[]): 'withdrawn' | 'ended' | undefined {
  if (versions.some(({ state }) => state === 'withdrawn')) return 'withdrawn'
  return versions[0]?.state === 'ended' ? 'ended' : undefined
}

/** A contract that came: is it new, known, or to be refused? `versions`: what is known of this id, the newest first. */
export function judgeOffer(
  offer: { owner: string; reader: string; version: number; digest: string },
  { sender, party, versions }: { sender: string; party: string; versions: readonly KnownContract[] },
): 'new' | 'known' | Refused {
  if (offer.owner !== sender) return refused('not-owner')
  if (offer.reader !== party) return refused('not-reader')
  const same = versions.find(({ version }) => version === offer.version)
  const [newest] = versions
  const dead = endOf(versions)
  if (dead !== undefined) return refused(over[dead]!)
  if (same !== undefined) return same.digest === offer.digest ? 'known' : refused('contract-changed')
  return newest !== undefined && newest.version > offer.version ? refused('older-version') : 'new'
}

/** An answer of the reader, given here or come from there. */
export function judgeAnswer(known: KnownContract | undefined, digest: string, now: Date): Refused | undefined {
  if (known === undefined) return refused('unknown-contract')
  if (known.digest !== digest) return refused('contract-changed')
  if (known.state !== 'offered') return refused(known.state === 'accepted' ? 'not-offered' : over[known.state]!)
  return known.validTo <= now ? refused('expired') : undefined
}

/** A withdrawal by either side. */
export function judgeWithdrawal(versions: readonly KnownContract[], by: string): Refused | undefined {
  const [newest] = versions
  if (newest === undefined || (newest.owner !== by && newest.reader !== by)) return refused('unknown-contract')
  const isOver = versions.every(({ state }) => state === 'withdrawn' || state === 'ended' || state === 'declined')
  return isOver ? refused(over[newest.state]!) : undefined
}

/** Something that came under a contract. A version that was replaced meanwhile still covers what its owner shared before. */
export function judgeItem(known: KnownContract | undefined, now: Date): Refused | undefined {
  if (known === undefined) return refused('unknown-contract')
  if (known.state !== 'accepted' && known.state !== 'replaced') return refused(over[known.state]!)
  if (known.validTo <= now) return refused('expired')
  return known.validFrom.getTime() > now.getTime() + clockToleranceMs ? refused('not-yet') : undefined
}

/** Why nothing may go for a purpose now: what was agreed last says it. `agreed`: what there is between the two, the newest first. */
export function judgePurpose(
  agreed: readonly { purpose: string; state: ContractState; validFrom: Date; validTo: Date }[],
  purpose: string,
  now: Date,
): RefusalCode | undefined {
  const own = agreed.filter((each) => each.purpose === purpose)
  const running = own.filter(({ state, validTo }) => state === 'accepted' && validTo > now)
  if (running.some(({ validFrom }) => validFrom <= now)) return undefined
  if (running.length > 0) return 'not-yet'
  const [newest] = own
  if (newest === undefined) return agreed.length === 0 ? 'unknown-contract' : 'not-agreed'
  if (newest.validTo <= now && newest.state !== 'withdrawn') return 'expired'
  return over[newest.state] ?? 'not-accepted'
}

/** A reading at the reader. */
export function judgeReading(
  item: { state: ContractState; validTo: Date; until: Date; endedAt: Date | null; reader: string } | undefined,
  party: string,
  now: Date,
): Refused | undefined {
  if (item === undefined) return refused('unknown-item')
  if (item.reader !== party) return refused('not-reader')
  if (item.state !== 'accepted' && item.state !== 'replaced') return refused(over[item.state]!)
  if (item.validTo <= now) return refused('expired')
  return item.endedAt !== null || item.until <= now ? refused('retention-over') : undefined
}

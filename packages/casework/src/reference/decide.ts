/** What to do with reference data that came, and what its owner answers. Pure: who calls makes the effects in one transaction. */
import type { Holding, ReferenceDataRequest, VersionHead } from './documents.ts'

/** A list as the receiver knows it. */
export interface KnownList extends Holding {
  readonly owner?: string
}

/** Parts of a version that came before. */
export type PartsHeld = Pick<VersionHead, 'version' | 'previous' | 'digest' | 'parts'> & {
  readonly have: readonly number[]
}

/** What a receiver does with a part of a version. */
export type Reception =
  /** nothing is imported; the sender hears why, and the journal keeps it */
  | { readonly do: 'refuse'; readonly reason: string }
  /** it is there already, or a later one is: no effect, and the sender hears what is held */
  | { readonly do: 'acknowledge-held' }
  /** a version before it is missing: ask the owner for all since the one that is held */
  | { readonly do: 'catch-up' }
  /** other parts are to come; `anew`: what was kept is of another version, or of another one of it, and goes */
  | { readonly do: 'keep-part'; readonly anew: boolean }
  /** this is the last part that was missing: apply all at once, then compare the digest */
  | { readonly do: 'apply' }

/** Decides on a part of a version. @param list undefined when nobody declared it here @param kept parts of a version of this list */
export function receptionOf(
  head: VersionHead,
  sender: string,
  list: KnownList | undefined,
  kept: PartsHeld | undefined,
): Reception {
  const { id, owner } = head.list
  if (list === undefined)
    return { do: 'refuse', reason: `nobody declared the list ${id} here: it takes a subscription` }
  if (list.owner !== sender || owner !== sender)
    return { do: 'refuse', reason: `the list ${id} belongs to ${list.owner ?? 'nobody'}, and not to ${sender}` }
  if (head.version <= list.version) return { do: 'acknowledge-held' }
  if (head.previous !== undefined && head.previous !== list.version) return { do: 'catch-up' }
  const goesOn =
    kept?.version === head.version &&
    kept.previous === head.previous &&
    kept.digest === head.digest &&
    kept.parts === head.parts
  const have = new Set(goesOn ? kept.have : []).add(head.part)
  if (have.size === head.parts) return { do: 'apply' }
  return { do: 'keep-part', anew: kept !== undefined && !goesOn }
}

/**
 * What follows when the list after a version is another than the owner says; the version was taken back. An incremental one may have met a
 * list that was not the owner's: the whole list is asked for. A whole list that does not fit is refused, so that this ends.
 * @param found what is there in place of the owner's digest, in words
 */
export function mismatchOf({ previous, version, digest }: VersionHead, found: string): Reception {
  if (previous !== undefined) return { do: 'catch-up' }
  return { do: 'refuse', reason: `version ${version} has ${found}, and not the digest ${digest} as its owner says` }
}

/** A list as its owner has it. */
export interface OwnList {
  readonly owner?: string
  /** published versions that can be gone on from, newest first */
  readonly published: readonly Holding[]
}

/** What an owner answers to a request. */
export type Answer =
  | { readonly send: 'refusal'; readonly reason: string }
  /** the asker has the version in use, or there is none yet */
  | { readonly send: 'nothing' }
  | { readonly send: 'full'; readonly version: number }
  | { readonly send: 'incremental'; readonly previous: number; readonly version: number }

/** Decides on a request to `party`. Changes go to who holds one of our versions as we had it; anybody else gets the whole list. */
export function answerOf(
  { list: id, request, holds }: ReferenceDataRequest,
  party: string,
  list: OwnList | undefined,
  isSubscribed: boolean,
): Answer {
  if (list === undefined) return { send: 'refusal', reason: `there is no list ${id} here` }
  if (list.owner !== party)
    return { send: 'refusal', reason: `the list ${id} belongs to ${list.owner ?? 'nobody'}: ask there` }
  if (request === 'unsubscribe') return { send: 'nothing' }
  if (request === 'catch-up' && !isSubscribed)
    return { send: 'refusal', reason: `no subscription of ${id}: subscribe first` }
  const [newest] = list.published
  if (newest === undefined) return { send: 'nothing' }
  const same = list.published.find(({ version, digest }) => version === holds.version && digest === holds.digest)
  if (same === undefined) return { send: 'full', version: newest.version }
  if (same.version === newest.version) return { send: 'nothing' }
  return { send: 'incremental', previous: same.version, version: newest.version }
}

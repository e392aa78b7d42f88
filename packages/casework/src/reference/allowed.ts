/** What may be done with a version of a list now, and by whom, so that a screen need not know the rules. Pure. */
import type { reference } from '@corridor/registry'

/** Who asks: a reference-data manager, and of which administration. */
export interface Asker {
  readonly account: string
  readonly isManager: boolean
  readonly party: string
}

/** An act on a version, and why the asker may not do it now; without `why` it is open. */
export interface VersionAct {
  readonly act: 'review' | 'publish' | 'discard' | 'restore'
  readonly why?: Hindrance
}

/** Why an act is not open: not a manager; another administration's list; the author; not reviewed yet; another version is open. */
export type Hindrance = 'not-manager' | 'not-owner' | 'same-person' | 'not-reviewed' | 'version-open'

type Head = Pick<reference.ListSummary, 'owner' | 'latest' | 'published'>

/** Why nobody, or not the asker, begins a version of the list now; undefined when they may. */
export function draftHindrance(list: Head, asker: Asker): Hindrance | undefined {
  return whoseHindrance(list, asker) ?? (list.latest > list.published ? 'version-open' : undefined)
}

/** The acts that a version is open to in its state, for the asker. */
export function actsOn(
  { state, author, number }: Pick<reference.ListVersion, 'state' | 'author' | 'number'>,
  list: Head,
  asker: Asker,
): VersionAct[] {
  const act = (name: VersionAct['act'], own?: Hindrance): VersionAct => {
    const why = whoseHindrance(list, asker) ?? own
    return { act: name, ...(why !== undefined && { why }) }
  }
  if (state === 'draft')
    return [
      act('review', author === asker.account ? 'same-person' : undefined),
      act('publish', 'not-reviewed'),
      act('discard'),
    ]
  if (state === 'reviewed') return [act('publish'), act('discard')]
  if (number >= list.published) return []
  return [act('restore', list.latest > list.published ? 'version-open' : undefined)]
}

function whoseHindrance({ owner }: Head, { isManager, party }: Asker): Hindrance | undefined {
  if (owner !== undefined && owner !== party) return 'not-owner'
  return isManager ? undefined : 'not-manager'
}

/** What of a declaration may be shown to somebody: what lies under a share is read there, and its owner hears of it. */
import type { Block } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import { declared } from '@corridor/registry'
import { keptBlock } from './kept.ts'
import type { DeclarationPorts, ShareHindrance } from './settings.ts'

/** The block that counts, or why it is not shown. */
export interface BlockShown {
  readonly block?: Block | undefined
  readonly over?: ShareHindrance | undefined
}

const lostShare: ShareHindrance = { code: 'unknown-item', text: 'Nothing of this id was shared.', about: [] }

/** The block that counts of a declaration, read in the name of somebody. */
export async function shownBlock(
  own: DeclarationPorts,
  tx: Tx,
  declaration: declared.Declaration | undefined,
  who: string,
): Promise<BlockShown> {
  if (declaration === undefined || declaration.version === 0) return {}
  const version = await declared.versionOf(tx, declaration.id, declaration.version)
  return version === undefined ? {} : blockOfVersion(own, tx, declaration.party, version, who)
}

/** The block of a version, read in the name of somebody. @param owner whose it is, where it lies under a share */
export async function blockOfVersion(
  own: DeclarationPorts,
  tx: Tx,
  owner: string,
  { block, messageId }: Pick<declared.DeclarationVersion, 'block' | 'messageId'>,
  who: string,
): Promise<BlockShown> {
  if (block !== null) return { block: keptBlock(block) }
  const shown = await own.shares?.read(tx, { owner, item: messageId ?? '' }, who)
  return shown?.kind === 'shown' ? { block: shown.block } : { over: shown?.why ?? lostShare }
}

/** How a declaration stands to shares. */
export interface ShareStanding {
  /** Why its last version has not gone; null when it has, or will at once. */
  keptBack: ShareHindrance | null
  /** Why what came is not shown any more. */
  over: ShareHindrance | null
  /** The contract under which the version that counts went or came. */
  share: { owner: string; id: string } | null
}

const unfit: ShareHindrance = {
  code: 'contract-unfit',
  text: 'The contract that is in force does not cover this declaration, or the other side did not take it.',
  about: [],
}

/** How a declaration stands to shares; `over` is what reading it answered. */
export async function shareStanding(
  own: DeclarationPorts,
  tx: Tx,
  { id, side, party, version, keptBack }: declared.Declaration,
  { self, over }: { self: string; over: ShareHindrance | undefined },
): Promise<ShareStanding> {
  const purpose = own.agreements.get(party)?.purpose
  const why =
    keptBack === null || purpose === undefined ? undefined : await own.shares?.whyNot(tx, { reader: party, purpose })
  const owner = side === 'export' ? self : party
  const isExport = side === 'export' || side === 'partner-export'
  const item = isExport ? (await declared.versionOf(tx, id, version))?.messageId : undefined
  const share = item == null ? undefined : await own.shares?.contractOf(tx, { owner, item })
  return {
    keptBack: why ?? (keptBack === null || keptBack === '' ? null : unfit),
    over: over ?? null,
    share: share ?? null,
  }
}

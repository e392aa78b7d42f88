import type { DeclarationSide } from '@corridor/procedures'
import type { Tx } from '@corridor/database'
import { sql } from './statements.ts'

/** Keeps the last version of an export back until it can go in another way than `under`; '': in any. Null: nothing is kept back. */
export async function keepBack(tx: Tx, declaration: string, under: string | null): Promise<void> {
  await tx.run(sql.keepBack, [declaration, under])
}

/**
 * Ids of exports for a party that were kept back, but for those that cannot go in this way.
 * @param unchangedSince of those, too, what has not changed since; null: none of them
 */
export async function keptBack(
  tx: Tx,
  party: string,
  { under, unchangedSince, limit }: { under: string; unchangedSince: Date | null; limit: number },
): Promise<string[]> {
  return (await tx.run<{ id: string }>(sql.keptBack, [party, under, limit, unchangedSince])).map(({ id }) => id)
}

/** A version that was kept back is on its way. */
export async function versionSent(tx: Tx, declaration: string, version: number, messageId: string): Promise<void> {
  await tx.run(sql.versionSent, [declaration, version, messageId])
}

/** A version of another administration has come again, and lies now where it came last. @param block null where it lies under a share */
export async function versionLies(
  tx: Tx,
  declaration: string,
  version: number,
  { block, digest, messageId }: { block: Uint8Array | null; digest: Uint8Array; messageId: string },
): Promise<void> {
  await tx.run(sql.versionLies, [declaration, version, block, digest, messageId])
}

/** One version of a declaration, by its id here. */
export interface VersionName {
  id: string
  side: DeclarationSide
  version: number
}

/** The versions that came from a party, or go to it, in these messages. */
export async function versionsByMessage(tx: Tx, party: string, messageIds: readonly string[]): Promise<VersionName[]> {
  return tx.run<VersionName>(sql.byMessage, [party, messageIds])
}

/** Takes away what of a draft is not its importer's, and what was not given to the national system yet. */
export async function forgetDraft(tx: Tx, declaration: string, version: number): Promise<void> {
  await tx.run(sql.forgetDraft, [declaration, version])
  await tx.run(sql.forgetResults, [[`${declaration}-${version}-draft`]])
}

/** Notes in which message another agency has its part of data under a share. */
export async function addPart(
  tx: Tx,
  { messageId, id, version }: { messageId: string; id: string; version: number },
): Promise<void> {
  await tx.run(sql.addPart, [messageId, id, version])
}

/** These messages, of one version; they are known here no longer. */
export async function takeParts(tx: Tx, declaration: string, version: number): Promise<string[]> {
  return (await tx.run<{ message_id: string }>(sql.parts, [declaration, version])).map(
    ({ message_id: messageId }) => messageId,
  )
}

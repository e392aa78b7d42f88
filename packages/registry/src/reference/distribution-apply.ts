/** An owner's version as ours: exactly its entries, under its number. */
import { type ReadEntry, type WrongLine, wrongsOf } from '@corridor/customs'
import { sqlState, type Tx } from '@corridor/database'
import { announceChange } from './announce.ts'
import { sql as distribution } from './distribution-statements.ts'
import { RegistryReferenceFault } from './faults.ts'
import { checkLocked, lockLists } from './list.ts'
import { Staging } from './staging.ts'
import { sql } from './statements.ts'

/** A version as its owner published it. */
export interface OwnersVersion {
  readonly list: string
  readonly owner: string
  readonly version: number
  /** the version that an incremental one begins from; none of a full one */
  readonly previous?: number
  /** first day, `yyyy-mm-dd` */
  readonly effective: string
  readonly digest: string
}

/** A piece of a version, as it came. */
export interface VersionPiece {
  /** where it is among the others, for who has to look: `part 2, ` */
  readonly place: string
  readonly removed: readonly { readonly code: string; readonly validFrom: string }[]
  /** with their lines in the piece */
  readonly entries: readonly ReadEntry[]
}

/** What came of applying it. Nothing of it is there but when it was applied. */
export type Application =
  | { readonly outcome: 'applied' }
  /** an entry that must not be, whoever sends it */
  | { readonly outcome: 'wrong'; readonly reason: string }
  /** the list would not be the owner's afterwards: it has another digest, or two entries where one can be */
  | { readonly outcome: 'unlike'; readonly found: string }
  /** somebody else changes the list at this moment */
  | { readonly outcome: 'busy'; readonly reason: string }

/** SQLSTATE classes that speak of the data: not of its form, or against a constraint. */
const ofTheData = /^2[23]/

/**
 * Applies an owner's version: a full one takes the place of all that is there, an incremental one removes and adds exactly; then the
 * digest is compared. Leaves the transaction usable whatever comes of it, since it works behind a savepoint.
 * @param held number of the owner's version that is there; 0 when what is there is a copy that came another way
 * @param country of the owner (ISO 3166), where entries must be of it
 */
export async function applyOwnersVersion(
  tx: Tx,
  head: OwnersVersion,
  pieces: AsyncIterable<VersionPiece> | Iterable<VersionPiece>,
  { held, at, country }: { held: number; at: Date; country?: string | undefined },
): Promise<Application> {
  await tx.query('savepoint owners_version')
  const done = await applied(tx, head, pieces, { held, at, country }).catch(outcomeOf)
  await tx.query(
    done.outcome === 'applied' ? 'release savepoint owners_version' : 'rollback to savepoint owners_version',
  )
  return done
}

function outcomeOf(error: unknown): Application {
  if (error instanceof RegistryReferenceFault)
    return { outcome: error.code === 'reference.list-busy' ? 'busy' : 'wrong', reason: error.message }
  if (ofTheData.test(sqlState(error) ?? ''))
    return { outcome: 'wrong', reason: `it cannot be stored: ${(error as Error).message}` }
  throw error
}

async function applied(
  tx: Tx,
  head: OwnersVersion,
  pieces: AsyncIterable<VersionPiece> | Iterable<VersionPiece>,
  { held, at, country }: { held: number; at: Date; country?: string | undefined },
): Promise<Application> {
  const { list, owner, version, previous, effective, digest } = head
  const locked = (await lockLists(tx, [list]))[0]!
  checkLocked(locked, owner)
  if (locked.published !== held) {
    // Its numbers are not the owner's: a copy from a file, or one that somebody changed here.
    if (previous !== undefined) return { outcome: 'unlike', found: `other versions than its owner's up to ${held}` }
    await tx.run(distribution.forgetEntries, [list])
    await tx.run(distribution.forgetVersions, [list])
  }
  await tx.run(distribution.beginVersion, [list, version])
  const wrong = await stage(tx, list, pieces, country)
  if (wrong !== undefined) return { outcome: 'wrong', reason: wrong }
  const [badLine] = await tx.run<WrongLine>(sql.stagedWrong)
  if (badLine !== undefined) return { outcome: 'wrong', reason: badLine.reason }
  if (previous === undefined) {
    await tx.run(distribution.keepEqual)
    await tx.run(distribution.takeAwayRest, [list])
  }
  const [clash] = await tx.run<{ code: string }>(distribution.clash)
  if (clash !== undefined) return { outcome: 'unlike', found: `${clash.code} twice at one time` }
  await tx.run(sql.addStaged)
  const [opened] = await tx.run<{ digest: string }>(sql.openVersion, [list, owner, effective, at, '', 'published'])
  if (opened!.digest !== digest) return { outcome: 'unlike', found: `the digest ${opened!.digest}` }
  await tx.run(sql.moveList, [list, true, effective])
  await announceChange(tx, list)
  return { outcome: 'applied' }
}

/** Stages what came and takes away what went; the first thing that is wrong, if any. */
async function stage(
  tx: Tx,
  list: string,
  pieces: AsyncIterable<VersionPiece> | Iterable<VersionPiece>,
  country: string | undefined,
): Promise<string | undefined> {
  const head = country === undefined ? {} : { country }
  const staging = new Staging(tx)
  await staging.open()
  for await (const { place, removed, entries } of pieces) {
    if (removed.length > 0) {
      const given = removed.map(({ code, validFrom }) => ({ code, valid_from: validFrom }))
      await tx.run(distribution.takeAway, [list, JSON.stringify(given)])
    }
    for (const read of entries) {
      const [wrong] = wrongsOf(read.entry, (id) => (id === list ? head : undefined))
      if (wrong !== undefined) return `${place}line ${read.line}: ${wrong}`
      await staging.add(read)
    }
  }
  await staging.close()
  return undefined
}

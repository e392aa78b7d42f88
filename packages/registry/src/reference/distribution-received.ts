/** The receiver's side of distribution: what we take of others, and parts of a version whose other parts are still to come. */
import type { Tx } from '@corridor/database'
import type { Holding } from './distribution.ts'
import { sql } from './distribution-statements.ts'

/** A list that we take from its owner, with what we have of it. */
export interface Source extends Holding {
  readonly list: string
  readonly owner: string
  readonly askedAt: Date
  /** the version that did not fit, because of which its owner was asked; 0 when none was */
  readonly askedFor: number
  /** why its owner refused what we asked */
  readonly refusal: string | null
}

type SourceRow = Omit<Source, 'askedAt' | 'askedFor'> & { asked_at: Date; asked_for: number }

const sourceIn = ({ asked_at: askedAt, asked_for: askedFor, ...row }: SourceRow): Source => ({
  ...row,
  askedAt,
  askedFor,
})

/** What we take of others, by list. */
export async function sources(db: Tx): Promise<Source[]> {
  return (await db.run<SourceRow>(sql.sources)).map(sourceIn)
}

/** A list that we take, locked until the transaction ends. */
export async function sourceOf(tx: Tx, list: string): Promise<Source | undefined> {
  return (await tx.run<SourceRow>(sql.source, [list])).map(sourceIn)[0]
}

/** We take a declared list from its owner from now on; false when we do already. */
export async function takeSource(tx: Tx, list: string, owner: string, at: Date): Promise<boolean> {
  return (await tx.run(sql.takeSource, [list, owner, at])).length > 0
}

/** We take a list no more, and forget parts of it. */
export async function dropSource(tx: Tx, list: string): Promise<boolean> {
  return (await tx.run(sql.dropSource, [list])).length > 0
}

/** The owner is asked; with the version because of which, where one did not fit. */
export async function noteAsked(tx: Tx, list: string, at: Date, version = 0): Promise<void> {
  await tx.run(sql.noteAsked, [list, at, version])
}

/** What we hold of a list whose owner was not asked since a time, now counted as asked; undefined when it was. */
export async function claimAsking(tx: Tx, list: string, at: Date, since: Date): Promise<Holding | undefined> {
  return (await tx.run<Holding>(sql.claimAsking, [list, at, since]))[0]
}

/** We have a version of the owner's from now on. */
export async function noteTaken(tx: Tx, list: string, holds: Holding, at: Date): Promise<void> {
  await tx.run(sql.noteTaken, [list, holds.version, holds.digest, at])
}

/** An owner refused what we asked; false when we do not take the list from it. */
export async function noteOwnerRefusal(tx: Tx, list: string, owner: string, reason: string): Promise<boolean> {
  return (await tx.run(sql.noteOwnerRefusal, [list, owner, reason])).length > 0
}

/** A part of a version, as it came. */
export interface KeptPart extends Holding {
  readonly list: string
  readonly previous?: number
  readonly part: number
  readonly parts: number
  readonly payload: Uint8Array
}

/** Keeps a part until the others are there; once only. */
export async function keepPart(tx: Tx, kept: KeptPart, at: Date): Promise<void> {
  const { list, part, parts, version, previous = null, digest, payload } = kept
  await tx.run(sql.keepPart, [list, part, parts, version, previous, digest, payload, at])
}

/** Parts of one version that came. */
export interface Parts extends Holding {
  readonly previous?: number
  readonly parts: number
  readonly have: readonly number[]
}

/** The parts of a list that are kept: all of one version. */
export async function partsOf(tx: Tx, list: string): Promise<Parts | undefined> {
  const rows = await tx.run<Holding & { previous: number | null; part: number; parts: number }>(sql.parts, [list])
  const [first] = rows
  if (first === undefined) return undefined
  const { version, digest, previous, parts } = first
  return { version, digest, parts, ...(previous !== null && { previous }), have: rows.map(({ part }) => part) }
}

/** The payload of a part that is kept. */
export async function partPayload(tx: Tx, list: string, part: number): Promise<Uint8Array | undefined> {
  return (await tx.run<{ payload: Buffer }>(sql.partPayload, [list, part]))[0]?.payload
}

export async function forgetParts(tx: Tx, list: string): Promise<void> {
  await tx.run(sql.forgetParts, [list])
}

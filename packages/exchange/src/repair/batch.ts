import { isUniqueViolation, type Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { camelCased } from '../rows.ts'
import type { MessageFilter } from './filter.ts'
import { freeze, type FrozenSet, mostMessages } from './frozen.ts'
import type { BatchAct, WhyNot } from './permit.ts'
import { type BatchRefused, refuse } from './refusals.ts'
import { sql } from './statements.ts'

/** Who acts: an account, and the name of the person. */
export interface Person {
  id: string
  name: string
}

/** What is asked for. `filterText` is kept beside the batch, sealed, for who approves it. */
export interface BatchWish {
  act: BatchAct
  filter: MessageFilter
  filterText: string
  reason: string
  /** Of the dry run: what was seen is what is done. */
  digest: string
  /** The number of messages, where the filter leaves all of them. */
  count?: number
}

export type BatchState = 'requested' | 'approved' | 'done' | 'refused' | 'withdrawn'

/** A batch as it stands. */
export interface Batch {
  id: string
  act: BatchAct
  filterText: string
  reason: string
  messages: number
  digest: string
  state: BatchState
  requestedBy: string
  requestedName: string
  requestedAt: Date
  decidedBy: string | null
  decidedName: string | null
  decidedAt: Date | null
  decidedReason: string | null
  finishedAt: Date | null
  done: number
  already: number
  refused: number
}

/** What became of one message of a batch; `outcome` null: it was not its turn yet. */
export interface BatchItem {
  place: number
  /** `in-12`, `out-7`. */
  id: string
  messageId: string
  outcome: 'done' | 'already' | 'refused' | null
  why: WhyNot | null
  detail: string | null
  at: Date | null
}

export type Requested = { kind: 'requested'; id: string } | BatchRefused

/** What of the exchange batches need. */
export type BatchContext = Pick<Context, 'keyDigest' | 'vault' | 'clock'>

const leastReason = 10
const mostReason = 500

/** A reason as it is kept; undefined when it says nothing, or more than fits. */
export function reasonIn(text: string): string | undefined {
  const reason = text.trim()
  const isPlain = !/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Bidi_Control}/u.test(reason)
  // So many letters or digits, so that dots and spaces are no reason.
  const said = reason.replaceAll(/[^\p{L}\p{N}]/gu, '').length
  return isPlain && said >= leastReason && reason.length <= mostReason ? reason : undefined
}

/** What an act by a filter would be about and what would come of it now; writes nothing. Undefined when there are too many. */
export function dryRun(
  context: BatchContext,
  tx: Tx,
  act: BatchAct,
  filter: MessageFilter,
): Promise<FrozenSet | undefined> {
  return freeze(context, tx, act, filter)
}

/** Asks for an act on a set of messages; nothing is done before a second person approves it. */
export async function requestBatch(context: BatchContext, tx: Tx, who: Person, wish: BatchWish): Promise<Requested> {
  const reason = reasonIn(wish.reason)
  if (reason === undefined) return refuse('reason-missing')
  const set = await freeze(context, tx, wish.act, wish.filter)
  if (set === undefined) return refuse('too-many', { count: mostMessages })
  const count = set.members.length
  if (count === 0) return refuse('nothing-found')
  if (set.digest !== wish.digest) return refuse('set-changed', { count })
  if (set.isEverything && wish.count !== count) return refuse('everything', { count })
  return writeBatch(context, tx, who, { ...wish, reason }, set)
}

/** Writes a batch with its messages and the line of the journal. */
export async function writeBatch(
  { vault, clock }: BatchContext,
  tx: Tx,
  who: Person,
  { act, filterText, reason }: Pick<BatchWish, 'act' | 'filterText' | 'reason'>,
  { members, digest }: Pick<FrozenSet, 'members' | 'digest'>,
): Promise<Requested> {
  const open = await openBatch(tx, act, digest)
  if (open !== undefined) return refuse('batch-open', { batch: open })
  await tx.query('savepoint batch')
  try {
    const [row] = await tx.run<{ id: string }>(sql.writeBatch, [
      act,
      vault.seal('filter', digest, Buffer.from(filterText)),
      reason,
      members.length,
      Buffer.from(digest, 'hex'),
      who.id,
      who.name,
      clock(),
      members.map(({ box }) => box),
      members.map(({ id }) => id),
      members.map(({ messageId }) => messageId),
    ])
    return { kind: 'requested', id: row?.id ?? '' }
  } catch (error) {
    // Somebody else asked for the same at this moment.
    if (!isUniqueViolation(error)) throw error
    await tx.query('rollback to savepoint batch')
    return refuse('batch-open', { batch: await openBatch(tx, act, digest) })
  }
}

async function openBatch(tx: Tx, act: BatchAct, digest: string): Promise<string | undefined> {
  const [open] = await tx.run<{ id: string }>(sql.openBatch, [act, Buffer.from(digest, 'hex')])
  return open?.id
}

interface LockedBatch {
  id: string
  state: BatchState
  requested_by: string
  requested_name: string
}

/**
 * A second person approves a batch or refuses it; who asked for it may only withdraw it. One person with two accounts is known by the
 * name: two people of one name need different ones in the corridor file.
 */
export async function decideBatch(
  { clock }: Pick<BatchContext, 'clock'>,
  tx: Tx,
  who: Person,
  { id, approve, reason = '' }: { id: string; approve: boolean; reason?: string },
): Promise<{ kind: 'decided'; state: BatchState } | BatchRefused> {
  const [batch] = isNumber(id) ? await tx.run<LockedBatch>(sql.lockBatch, [id]) : []
  if (batch === undefined) return refuse('unknown-batch')
  if (batch.state !== 'requested') return refuse('decided', { batch: id })
  const isOwn = batch.requested_by === who.id || sameName(batch.requested_name, who.name)
  if (approve && isOwn) return refuse('same-person', { batch: id })
  const said = reasonIn(reason)
  if (!approve && said === undefined) return refuse('reason-missing')
  const state = approve ? 'approved' : isOwn ? 'withdrawn' : 'refused'
  await tx.run(sql.decideBatch, [id, state, who.id, who.name, clock(), approve ? null : said])
  return { kind: 'decided', state }
}

const sameName = (one: string, other: string): boolean => folded(one) === folded(other)
const folded = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()

const isNumber = (id: string): boolean => /^[1-9]\d{0,17}$/.test(id)

/** Batches, the newest first: all, those in a state, or one. `before`: older than the batch with this number. */
export async function listBatches(
  { vault }: Pick<BatchContext, 'vault'>,
  tx: Tx,
  { id, state, before, limit }: { id?: string; state?: BatchState; before?: string; limit: number },
): Promise<Batch[]> {
  if ([id, before].some((number) => number !== undefined && !isNumber(number))) return []
  const rows = await tx.run(sql.batches, [id ?? null, state ?? null, before ?? null, limit])
  return rows.map(({ filter, digest, ...row }) => {
    const set = (digest as Buffer).toString('hex')
    const filterText = vault.open('filter', set, filter as Buffer).toString()
    return { ...camelCased<Omit<Batch, 'digest' | 'filterText'>>(row), digest: set, filterText }
  })
}

/** What became of the messages of a batch, in their order, after a place. `outcome` `left`: those whose turn is to come. */
export async function batchItems(
  tx: Tx,
  { id, after, outcome, limit }: { id: string; after: number; outcome?: string; limit: number },
): Promise<BatchItem[]> {
  if (!isNumber(id)) return []
  const rows = await tx.run(sql.batchResults, [id, after, outcome ?? null, limit])
  return rows.map((row) => camelCased<BatchItem>(row))
}

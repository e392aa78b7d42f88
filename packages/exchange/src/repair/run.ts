import { sqlState, type Statement, type Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { tellError } from '../telling.ts'
import type { MessageState } from './filter.ts'
import { type BatchAct, type Found, type Permit, permitOf, type WhyNot } from './permit.ts'
import { sql } from './statements.ts'

/** So many messages are done with one commit. */
const step = 100

interface BatchRow {
  id: string
  act: BatchAct
  reason: string
  requested_by: string
  decided_by: string
  requested_at: Date
}

interface ItemRow {
  place: number
  box: 'in' | 'out'
  message: string
  message_id: string
  by_another: boolean
}

interface Outcome {
  place: number
  outcome: 'done' | 'already' | 'refused'
  why: WhyNot | null
  detail: string | null
}

const statementOf: Readonly<Record<`${BatchAct} ${'in' | 'out'}`, Statement | undefined>> = {
  'resend out': sql.resend,
  'resend in': undefined,
  'replay in': sql.replay,
  'replay out': undefined,
  'correct in': sql.correct,
  'correct out': undefined,
  'park in': sql.parkIn,
  'park out': sql.parkOut,
  'discard in': sql.discardIn,
  'discard out': sql.discardOut,
}

/**
 * Does the next piece of the oldest approved batch, all with one commit: what is done to the messages, the lines of the journal, and what
 * became of each. A kill loses nothing and does nothing twice: the next look goes on with what has no outcome. @returns whether there
 * may be more; and which boxes have new work
 */
export async function runNext(
  context: Pick<Context, 'db' | 'clock' | 'log'>,
  tell: (tx: Tx, box: 'inbox' | 'outbox') => Promise<void>,
): Promise<boolean> {
  const { db, clock, log } = context
  return db.transaction(async (tx) => {
    const [batch] = await tx.run<BatchRow>(sql.nextBatch)
    if (batch === undefined) return false
    const items = await tx.run<ItemRow>(sql.batchItems, [batch.id, step, batch.act, batch.requested_at])
    const outcomes: Outcome[] = []
    await tx.query('savepoint piece')
    try {
      outcomes.push(...(await perform(context, tx, batch, items)))
    } catch (error) {
      if (isOfTheMoment(error)) throw error
      // One of them cannot be done: each by itself, so that it is the only one.
      await tx.query('rollback to savepoint piece')
      for (const item of items) outcomes.push(await performAlone(context, tx, batch, item))
    }
    await tx.run(sql.writeOutcomes, [
      batch.id,
      clock(),
      outcomes.map(({ place }) => place),
      outcomes.map(({ outcome }) => outcome),
      outcomes.map(({ why }) => why),
      outcomes.map(({ detail }) => detail),
    ])
    const finished = await tx.run(sql.finishBatch, [batch.id, clock()])
    if (finished.length > 0) log('info', 'a batch is done', { batch: batch.id, act: batch.act })
    const isDone = outcomes.some(({ outcome }) => outcome === 'done')
    if (isDone && batch.act === 'resend') await tell(tx, 'outbox')
    if (isDone && (batch.act === 'replay' || batch.act === 'correct')) await tell(tx, 'inbox')
    return true
  })
}

/** SQLSTATEs that say nothing against a message: the transaction lost against another one, or the server goes. */
const isOfTheMoment = (error: unknown): boolean => !/^(22|23|42|P0)/.test(sqlState(error) ?? '')

async function performAlone(context: Pick<Context, 'clock'>, tx: Tx, batch: BatchRow, item: ItemRow): Promise<Outcome> {
  await tx.query('savepoint alone')
  try {
    const [outcome] = await perform(context, tx, batch, [item])
    return outcome ?? { place: item.place, outcome: 'refused', why: 'gone', detail: null }
  } catch (error) {
    if (isOfTheMoment(error)) throw error
    await tx.query('rollback to savepoint alone')
    return { place: item.place, outcome: 'refused', why: 'failed', detail: tellError(error) }
  }
}

async function perform(
  { clock }: Pick<Context, 'clock'>,
  tx: Tx,
  batch: BatchRow,
  items: readonly ItemRow[],
): Promise<Outcome[]> {
  const { act } = batch
  const found = await lock(tx, items)
  const permits = items.map((item) => ({
    item,
    permit: permitFor(act, item, found.get(`${item.box}-${item.message}`)),
  }))
  const said = JSON.stringify({ batch: Number(batch.id), reason: batch.reason, approvedBy: batch.decided_by })
  const made = new Set<string>()
  for (const box of ['in', 'out'] as const) {
    const ids = permits.flatMap(({ item, permit }) => (permit.kind === 'do' && item.box === box ? [item.message] : []))
    const statement = statementOf[`${act} ${box}`]
    if (ids.length === 0 || statement === undefined) continue
    const rows = await tx.run<{ message_id: string }>(statement, [ids, clock(), batch.requested_by, said])
    for (const row of rows) made.add(`${box} ${row.message_id}`)
  }
  return permits.map(({ item, permit }): Outcome => {
    const { place, box, message_id: messageId } = item
    if (permit.kind !== 'do') return { place, outcome: permit.kind, why: permit.why, detail: null }
    if (made.has(`${box} ${messageId}`)) return { place, outcome: 'done', why: null, detail: null }
    return { place, outcome: 'refused', why: 'changed', detail: null }
  })
}

function permitFor(act: BatchAct, item: ItemRow, found: Found | undefined): Permit {
  if (found === undefined) return { kind: 'refused', why: 'gone' }
  const permit = permitOf(act, found)
  // Done, and settled again since: a receipted message would go once more for the second of two who asked for the same.
  return permit.kind === 'do' && item.by_another ? { kind: 'already', why: 'by-another' } : permit
}

/** Locks the messages in the order of their numbers, as everybody does, and says how they are. */
async function lock(tx: Tx, items: readonly ItemRow[]): Promise<Map<string, Found>> {
  const found = new Map<string, Found>()
  for (const box of ['in', 'out'] as const) {
    const ids = items.filter((item) => item.box === box).map(({ message }) => message)
    if (ids.length === 0) continue
    const rows = await tx.run<{ id: string; link: string; state: MessageState; has_bytes: boolean }>(
      box === 'in' ? sql.lockInbox : sql.lockOutbox,
      [ids],
    )
    for (const { id, link, state, has_bytes: hasBytes } of rows)
      found.set(`${box}-${id}`, { box, link, state, hasBytes })
  }
  return found
}

import type { Tx } from '@corridor/database'
import { sealedObjectRefusedType, sealedObjectType } from '../carried/framing.ts'
import type { Context } from '../context.ts'
import type { Outgoing } from '../model.ts'
import { tellError } from '../telling.ts'
import { asMessage, type ClaimedRow, type Handler } from '../worker.ts'
import type { Person } from './batch.ts'
import { readMessageName } from './filter.ts'
import { sql } from './statements.ts'

/** What would come of a message if it were decided on now. */
export interface Trial {
  /** `failed`: the handler threw; `waits`: it would be looked at again later. */
  outcome: 'decided' | 'waits' | 'failed'
  /** Why it failed or waits. */
  reason: string | null
  /** The documents that would be owed. */
  documents: Pick<Outgoing, 'documentType' | 'recipient' | 'refTo' | 'payload'>[]
}

/** Carries what was found out of a transaction of which nothing may stay. */
class NothingStays extends Error {
  readonly trial: Trial
  constructor(trial: Trial) {
    super('a trial')
    this.trial = trial
  }
}

/**
 * Has a message decided on in a transaction that is rolled back, whatever its state: nobody is sent anything and no record changes. It is
 * checked as always, with the code lists of the day on which it came. Undefined when there is no such message.
 */
export async function tryMessage(
  context: Context,
  handler: Handler,
  who: Person,
  name: string,
): Promise<Trial | undefined> {
  const found = readMessageName(name)
  if (found?.direction !== 'in') return undefined
  const { db, clock } = context
  const [known] = await db.run<ClaimedRow>(sql.triedMessage, [found.id])
  if (known === undefined) return undefined
  const trial = await tried(context, handler, known)
  const detail = JSON.stringify({
    outcome: trial.outcome,
    documents: trial.documents.map(({ documentType }) => documentType),
  })
  await db.run(sql.tried, [clock(), known.conversation, known.message_id, who.id, detail])
  return trial
}

async function tried(context: Context, handler: Handler, row: ClaimedRow): Promise<Trial> {
  // Taking an object out of its seal writes outside of the transaction.
  if (row.document_type === sealedObjectType || row.document_type === sealedObjectRefusedType)
    return { outcome: 'failed', reason: 'What a hub forwarded is tried as the message that was in it.', documents: [] }
  try {
    return await context.db.transaction(async (tx): Promise<never> => {
      throw new NothingStays(await decided(context, tx, handler, row))
    })
  } catch (error) {
    if (error instanceof NothingStays) return error.trial
    throw error
  }
}

async function decided(context: Context, tx: Tx, handler: Handler, row: ClaimedRow): Promise<Trial> {
  const documents: Outgoing[] = []
  context.trials.set(tx, documents)
  try {
    const handled = await handler(tx, { ...(await asMessage(context, tx, row, true)), keys: [] })
    const reason = 'wait' in handled ? handled.wait.reason : null
    return { outcome: reason === null ? 'decided' : 'waits', reason, documents }
  } catch (error) {
    return { outcome: 'failed', reason: tellError(error), documents: [] }
  }
}

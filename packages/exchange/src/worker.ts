import { DatabaseFault, sqlState, type Tx } from '@corridor/database'
import { queueSettings, sql, type Context } from './context.ts'
import { documentOf } from './document.ts'
import type { Handled, InboxMessage, Incoming } from './model.ts'
import { correctedDocument } from './repair/correction.ts'
import { keyColumns, type MessageKey } from './repair/keys.ts'
import { tellError } from './telling.ts'

/** Decides one message inside the transaction it is given. It may run again if PostgreSQL asks for it: no effect outside `tx`. */
export type Handler = (tx: Tx, message: InboxMessage) => Promise<Handled>

export interface ClaimedRow {
  id: string
  sender: string
  message_id: string
  link: Incoming['link']
  recipient: string
  conversation: string
  document_type: string
  ref_to: string | null
  payload: Buffer
  payload_digest: Buffer
  tries: number
  waits: number
  wait_until: Date | null
  received_at: Date
  /** The batch that holds the document on which it is decided instead. */
  correction: string | null
}

/** SQLSTATEs that say nothing against the message: the transaction lost against another one. */
const notItsFault = new Set(['40001', '40P01', '55P03'])

/**
 * Takes one due message and has it decided, all in one transaction: the claim is a row lock, so a worker that dies gives the message
 * back with its connection, and nothing of the half-made decision remains. False when there is nothing to do.
 */
export async function decideNext(context: Context, handler: Handler): Promise<boolean> {
  let claimed: ClaimedRow | undefined
  let keys: MessageKey[] = []
  try {
    return await context.db.transaction(
      async (tx) => {
        const now = context.clock()
        const claiming = tx.run<ClaimedRow>(sql.claim, [now])
        // It travels with the claim. When that fails, so does this, and only the claim says why.
        const guarding = tx.query('savepoint handler')
        guarding.catch(() => {})
        ;[claimed] = await claiming
        await guarding
        if (claimed === undefined) return false
        const lastTry = isLastTry(context, claimed, now)
        keys = []
        const handled = await attempt(context, tx, handler, claimed, lastTry, keys)
        const outcome = handled === undefined ? 'failed' : 'done' in handled ? 'done' : 'waiting'
        context.meter({ what: 'decision', outcome, seconds: (context.clock().getTime() - now.getTime()) / 1000 })
        if (handled === undefined) return true
        if ('done' in handled) {
          const conversation = handled.conversation ?? null
          await tx.run(sql.finish, [claimed.id, context.clock(), conversation, ...columnsOf(context, keys)])
        } else await postpone(context, tx, claimed, handled.wait, keys)
        return true
      },
      { settings: queueSettings },
    )
  } catch (error) {
    // Only the commit itself can still fail here (a deferred constraint): the handler's own failures are counted inside.
    if (claimed === undefined || !isOfTheMessage(error)) throw error
    await recordFailure(context, context.db, claimed, error, keys)
    return true
  }
}

/**
 * Has the message decided behind the savepoint `handler`. A handler that throws is rolled back and counted while the message is still locked, so that
 * no other worker takes it in between and tries it once too often. Undefined when it failed.
 */
async function attempt(
  context: Context,
  tx: Tx,
  handler: Handler,
  claimed: ClaimedRow,
  lastTry: boolean,
  keys: MessageKey[],
): Promise<Handled | undefined> {
  try {
    const handled = await handler(tx, { ...(await asMessage(context, tx, claimed, lastTry)), keys })
    if ('wait' in handled && handled.wait.patient !== true && lastTry)
      throw new Error(`still waiting after the last try: ${handled.wait.reason}`)
    return handled
  } catch (error) {
    if (!isOfTheMessage(error)) throw error
    await tx.query('rollback to savepoint handler')
    await recordFailure(context, tx, claimed, error, keys)
    return undefined
  }
}

function isOfTheMessage(error: unknown): boolean {
  if (error instanceof DatabaseFault) return error.code === 'database.number-too-large'
  return !notItsFault.has(sqlState(error) ?? '')
}

function isLastTry({ patience }: Context, row: ClaimedRow, now: Date): boolean {
  const hurried = row.wait_until !== null && row.wait_until > now
  return !hurried && row.waits >= patience.waitPausesMs.length
}

function columnsOf({ keyDigest }: Context, keys: readonly MessageKey[]): [string[], string[]] {
  const { kinds, values } = keyColumns(keyDigest, keys)
  return [kinds, values]
}

/** Longest pause of what waits patiently. */
export const longestPatientMs = 600_000

async function postpone(
  context: Context,
  tx: Tx,
  row: ClaimedRow,
  { reason, patient = false }: { reason: string; patient?: boolean },
  keys: readonly MessageKey[],
): Promise<void> {
  const { clock, patience } = context
  const now = clock()
  // A message may be shown early because something else of its conversation was decided: that look does not use up its patience.
  const hurried = row.wait_until !== null && row.wait_until > now
  const pauseMs = patient ? Math.min(1_000 * 2 ** row.waits, longestPatientMs) : (patience.waitPausesMs[row.waits] ?? 0)
  const until = hurried ? row.wait_until : new Date(now.getTime() + pauseMs)
  const waits = hurried ? row.waits : row.waits + 1
  const isQuiet = patient && row.waits > 0
  await tx.run(sql.wait, [row.id, waits, until, reason, now, isQuiet, ...columnsOf(context, keys)])
}

async function recordFailure(
  context: Context,
  tx: Tx,
  row: ClaimedRow,
  error: unknown,
  keys: readonly MessageKey[],
): Promise<void> {
  const { clock, patience, log } = context
  const pauseMs = patience.failurePausesMs[row.tries]
  const parked = pauseMs === undefined
  const reason = tellError(error)
  const now = clock()
  const again = new Date(now.getTime() + (pauseMs ?? 0))
  await tx.run(sql.fail, [row.id, row.tries, again, reason, parked, now, ...columnsOf(context, keys)])
  log('error', parked ? 'message parked: its handler failed again' : 'a handler failed', {
    message: row.message_id,
    type: row.document_type,
    error,
  })
}

/** A message as its handler gets it. Faults as of `documentOf`. */
export async function asMessage(context: Context, tx: Tx, row: ClaimedRow, lastTry: boolean): Promise<InboxMessage> {
  const { payload, payloadDigest } =
    row.correction === null
      ? { payload: documentOf(context, row), payloadDigest: row.payload_digest }
      : await correctedDocument(context, tx, row.message_id, row.correction)
  return {
    id: row.id,
    sender: row.sender,
    messageId: row.message_id,
    link: row.link === 'local' || row.link === 'api' ? row.link : 'partner',
    recipient: row.recipient,
    conversation: row.conversation,
    documentType: row.document_type,
    refTo: row.ref_to,
    payload,
    payloadDigest,
    tries: row.tries,
    waits: row.waits,
    lastTry,
    receivedAt: row.received_at,
  }
}

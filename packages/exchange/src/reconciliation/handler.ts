import type { Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { writeJournal } from '../journal.ts'
import type { InboxMessage } from '../model.ts'
import { redacted } from '../telling.ts'
import type { Handler } from '../worker.ts'
import { answerQuestion, answerRequest, answerStatement } from './answering.ts'
import { takeAnswer, takeLists, takeRefused } from './asking.ts'
import { peekRun, reconciliationTypes, UnreadableReconciliation } from './documents.ts'
import { takeDone } from './mending.ts'
import { endRefused, tell } from './run.ts'
import { sql } from './statements.ts'
import { takeReturned } from './taking-back.ts'

type Take = (context: Context, tx: Tx, message: InboxMessage) => Promise<void>

/** Asked by a partner: it is told when it does not get an answer. */
const asked: Partial<Record<string, Take>> = {
  [reconciliationTypes.statement]: answerStatement,
  [reconciliationTypes.question]: answerQuestion,
  [reconciliationTypes.request]: answerRequest,
}

/** Answers to what this node has asked. */
const answers: Partial<Record<string, Take>> = {
  [reconciliationTypes.lists]: takeLists,
  [reconciliationTypes.answer]: takeAnswer,
  [reconciliationTypes.done]: takeDone,
  [reconciliationTypes.returned]: takeReturned,
  [reconciliationTypes.refused]: takeRefused,
}

/**
 * Takes the documents by which partners reconcile; everything else goes to the node's own handler. What a partner asks and does not get an
 * answer to, it is told; an answer that cannot be used ends the comparison that it is for, and two nodes never argue.
 */
export function withReconciliation(context: Context, handler: Handler): Handler {
  return async (tx, message) => {
    const take = asked[message.documentType] ?? answers[message.documentType]
    if (take === undefined || message.link !== 'partner') return handler(tx, message)
    await tx.query('savepoint reconciliation')
    try {
      await take(context, tx, message)
    } catch (error) {
      if (!(error instanceof UnreadableReconciliation)) throw error
      await tx.query('rollback to savepoint reconciliation')
      await refuse(context, tx, message, redacted(error.message))
    }
    return { done: true }
  }
}

async function refuse(context: Context, tx: Tx, message: InboxMessage, reason: string): Promise<void> {
  const { sender: partner, messageId, documentType, payload } = message
  const detail = { reason, type: documentType }
  await writeJournal(tx, context.clock(), [{ kind: 'reconciliation.not-taken', messageId, actor: partner, detail }])
  // One message that is not what was asked for says nothing of the others.
  const run = documentType === reconciliationTypes.returned ? undefined : peekRun(payload)
  if (run === undefined) return
  if (asked[documentType] !== undefined) {
    const document = { run, reason: reason.slice(0, 500) }
    await tell(context, tx, { run, partner }, [{ type: reconciliationTypes.refused, document, refTo: messageId }])
    return
  }
  const [ours] = await tx.run<{ number: number }>(sql.ourRun, [partner, run])
  if (ours === undefined) return
  await endRefused(context, tx, { ...ours, run, partner }, `what ${partner} answered cannot be used: ${reason}`)
}

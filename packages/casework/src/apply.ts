import { momentOf } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import {
  type Act,
  actsOf,
  decide,
  type Decision,
  type Event,
  type LedgerEntry,
  type Movement,
  NO_RECORD,
  type Role,
} from '@corridor/procedures'
import {
  creditAmount,
  holdAmount,
  openSecrets,
  referenceOf,
  saveMovement,
  sealSecrets,
  startTimer,
  stopTimer,
  type StoredMovement,
} from '@corridor/registry'
import { factsFor, plainFacts } from './facts.ts'
import { CaseworkFault } from './faults.ts'
import { type Answered, sendAll } from './outgoing.ts'
import type { CaseworkPorts } from './ports.ts'
import { searchWords, summaryOf } from './summary.ts'

/** Who did it, for the journal: a trader, a partner, or an officer at an office. */
export interface Doer {
  actor: string
  office?: string
}

/**
 * What the messages of a record belong to: its MRN; before there is one, the declarant and the LRN, since an LRN is one declarant's only.
 * Undefined for a record that has neither.
 */
export function conversationOfRecord({ mrn, lrn, data }: Pick<Movement, 'mrn' | 'lrn' | 'data'>): string | undefined {
  if (mrn !== '') return mrn
  return lrn === '' ? undefined : `${data.trader ?? ''}/${lrn}`
}

/** What came of deciding and saving. */
export type Applied =
  | { outcome: 'applied'; movement: Movement; version: number }
  /** Nothing of the record is new: the document was refused, or repeated what is known. */
  | { outcome: 'kept' }
  | { outcome: 'waits'; reason: string }
  | { outcome: 'conflict'; state: string }

/** A record as the decision sees it; a movement that is not known here is one in state `-`. */
export function asMovement(
  ports: CaseworkPorts,
  stored: StoredMovement | undefined,
  role: Role,
  office: string,
  mrn: string,
): Movement {
  if (stored === undefined) return { role, office, mrn, lrn: '', state: NO_RECORD, data: {}, secrets: {} }
  const secrets = stored.sealedSecrets === null ? {} : openSecrets(ports.dataKey, stored.mrn, stored.sealedSecrets)
  return { role, office, mrn: stored.mrn, lrn: stored.lrn, state: stored.state, data: stored.data, secrets }
}

/**
 * Decides one event on one record and makes every effect of it in the given transaction: the record, the ledger, the messages to
 * send, the journal, the announcement to screens. Nothing of it is there if the transaction does not commit.
 */
export async function decideAndApply(
  ports: CaseworkPorts,
  tx: Tx,
  stored: StoredMovement | undefined,
  movement: Movement,
  event: Event,
  doer: Doer,
  answered: Answered,
): Promise<Applied> {
  const decision = await decideWithLedger(ports, tx, movement, event)
  if (decision.outcome === 'waits' || decision.outcome === 'conflict') return decision
  const after = decision.outcome === 'moved' ? decision.movement : movement
  const conversation = conversationOfRecord(after) ?? answered.conversation
  await sendAll(ports, tx, conversation, decision.send, answered)
  if (decision.event !== undefined) {
    await ports.exchange.journal(tx, [
      {
        kind: 'movement',
        conversation,
        ...(answered.messageId === undefined ? {} : { messageId: answered.messageId }),
        actor: doer.actor,
        office: doer.office ?? after.office,
        detail: {
          role: after.role,
          at: after.office,
          code: decision.event,
          state: after.state,
          note: decision.detail ?? null,
        },
      },
    ])
  }
  if (decision.outcome === 'kept') return { outcome: 'kept' }
  const { id, version } = await save(ports, tx, stored, after)
  for (const { timer, due } of decision.timers)
    await (due === null ? stopTimer(tx, id, timer) : startTimer(tx, id, timer, momentOf(due)))
  await ports.exchange.announce(
    tx,
    'movement',
    JSON.stringify({ mrn: referenceOf({ id, mrn: after.mrn }), version, offices: [after.office] }),
  )
  return { outcome: 'applied', movement: after, version }
}

async function decideWithLedger(ports: CaseworkPorts, tx: Tx, movement: Movement, event: Event): Promise<Decision> {
  // A hold that another movement was quicker with is refused by the guarded UPDATE; the decision is then made again with what is left.
  for (let round = 0; round < 3; round += 1) {
    const decision = decide(ports.law, movement, event, await factsFor(ports, tx, event, movement))
    if (decision.outcome !== 'moved' || decision.ledger.length === 0) return decision
    await tx.query('savepoint ledger')
    if (await enter(ports, tx, decision.movement.mrn, decision.ledger)) return decision
    await tx.query('rollback to savepoint ledger')
  }
  throw new CaseworkFault('LEDGER', movement.mrn)
}

async function enter(ports: CaseworkPorts, tx: Tx, mrn: string, entries: LedgerEntry[]): Promise<boolean> {
  const at = ports.clock()
  for (const entry of entries) {
    const held =
      entry.op === 'hold'
        ? await holdAmount(tx, { ...entry, mrn, at })
        : await creditAmount(tx, { grn: entry.grn, mrn, at })
    if (held === undefined) return false
  }
  return true
}

async function save(
  ports: CaseworkPorts,
  tx: Tx,
  stored: StoredMovement | undefined,
  movement: Movement,
): Promise<{ id: string; version: number }> {
  const summary = summaryOf(ports.directory, movement)
  const hasSecrets = Object.keys(movement.secrets).length > 0
  return saveMovement(tx, stored?.id, movement, {
    trader: movement.role === 'departure' ? (movement.data.trader ?? '') : '',
    summary,
    search: searchWords(movement, summary),
    needsAct: awaitedAct(ports, movement) !== undefined,
    sealedSecrets: hasSecrets ? sealSecrets(ports.dataKey, movement.mrn, movement.secrets) : null,
    at: ports.clock(),
  })
}

/**
 * The act of its office that the movement waits for, if any: it is the office's turn, or another office asked it something, and an act that
 * it may do is awaited. That an office may do something at any time, such as invalidate or ask, is no reason to put the movement on top of
 * the list.
 */
export function awaitedAct(ports: CaseworkPorts, movement: Movement): Act | undefined {
  const isTurn = ports.law.states.get(`${movement.role} ${movement.state}`)?.turn === movement.role
  if (!isTurn && (movement.data.asked ?? []).length === 0) return undefined
  return actsOf(ports.law, movement, plainFacts(ports)).find((act) => act.awaited)
}

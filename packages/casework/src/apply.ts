import { momentOf } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import {
  type Act,
  actsOf,
  decide,
  type Decision,
  type Event,
  type Law,
  type LedgerEntry,
  type Movement,
  NO_RECORD,
  type PaperNote,
  type Role,
  text,
} from '@corridor/procedures'
import {
  enterLedger,
  notePaper,
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
import { giveEvent } from './national/give.ts'
import type { CaseworkPorts } from './ports.ts'
import { copyEvent } from './regional.ts'
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
  const decision = await decideWithLedger(ports, tx, movement, event, { doer, answered })
  if (decision.outcome === 'waits' || decision.outcome === 'conflict') return decision
  const after = decision.outcome === 'moved' ? decision.movement : movement
  const conversation = conversationOfRecord(after) ?? answered.conversation
  await sendAll(ports, tx, conversation, decision.send, answered)
  if (decision.event !== undefined) {
    await copyEvent(ports, tx, after, decision.event)
    await giveEvent(ports, tx, after, { event: decision.event, isNew: movement.state === NO_RECORD })
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
  if (decision.paper !== undefined) await noteInMode(ports, tx, decision.paper, doer)
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

/** What comes of a paper stands in the journal of its fallback mode too. */
async function noteInMode(ports: CaseworkPorts, tx: Tx, note: PaperNote, { actor }: Doer): Promise<void> {
  const number = await notePaper(tx, note)
  if (number === undefined) return
  const about = note.do === 'see' ? `${note.mrn} ${note.request.document} ${note.request.office}` : note.mrn
  const code = note.do === 'see' ? 'fallback-seen' : 'fallback-entered'
  await ports.exchange.journal(tx, [{ kind: 'fallback', conversation: number, actor, detail: { code, note: about } }])
}

async function decideWithLedger(
  ports: CaseworkPorts,
  tx: Tx,
  movement: Movement,
  event: Event,
  came: { doer: Doer; answered: Answered },
): Promise<Decision> {
  // A lock that another movement was quicker with is refused by the guarded UPDATE; the decision is then made again with what is left.
  for (let round = 0; round < 3; round += 1) {
    const decision = decide(ports.law, movement, event, await factsFor(ports, tx, movement, event))
    if (decision.outcome !== 'moved' || decision.ledger.length === 0) return decision
    await tx.query('savepoint ledger')
    if (await enter(ports, tx, decision.movement, event, came, decision.ledger)) return decision
    await tx.query('rollback to savepoint ledger')
  }
  throw new CaseworkFault('LEDGER', movement.mrn)
}

async function enter(
  ports: CaseworkPorts,
  tx: Tx,
  movement: Movement,
  event: Event,
  { doer, answered }: { doer: Doer; answered: Answered },
  entries: LedgerEntry[],
): Promise<boolean> {
  const asking = event.kind === 'document' ? text(event.doc, 'CustomsOfficeOfDeparture.referenceNumber') : undefined
  const because = {
    mrn: movement.mrn,
    office: asking ?? movement.office,
    ...(answered.messageId === undefined ? {} : { document: answered.messageId }),
    ...(event.kind === 'document' ? { documentType: event.type } : {}),
    actor: doer.actor,
    at: ports.clock(),
  }
  // In the order of their numbers, so that two movements with the same two guarantees do not wait for each other.
  const inOrder = entries.toSorted((a, b) => (a.grn < b.grn ? -1 : 1))
  for (const entry of inOrder) if ((await enterLedger(tx, entry, because)) === 'refused') return false
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
  if (!isTurnOf(ports.law, movement) && (movement.data.asked ?? []).length === 0) return undefined
  return actsOf(ports.law, movement, plainFacts(ports)).find((act) => act.awaited)
}

/** Whether the movement waits for this office itself: an act that is only possible (a claim on what is held) is not one that must be done. */
export function isTurnOf(law: Law, { role, state }: Movement): boolean {
  return law.states.get(`${role} ${state}`)?.turn === role
}

import type { Tx } from '@corridor/database'
import { conversationMessages } from '@corridor/exchange'
import { type Account, deskOf, readMovement, recordsOf, type StoredMovement } from '@corridor/registry'
import { conversationOfRecord } from './apply.ts'
import type { CaseworkPorts } from './ports.ts'
import { movementView } from './views/movement.ts'

/** What of a movement may be given as evidence. */
export interface EvidenceScope {
  /** MRN, or the reference of a declaration that has none yet. */
  movement: string
  conversations: string[]
  /** Messages by direction and number of their row (`in-12`); undefined for all of the conversations. */
  messages?: ReadonlySet<string>
}

/**
 * What evidence an account may take of a movement: an officer what the page of the movement lists, since another office's documents in the
 * same conversation stay with that office; the operations desk all that the administration has. Undefined when that is nothing.
 */
export async function evidenceScope(
  ports: CaseworkPorts,
  account: Account,
  mrn: string,
): Promise<EvidenceScope | undefined> {
  if (account.role === 'operations') return wholeScope(ports.db, mrn)
  const desk = deskOf(account)
  const stored = desk && (await readMovement(ports.db, mrn, desk.role, desk.office))
  const view = stored && (await movementView(ports, ports.db, account, mrn))
  if (stored === undefined || view === undefined) return undefined
  return {
    movement: view.mrn,
    conversations: conversationsOf(stored),
    messages: new Set(view.messages.map(({ id }) => id)),
  }
}

/** All that a node has of a movement; undefined when it knows nothing of it. */
export async function wholeScope(tx: Tx, mrn: string): Promise<EvidenceScope | undefined> {
  const records = await recordsOf(tx, mrn)
  const conversations = [...new Set([mrn, ...records.flatMap(conversationsOf)])]
  if (records.length === 0 && (await conversationMessages(tx, conversations)).length === 0) return undefined
  return { movement: mrn, conversations }
}

/** A movement may have two: that of its MRN, and before it that of the declaration. */
const conversationsOf = (record: StoredMovement): string[] =>
  [record.mrn, conversationOfRecord({ ...record, mrn: '' }) ?? ''].filter(Boolean)

/** What the national system is told of movements: each event at an office of the administration, and what answers that which it handed over. */
import type { Doc } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import type { Outgoing } from '@corridor/exchange'
import { type Movement, NO_RECORD, text } from '@corridor/procedures'
import { declared, national } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { recordTypes } from '../regional.ts'
import { withoutAccessCodes } from '../access-codes.ts'

type Ports = Pick<CaseworkPorts, 'nationalTransit' | 'clock' | 'newId' | 'law'>

/** Kind of the results that tell of an event. */
export const movementResult = 'movement'

/**
 * Documents for traders whose declarations and notifications the system handed over: it gets what its traders get, in the same transaction, under the number
 * that the declaration has there.
 */
export async function giveAnswers(
  ports: Ports,
  tx: Tx,
  sent: readonly { message: Outgoing; document: Doc }[],
): Promise<void> {
  if (ports.nationalTransit !== true) return
  for (const { message, document } of sent) {
    if (message.link !== 'mailbox') continue
    const [lrn, mrn] = [referenceIn(document, 'LRN'), referenceIn(document, 'MRN')]
    const trader = message.recipient
    const declaration = await national.numberAtSystem(tx, { answers: message.refTo ?? null, trader, lrn, mrn })
    if (declaration === undefined) continue
    if (lrn !== null && mrn !== null) await national.noteMrn(tx, trader, lrn, mrn)
    await declared.addResult(
      tx,
      {
        id: `document-${message.messageId}`,
        declaration,
        kind: message.documentType,
        content: { document: withoutAccessCodes(message.payload) },
      },
      ports.clock(),
    )
  }
}

/** A refusal of what could not be read has its references in a header of their own. */
const referenceIn = (document: Doc, name: 'LRN' | 'MRN'): string | null =>
  text(document, `TransitOperation.${name}`) ?? text(document, `Header.${name}`) ?? null

/**
 * An event at an office of ours, and with the first one of a movement that comes from elsewhere its record: the system knows what is on its way before
 * the goods are there.
 */
export async function giveEvent(
  ports: Ports,
  tx: Tx,
  movement: Movement,
  { event, isNew }: { event: string; isNew: boolean },
): Promise<void> {
  const { role, office, state, mrn, lrn, data } = movement
  // Of a document that was refused before there was a movement only its answer is told.
  if (ports.nationalTransit !== true || !rolesTold.has(role) || state === NO_RECORD) return
  const isOwn = role === 'departure'
  const found = await national.numberAtSystem(tx, {
    answers: null,
    trader: isOwn ? (data.trader ?? '') : null,
    lrn: isOwn ? lrn : null,
    mrn: mrn === '' ? null : mrn,
  })
  const declaration = found ?? ''
  const at = ports.clock()
  const note = { mrn, lrn, role, office, state, event, at: at.toISOString() }
  await declared.addResult(
    tx,
    { id: `movement-${ports.newId()}`, declaration, kind: movementResult, content: { note } },
    at,
  )
  const type = recordTypes[role]
  const table = type === undefined ? undefined : ports.law.messages.get(type)
  if (!isNew || isOwn || type === undefined || table === undefined || data.record === undefined) return
  const document = withoutAccessCodes(table.write(data.record))
  await declared.addResult(tx, { id: `record-${ports.newId()}`, declaration, kind: type, content: { document } }, at)
}

/** An office of guarantee keeps no movement: what it locks and frees is in its ledger. */
const rolesTold: ReadonlySet<string> = new Set(['departure', 'transit', 'exit', 'destination'])

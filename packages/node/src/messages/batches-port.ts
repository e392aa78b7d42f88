import type { BatchesPort, BatchItemView, BatchOutcome, BatchView, DryRunView } from '@corridor/api'
import { isRefusalDocument, withoutAccessCodes } from '@corridor/casework'
import type { Database, Tx } from '@corridor/database'
import {
  type Batch,
  type BatchAct,
  type BatchItem,
  type BatchRefused,
  differenceOf,
  type Exchange,
  type FrozenSet,
  type Handler,
  whyNot,
} from '@corridor/exchange'
import { type IdempotentRequest, rememberAnswer } from '@corridor/registry'

interface Parts {
  db: Database
  exchange: Pick<Exchange, 'repair'>
  /** What decides on messages of this node, for trials. */
  handler: Handler
  clock: () => Date
}

/** So many messages of a dry run are shown. */
const shown = 100

/** Repairs by the operations desk over the exchange of a node. */
export function batchesPort({ db, exchange, handler, clock }: Parts): BatchesPort {
  const { repair } = exchange
  const one = async (id: string, tx?: Tx): Promise<BatchView | undefined> => {
    const [batch] = await repair.batches({ id, limit: 1 }, tx)
    return batch && viewOf(batch)
  }
  const once = onceWith(db, clock, one)
  return {
    async dryRun(act, filter) {
      const set = await repair.dryRun(act, filter)
      return set && dryRunOf(act, set)
    },
    request: (who, { filterText, ...wish }, key) =>
      once(key, async (tx) => {
        const requested = await repair.request(tx, who, { ...wish, filterText: JSON.stringify(filterText) })
        return requested.kind === 'refused' ? requested : requested.id
      }),
    correct: (who, { id: name, document, reason }, key) =>
      once(key, async (tx) => {
        const requested = await repair.requestCorrection(tx, who, { name, document: Buffer.from(document), reason })
        return requested.kind === 'refused' ? requested : requested.id
      }),
    decide: (who, decision, key) =>
      once(key, async (tx) => {
        const decided = await repair.decide(tx, who, decision)
        return decided.kind === 'refused' ? decided : decision.id
      }),
    list: async (query) => (await repair.batches(query)).map(viewOf),
    one: (id) => one(id),
    items: async (query) => (await repair.items(query)).map(itemOf),
    async correction(id) {
      const corrected = await repair.corrected(id)
      if (corrected === undefined) return undefined
      const came = await repair.bytes(id, 'document')
      const document = readable(corrected)
      return { document, difference: differenceOf(came === undefined ? '' : readable(came.body), document) }
    },
    async try(who, id) {
      const trial = await repair.try(handler, who, id)
      return (
        trial && {
          ...trial,
          documents: trial.documents.map(({ documentType: type, recipient: to, refTo, payload }) => ({
            type,
            to,
            answers: refTo !== undefined && refTo !== null,
            refuses: isRefusalDocument(type),
            document: readable(payload),
          })),
        }
      )
    },
  }
}

const readable = (document: Uint8Array): string => Buffer.from(withoutAccessCodes(document)).toString('utf8')

/** Does something once for its key, in one transaction with the memory of it; the answer is the batch as it is then. */
function onceWith(db: Database, clock: () => Date, one: (id: string, tx: Tx) => Promise<BatchView | undefined>) {
  return (key: IdempotentRequest, work: (tx: Tx) => Promise<string | BatchRefused>): Promise<BatchOutcome> =>
    db.transaction(async (tx): Promise<BatchOutcome> => {
      let refused: BatchRefused | undefined
      const remembered = await rememberAnswer<BatchView | undefined>(tx, key, clock(), async () => {
        const done = await work(tx)
        if (typeof done === 'string') return { status: 200, response: await one(done, tx) }
        refused = done
        return { status: 409, response: undefined }
      })
      if (remembered.kind === 'key-reused') return { kind: 'key-reused' }
      if (refused !== undefined) return refused
      const { response: batch } = remembered
      return batch === undefined ? { kind: 'refused', code: 'unknown-batch' } : { kind: 'batch', batch }
    })
}

function viewOf(batch: Batch): BatchView {
  const { filterText, requestedBy, requestedName, decidedBy, decidedName, ...same } = batch
  return {
    ...same,
    filter: JSON.parse(filterText) as Record<string, string>,
    requestedBy: { id: requestedBy, name: requestedName },
    requestedAt: batch.requestedAt.toISOString(),
    decidedBy: decidedBy === null ? null : { id: decidedBy, name: decidedName ?? decidedBy },
    decidedAt: batch.decidedAt?.toISOString() ?? null,
    finishedAt: batch.finishedAt?.toISOString() ?? null,
  }
}

function itemOf({ at, why, ...item }: BatchItem): BatchItemView {
  return { ...item, why, words: why && whyNot[why], at: at?.toISOString() ?? null }
}

function dryRunOf(act: BatchAct, { members, digest, isEverything }: FrozenSet): DryRunView {
  const groups = Map.groupBy(members, ({ permit }) => (permit.kind === 'do' ? 'do' : `${permit.kind} ${permit.why}`))
  return {
    act,
    count: members.length,
    digest,
    isEverything,
    outcomes: [...groups.values()].flatMap((same) => {
      const [first] = same
      if (first === undefined) return []
      const why = first.permit.kind === 'do' ? null : first.permit.why
      return [{ outcome: first.permit.kind, why, words: why && whyNot[why], count: same.length }]
    }),
    messages: members.slice(0, shown).map(({ box, id, messageId, state, permit }) => ({
      id: `${box}-${id}`,
      messageId,
      state,
      outcome: permit.kind,
      why: permit.kind === 'do' ? null : permit.why,
    })),
  }
}

import type { Wire } from '@corridor/as4'
import type { Tx } from '@corridor/database'
import { type Context, sql as exchangeSql } from '../context.ts'
import { workChannel } from '../work-channel.ts'
import type { Handler } from '../worker.ts'
import { batchItems, type BatchWish, decideBatch, dryRun, listBatches, type Person, requestBatch } from './batch.ts'
import { correctionOf, requestCorrection } from './correction.ts'
import { type Cursor, type MessageFilter, readMessageName } from './filter.ts'
import { countMessages, findMessages, type MessageCount, type MessageList } from './find.ts'
import type { BatchAct } from './permit.ts'
import { type Trial, tryMessage } from './trial.ts'
import { type KeptBytes, messageBytes, type MessageDetail, messageDetail } from './view.ts'

/** The operator's desk: finds messages, shows what is kept of them, and repairs what went wrong, two people at a time. */
export interface Repair {
  /** See `findMessages`. */
  find(filter: MessageFilter, page: { limit: number; after?: Cursor | undefined }): Promise<MessageList>
  /** See `countMessages`. */
  count(filter: MessageFilter, upTo: number): Promise<MessageCount>
  /** See `messageDetail`. */
  detail(name: string): Promise<MessageDetail | undefined>
  /** See `messageBytes`. */
  bytes(name: string, kept: KeptBytes): Promise<Wire | undefined>
  /** The corrected document of a message (`in-12`), also one that nobody has approved yet. */
  corrected(name: string): Promise<Buffer | undefined>
  /** See `dryRun`. */
  dryRun(act: BatchAct, filter: MessageFilter): ReturnType<typeof dryRun>
  /** See `requestBatch`. */
  request(tx: Tx, who: Person, wish: BatchWish): ReturnType<typeof requestBatch>
  /** See `requestCorrection`. */
  requestCorrection(
    tx: Tx,
    who: Person,
    wish: Parameters<typeof requestCorrection>[3],
  ): ReturnType<typeof requestCorrection>
  /** See `decideBatch`. */
  decide(tx: Tx, who: Person, decision: Parameters<typeof decideBatch>[3]): ReturnType<typeof decideBatch>
  /** See `listBatches`. */
  batches(query: Parameters<typeof listBatches>[2], tx?: Tx): ReturnType<typeof listBatches>
  /** See `batchItems`. */
  items(query: Parameters<typeof batchItems>[1]): ReturnType<typeof batchItems>
  /** See `tryMessage`. */
  try(handler: Handler, who: Person, name: string): Promise<Trial | undefined>
}

export function makeRepair(context: Context): Repair {
  const { db, keyDigest } = context
  return {
    find: (filter, page) => findMessages(db, keyDigest, filter, page),
    count: (filter, upTo) => countMessages(db, keyDigest, filter, upTo),
    detail: (name) => messageDetail(context, name),
    bytes: (name, kept) => messageBytes(context, name, kept),
    async corrected(name) {
      const found = readMessageName(name)
      if (found?.direction !== 'in') return undefined
      const { messages } = await findMessages(db, keyDigest, { ids: [name] }, { limit: 1 })
      return messages[0] && correctionOf(context, db, messages[0].messageId, found.id)
    },
    dryRun: (act, filter) => db.transaction((tx) => dryRun(context, tx, act, filter)),
    request: (tx, who, wish) => requestBatch(context, tx, who, wish),
    requestCorrection: (tx, who, wish) => requestCorrection(context, tx, who, wish),
    async decide(tx, who, decision) {
      const decided = await decideBatch(context, tx, who, decision)
      if (decided.kind === 'decided' && decided.state === 'approved')
        await tx.run(exchangeSql.notify, [workChannel, 'batch'])
      return decided
    },
    batches: (query, tx = db) => listBatches(context, tx, query),
    items: (query) => batchItems(db, query),
    try: (handler, who, name) => tryMessage(context, handler, who, name),
  }
}

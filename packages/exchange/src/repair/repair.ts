import type { Wire } from '@corridor/as4'
import type { Context } from '../context.ts'
import type { Cursor, MessageFilter } from './filter.ts'
import { countMessages, findMessages, type MessageCount, type MessageList } from './find.ts'
import { type KeptBytes, messageBytes, type MessageDetail, messageDetail } from './view.ts'

/** The operator's desk: finds messages, and shows what is kept of them. */
export interface Repair {
  /** See `findMessages`. */
  find(filter: MessageFilter, page: { limit: number; after?: Cursor | undefined }): Promise<MessageList>
  /** See `countMessages`. */
  count(filter: MessageFilter, upTo: number): Promise<MessageCount>
  /** See `messageDetail`. */
  detail(name: string): Promise<MessageDetail | undefined>
  /** See `messageBytes`. */
  bytes(name: string, kept: KeptBytes): Promise<Wire | undefined>
}

export function makeRepair(context: Context): Repair {
  const { db, keyDigest } = context
  return {
    find: (filter, page) => findMessages(db, keyDigest, filter, page),
    count: (filter, upTo) => countMessages(db, keyDigest, filter, upTo),
    detail: (name) => messageDetail(context, name),
    bytes: (name, kept) => messageBytes(context, name, kept),
  }
}

import type { Doc } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { type Exchange, type Handled, type InboxMessage, readRefusal } from '@corridor/exchange'
import { copyOf, regionalCopyRefusedType, regionalCopyType, type RegionalCopy, writeCopy } from './copy.ts'
import type { CopyTable } from './table.ts'

/** A hub as one of its members sees it: what it gets a copy of, and how that is made. */
export interface CopyReceiver {
  party: string
  covers(messageType: string): boolean
  documentType: string
  /** The copy of a document, with what was agreed and nothing else. */
  copy(about: Omit<RegionalCopy, 'elements'>, doc: Doc): Uint8Array
}

export function copyReceiver(party: string, table: CopyTable): CopyReceiver {
  return {
    party,
    covers: table.covers,
    documentType: regionalCopyType,
    copy: (about, doc) => writeCopy(copyOf(table, about, doc)),
  }
}

/** At a member: the hub says that it did not take a copy. It stands in the journal of the movement, for a person to see. Undefined for any other message. */
export async function noteRefusedCopy(
  exchange: Pick<Exchange, 'journal'>,
  hubs: ReadonlySet<string>,
  tx: Tx,
  message: InboxMessage,
): Promise<Handled | undefined> {
  if (message.documentType !== regionalCopyRefusedType || !hubs.has(message.sender)) return undefined
  const note = readRefusal(message.payload)?.reason ?? ''
  await exchange.journal(tx, [
    {
      kind: 'movement',
      conversation: message.conversation,
      messageId: message.messageId,
      actor: message.sender,
      detail: { code: 'partner-refused', document: regionalCopyType, note: note.slice(0, 200) },
    },
  ])
  return { done: true }
}

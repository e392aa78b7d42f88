import { createHash } from 'node:crypto'
import { isGrn, isMrn } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import type { MailboxItem as StoredItem } from '@corridor/exchange'
import { type Account, type IdempotentRequest, participantOf, rememberAnswer } from '@corridor/registry'
import { declarationNotices } from './declarations/documents.ts'
import type { CaseworkPorts } from './ports.ts'
import { servicesConversation } from './services/handle.ts'
import type { MailboxItem, Submission, SubmitOutcome } from './view.ts'

/**
 * Commits the document of a trader or of an outside system to the inbox, as it is: what is wrong with it is answered by a document in the mailbox.
 * With an idempotency key the answer is remembered in the same transaction.
 */
export async function submitTraderMessage(
  ports: CaseworkPorts,
  account: Account,
  xml: Uint8Array,
  idempotency?: IdempotentRequest,
): Promise<SubmitOutcome> {
  const sender = participantOf(account) ?? ''
  return ports.db.transaction(async (tx): Promise<SubmitOutcome> => {
    const submit = () => submitFor(ports, tx, sender, xml)
    if (idempotency === undefined) return { kind: 'accepted', ...(await submit()) }
    const remembered = await rememberAnswer<Submission>(tx, idempotency, ports.clock(), async () => ({
      status: 202,
      response: await submit(),
    }))
    return remembered.kind === 'key-reused' ? { kind: 'key-reused' } : { kind: 'accepted', ...remembered.response }
  })
}

/** The same in a transaction, for whoever is known by this name. */
export async function submitFor(
  ports: CaseworkPorts,
  tx: Tx,
  sender: string,
  xml: Uint8Array,
): Promise<Submission & { messageId: string }> {
  const type = ports.law.messages.identify(xml).type ?? 'unknown'
  const messageId = `${ports.newId()}@${ports.domain}`
  const position = await ports.exchange.mailboxEnd(tx, sender)
  const { id } = await ports.exchange.submit(tx, {
    sender,
    messageId,
    link: 'api',
    recipient: ports.directory.party,
    conversation: ports.law.services.has(type) ? servicesConversation : conversationIn(xml),
    documentType: type,
    payload: xml,
  })
  return { id, messageId, receivedAt: ports.clock().toISOString(), position }
}

/** The documents for a trader or an outside system after a position, oldest first. */
export async function mailbox(
  ports: CaseworkPorts,
  account: Account,
  since: string | undefined,
  limit: number,
): Promise<MailboxItem[]> {
  const items = await ports.exchange.mailbox(participantOf(account) ?? '', since, limit)
  return items.map(itemOf)
}

/** What a trader is told of one document of a mailbox; undefined when it is not there. */
export async function mailboxItem(
  ports: CaseworkPorts,
  recipient: string,
  messageId: string,
): Promise<MailboxItem | undefined> {
  const item = await ports.exchange.mailboxItem(recipient, messageId)
  return item && itemOf(item)
}

/** Declaration data have a UCR, which their document says. */
const isNotice = (type: string): boolean => (declarationNotices as readonly string[]).includes(type)

function itemOf(item: StoredItem): MailboxItem {
  return {
    id: item.id,
    position: item.cursor,
    at: item.createdAt.toISOString(),
    type: item.documentType,
    mrn: isMrn(item.conversation) ? item.conversation : null,
    // Before there is an MRN: declarant/LRN of a declaration that is known, the LRN alone of one that was refused.
    lrn:
      isMrn(item.conversation) || isGrn(item.conversation) || isNotice(item.documentType)
        ? null
        : item.conversation.slice(item.conversation.indexOf('/') + 1),
    refTo: item.refTo,
  }
}

/**
 * The MRN or LRN that a document says, or the GRN of one about a guarantee, looked for in its beginning without reading it: it only decides which documents wait for each
 * other. A document without one is ordered by its own digest, that is, not at all.
 */
function conversationIn(xml: Uint8Array): string {
  const beginning = Buffer.from(xml.buffer, xml.byteOffset, Math.min(xml.byteLength, 16_384)).toString('latin1')
  const found =
    /<(?:MRN|LRN)>\s*([A-Za-z0-9-]{1,22})\s*</.exec(beginning)?.[1] ??
    /<GRN>\s*([A-Z0-9]{17,24})\s*</.exec(beginning)?.[1]
  return found ?? createHash('sha256').update(xml).digest('hex').slice(0, 32)
}

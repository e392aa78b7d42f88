import type { Tx } from '@corridor/database'
import type { ContractName, ShareDocument, ShareWords } from './documents.ts'
import { writeShare } from './documents.ts'
import { type SharePorts, shareTopic } from './ports.ts'
import type { Refused } from './refusals.ts'

/** What of a contract goes one after the other: what is agreed and what ends it, not what is shared under it. */
export const conversationOf = ({ owner, id }: Pick<ContractName, 'owner' | 'id'>): string => `share:${owner}:${id}`

/** Owes a document to the other side, in the given transaction. @returns the id of its message */
export async function owe<Name extends ShareDocument>(
  { exchange, party, newId }: SharePorts,
  tx: Tx,
  recipient: string,
  documentType: Name,
  said: ShareWords[Name],
  more: { conversation: string; messageId?: string; block?: Uint8Array },
): Promise<string> {
  const { conversation, messageId = newId(), block } = more
  const payload = writeShare(documentType, said, block)
  await exchange.enqueue(tx, [
    { messageId, link: 'partner', sender: party, recipient, conversation, documentType, payload },
  ])
  return messageId
}

/** A line in the journal about a contract, and a word to the screens. */
export async function note(
  { exchange }: SharePorts,
  tx: Tx,
  kind: string,
  name: ContractName,
  more: { actor: string; messageId?: string; detail?: Record<string, unknown> },
): Promise<void> {
  const { owner, id, version } = name
  const { actor, messageId, detail } = more
  await exchange.journal(tx, [
    {
      kind: `share.${kind}`,
      conversation: conversationOf(name),
      actor,
      ...(messageId !== undefined && { messageId }),
      detail: { owner, contract: id, version, ...detail },
    },
  ])
  await exchange.announce(tx, shareTopic, '')
}

/** Notes a refusal. */
export const noteRefusal = (
  ports: SharePorts,
  tx: Tx,
  name: ContractName,
  { code, about }: Refused,
  more: { actor: string; messageId?: string; detail?: Record<string, unknown> },
): Promise<void> =>
  note(ports, tx, 'refused', name, {
    ...more,
    detail: { code, ...(about.length > 0 && { about: about.slice(0, 50) }), ...more.detail },
  })

import type { Client, MailboxItem } from './client.ts'
import type { Played } from './lines.ts'

/** What was read of each mailbox: documents stay in it, and only what is new is asked for. */
const read = new WeakMap<Client, { items: MailboxItem[]; next: string | undefined }>()

/** Every document of a mailbox, oldest first. */
export async function wholeMailbox(client: Client): Promise<readonly MailboxItem[]> {
  const known = read.get(client) ?? { items: [], next: undefined }
  for (;;) {
    const { items, next } = await client.mailbox(known.next)
    if (items.length === 0) break
    known.items.push(...items)
    known.next = next
  }
  read.set(client, known)
  return known.items
}

/**
 * What a trader's mailbox says against a document, in one line; undefined when it says nothing.
 * @param wanted by: type of the refusal; refTo: message id of the document, where it is known
 */
export async function refusalIn(
  client: Client,
  { lrn, mrn }: Pick<Played, 'lrn' | 'mrn'>,
  { by, refTo = '' }: { by?: string; refTo?: string } = {},
): Promise<string | undefined> {
  const types = by === undefined ? ['CC056C', 'CC057C', 'CC917C'] : [by]
  // A trader at destination knows the movement by its MRN only.
  const isMeant = (item: MailboxItem) =>
    refTo === '' ? item.lrn === lrn || (mrn !== '' && item.mrn === mrn) : item.refTo === refTo
  const refusal = (await wholeMailbox(client)).find((item) => types.includes(item.type) && isMeant(item))
  return refusal === undefined ? undefined : errorsIn(refusal.type, await client.document(refusal.id))
}

/** What a refusal says, in one line. */
export function errorsIn(type: string, xml: string): string {
  const errors = [...xml.matchAll(/<(?:error(?:Pointer|Code|Reason|Text)|originalAttributeValue)>([^<]*)/g)].map(
    ([, text]) => text,
  )
  return `${type}: ${errors.join(' · ')}`
}

import type { Client } from './client.ts'
import type { Played } from './lines.ts'

/**
 * What a trader's mailbox says against a document, in one line; undefined when it says nothing.
 * @param wanted by: type of the refusal; refTo: message id of the document, where it is known
 */
export async function refusalIn(
  client: Client,
  { lrn, mrn }: Pick<Played, 'lrn' | 'mrn'>,
  { by, refTo = '' }: { by?: string; refTo?: string } = {},
): Promise<string | undefined> {
  const { items } = await client.mailbox(undefined)
  const types = by === undefined ? ['CC056C', 'CC057C', 'CC917C'] : [by]
  // A trader at destination knows the movement by its MRN only.
  const isMeant = (item: (typeof items)[number]) =>
    refTo === '' ? item.lrn === lrn || (mrn !== '' && item.mrn === mrn) : item.refTo === refTo
  const refusal = items.find((item) => types.includes(item.type) && isMeant(item))
  if (refusal === undefined) return undefined
  const xml = await client.document(refusal.id)
  const errors = [...xml.matchAll(/<(?:error(?:Pointer|Reason|Text)|originalAttributeValue)>([^<]*)/g)].map(
    ([, text]) => text,
  )
  return `${refusal.type}: ${errors.join(' · ')}`
}

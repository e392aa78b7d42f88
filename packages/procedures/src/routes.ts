import type { Doc } from '@corridor/customs'
import { text } from './read.ts'
import type { Law } from './types.ts'

/** The office that a document says it is from. Some are from an office of one of several roles: the group that is there counts. */
export function senderOfficeOf(
  law: Pick<Law, 'routes'>,
  type: string,
  doc: Doc,
): { group: string; reference: string | undefined } {
  const groups = (law.routes.get(type)?.senderOffice ?? '').split('|')
  const group = groups.find((each) => text(doc, `${each}.referenceNumber`) !== undefined) ?? groups[0] ?? ''
  return { group, reference: text(doc, `${group}.referenceNumber`) }
}

import type { DocumentKind } from '@corridor/node'
import { type Route, type Service, systemIn } from '@corridor/procedures'

/**
 * With whom a message was sent or received: `partner`, over AS4 with the other node; `trader`, by an administration and its traders;
 * `office`, between offices of one administration; `stand-in`, with what stands in for a system that no corridor has.
 */
export const ways = ['partner', 'trader', 'office', 'stand-in'] as const
export type Way = (typeof ways)[number]

/** One message of the specification, and what the stories made of it. */
export interface CountedMessage {
  document: string
  /** In the order of {@link ways}; empty for one that was not played. */
  with: Way[]
  /** Why it was not played, where the corridor says it. */
  reason?: string
}

/** What the law says of who sends a document. */
export interface Senders {
  routes: ReadonlyMap<string, Pick<Route, 'sender'>>
  services: ReadonlyMap<string, Pick<Service, 'from'>>
}

/**
 * Counts what the nodes have had, message by message of the specification. What only an outside system may send is its stand-in's,
 * whoever else tried.
 * @param kinds what the nodes have had and did not refuse
 * @param law who may send a document: routes.tsv, services.tsv
 * @param reasons why messages are not played, by document
 */
export function countMessages(
  types: readonly string[],
  kinds: readonly DocumentKind[],
  law: Senders,
  reasons: ReadonlyMap<string, string>,
): CountedMessage[] {
  const seen = Map.groupBy(kinds, ({ type }) => type)
  return types.map((document) => {
    const ofSystem = law.routes.get(document)?.sender === 'system' || law.services.get(document)?.from === 'central'
    const had = new Set((seen.get(document) ?? []).map(wayOf).filter((way) => !ofSystem || way === 'stand-in'))
    const reason = had.size === 0 ? reasons.get(document) : undefined
    return { document, with: ways.filter((way) => had.has(way)), ...(reason !== undefined && { reason }) }
  })
}

function wayOf({ link, party }: DocumentKind): Way {
  if (link === 'as4' || link === 'carried') return 'partner'
  if (systemIn(party) !== undefined) return 'stand-in'
  return link === 'local' ? 'office' : 'trader'
}

/** The count for people: how many in each way, a message by the first way in which it went, and why others were not, where the corridor says it. */
export function countForPeople(messages: readonly CountedMessage[]): string[] {
  const played = messages.filter((message) => message.with.length > 0)
  const first = Map.groupBy(played, (message) => message.with[0]!)
  const some = (way: Way): string[] => (first.get(way) ?? []).map(({ document }) => document)
  const ofNodes = played.length - some('stand-in').length
  const lines = [
    `${played.length} of ${messages.length} messages were sent or received, ${ofNodes} of them by the nodes with each other and with their traders:`,
    told('over the links between the nodes', some('partner')),
    told('between an administration and its traders', some('trader')),
    told('between offices of one administration', some('office')),
    told('with stand-ins for outside systems alone', some('stand-in')),
  ]
  const left = messages.filter((message) => message.with.length === 0)
  if (left.length > 0) lines.push(`Not played: ${left.length}`)
  return [
    ...lines,
    ...left.flatMap(({ document, reason }) => (reason === undefined ? [] : [`  ${document}  ${reason}`])),
  ]
}

const told = (what: string, documents: readonly string[]): string =>
  `  ${String(documents.length).padStart(2)} ${what}${documents.length === 0 ? '' : `: ${documents.join(' ')}`}`

/** Takes what a national system hands over into the node, one after the other. */
import { events, type Handed, isEvent, type NationalSystem, type Wrong } from './national-system.ts'

/**
 * What the node made of one thing. `accepted` and `again` mean that it is committed under its id, now or before; `wrong` that it will never
 * be taken as it is. When the node cannot take anything just now, the promise rejects.
 */
export type Acceptance = 'accepted' | 'again' | { readonly wrong: readonly Wrong[] }

/** What one round did. */
export interface Pumped {
  readonly accepted: number
  readonly again: number
  readonly setAside: number
}

/**
 * One round: takes at most `limit`, has each accepted, and tells the system. A kill at any moment leaves what was not told to be handed
 * again under the same id, which `accept` knows by then; so everything takes effect exactly once.
 * @param accept commits a thing under its id in one transaction, or says what is wrong with it
 */
export async function pump(
  system: NationalSystem,
  accept: (handed: Handed) => Promise<Acceptance>,
  limit: number,
): Promise<Pumped> {
  const counts = { accepted: 0, again: 0, setAside: 0 }
  for (const handed of await system.take(limit)) {
    const outcome = isEvent(handed.event) ? await accept(handed) : { wrong: [unknownEvent(handed.event)] }
    if (typeof outcome === 'object') {
      await system.setAside(handed.id, outcome.wrong)
      counts.setAside += 1
    } else {
      await system.done([handed.id])
      counts[outcome] += 1
    }
  }
  return counts
}

const unknownEvent = (event: string): Wrong => ({
  rule: 'event',
  place: 'event',
  value: event.slice(0, 200),
  text: 'Nobody knows what happened to the declaration.',
  remedy: `Say one of ${events.join(', ')}: in the name of the file, in the mapping, or in what the system sends.`,
})

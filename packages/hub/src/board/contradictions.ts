import type { KeptCopy, RegionalMovement } from './movement.ts'
import { isTheirs, valueOf } from './movement.ts'
import type { Meanings } from './meanings.ts'

/**
 * What of two copies cannot both be, or what somebody said that is not his to say. `about`: the name in the copies, or their type.
 * - `differs`: members give different values for one name
 * - `told-twice`: a member told one message in two ways
 * - `not-theirs`: a member said what only another may say; it does not count
 * - `not-on-route`: a member speaks of a movement that neither departs from it, nor goes through it, nor arrived there
 * - `two-ends`: the movement ended in two ways
 * - `arrived-before-release`: as the times say
 */
export interface Contradiction {
  kind: 'differs' | 'told-twice' | 'not-theirs' | 'not-on-route' | 'two-ends' | 'arrived-before-release'
  about: string
  /** Who said what. */
  said: { by: string; value: string }[]
}

type Known = Omit<RegionalMovement, 'contradictions'>

/** Names with one value for a movement, whoever says it. */
const single = ['officeOfDeparture', 'officeOfDestination', 'officeOfArrival', 'releaseDate', 'limitDate'] as const
const ends: ReadonlySet<string> = new Set(['written-off', 'invalidated', 'not-released', 'recovered'])

/** What does not fit in the copies of one movement; `copies` in the order of their times. */
export function contradictionsOf(known: Known, copies: readonly KeptCopy[], meanings: Meanings): Contradiction[] {
  return [
    ...single.flatMap((name) => differing(name, copies)),
    ...toldTwice(copies),
    ...notTheirs(copies, meanings),
    ...notOnRoute(known, copies),
    ...twoEnds(copies, meanings),
    ...(known.releasedAt !== null && known.arrivedAt !== null && known.arrivedAt < known.releasedAt
      ? [
          {
            kind: 'arrived-before-release' as const,
            about: 'arrivedAt',
            said: [
              { by: known.departure, value: known.releasedAt },
              { by: known.arrivedIn ?? '', value: known.arrivedAt },
            ],
          },
        ]
      : []),
  ]
}

/** A member that says another value later has changed its mind; two members that differ do not agree. */
function differing(name: string, copies: readonly KeptCopy[]): Contradiction[] {
  const byMember = new Map<string, string>()
  for (const copy of copies) {
    const value = valueOf(copy, name)
    if (value !== undefined) byMember.set(copy.sender, value)
  }
  if (new Set(byMember.values()).size < 2) return []
  const said = [...byMember].map(([by, value]) => ({ by, value })).toSorted((a, b) => (a.by < b.by ? -1 : 1))
  return [{ kind: 'differs', about: name, said }]
}

function toldTwice(copies: readonly KeptCopy[]): Contradiction[] {
  const same = Map.groupBy(copies, ({ sender, messageId }) => `${sender} ${messageId}`)
  return [...same.values()].flatMap((told) => {
    const [first] = told
    if (first === undefined || told.length < 2) return []
    const said = told.map(({ sender, elements }) => ({ by: sender, value: JSON.stringify(elements).slice(0, 200) }))
    return [{ kind: 'told-twice' as const, about: first.messageType, said }]
  })
}

function notTheirs(copies: readonly KeptCopy[], meanings: Meanings): Contradiction[] {
  return copies.flatMap((copy) => {
    const meaning = meanings.get(copy.messageType)
    if (meaning === undefined || isTheirs(copy, meaning.by)) return []
    return [{ kind: 'not-theirs' as const, about: copy.messageType, said: [{ by: copy.sender, value: meaning.by }] }]
  })
}

function notOnRoute(known: Known, copies: readonly KeptCopy[]): Contradiction[] {
  // Before departure has told the route, nobody can be off it.
  if (known.destination === null) return []
  const taking = new Set([known.departure, known.destination, ...known.transit])
  // Goods that were diverted are where the office itself says that it saw them.
  for (const copy of copies)
    for (const name of ['officeOfArrival', 'officeOfCrossing'])
      if (valueOf(copy, name)?.slice(0, 2) === copy.country) taking.add(copy.country)
  const others = new Map(copies.filter(({ country }) => !taking.has(country)).map((copy) => [copy.sender, copy]))
  return [...others.values()].map(({ sender, messageType }) => ({
    kind: 'not-on-route' as const,
    about: messageType,
    said: [{ by: sender, value: messageType }],
  }))
}

function twoEnds(copies: readonly KeptCopy[], meanings: Meanings): Contradiction[] {
  const said = new Map<string, { by: string; value: string }>()
  for (const copy of copies) {
    const meaning = meanings.get(copy.messageType)
    if (meaning !== undefined && ends.has(meaning.means) && isTheirs(copy, meaning.by))
      said.set(meaning.means, { by: copy.sender, value: meaning.means })
  }
  return said.size < 2 ? [] : [{ kind: 'two-ends', about: 'state', said: [...said.values()] }]
}

/** What is known of systems that are or will be unavailable: CD070C, CD071C, CD971C, and what it does to the timers of movements. */
import { addDays, type Doc } from '@corridor/customs'
import { groups, numbered, present, text, texts } from '../read.ts'
import type { MovementData } from '../types.ts'

/** A time in which the system of a country cannot be had. Moments are UTC, in seconds. */
export interface Unavailability {
  country: string
  /** Code of CL079: planned (S), not planned (U), the service is not implemented (N). */
  type: string
  /** What of the system: list unavailability-functionality. */
  functionality: string
  startsAt: string
  /** Null while nobody can say. */
  endsAt: string | null
  /** Why: list unavailability-explanation. */
  explanation: string
  text: string | null
  /** Whether the fallback procedure is used meanwhile; null when it is not said. */
  fallback: boolean | null
  fallbackText: string | null
}

/** What a notice does with one: CL024. */
export type NoticeOperation = 'C' | 'U' | 'D'

export interface Notice {
  operation: NoticeOperation
  unavailability: Unavailability
}

/** What a notice (CD071C) or the schedule (CD971C) says, in its order. */
export function noticesIn(doc: Doc): Notice[] {
  return groups(doc, 'Country').flatMap((country) =>
    groups(country, 'Action').flatMap((action) =>
      groups(action, 'Unavailability').map((each) => ({
        operation: (text(action, 'operation') ?? 'C') as NoticeOperation,
        unavailability: unavailabilityIn(text(country, 'country') ?? '', each),
      })),
    ),
  )
}

function unavailabilityIn(country: string, group: Doc): Unavailability {
  const flag = text(group, 'Fallback.flag')
  return {
    country,
    type: text(group, 'type') ?? '',
    functionality: text(group, 'functionality') ?? '',
    startsAt: text(group, 'startDateAndTime') ?? '',
    endsAt: text(group, 'endDateAndTime') ?? null,
    explanation: text(group, 'explanation') ?? '',
    text: text(group, 'text') ?? null,
    fallback: flag === undefined ? null : flag === '1',
    fallbackText: text(group, 'Fallback.text') ?? null,
  }
}

/** The notice (CD070C) by which an administration tells the central services of its own system. */
export function noticeDocument({ operation, unavailability }: Notice): Doc {
  const { country, type, functionality, startsAt, endsAt, explanation, fallback, fallbackText } = unavailability
  const group = present({
    type,
    functionality,
    startDateAndTime: startsAt,
    endDateAndTime: endsAt ?? undefined,
    explanation,
    text: unavailability.text ?? undefined,
    Fallback: fallback === null ? undefined : present({ flag: fallback ? '1' : '0', text: fallbackText ?? undefined }),
  })
  const Action = numbered([{ operation, Unavailability: numbered([group]) }])
  return { Country: { country, Action } }
}

/** What names one: no document has an id for it (docs/decisions/0019). */
export const nameOfUnavailability = (each: Unavailability): string =>
  `${each.country} ${each.functionality} ${each.type} ${each.startsAt}`

/** What is known after notices: one that is created or updated takes the place of what has its name, one that is deleted is known no more. */
export function afterNotices(known: readonly Unavailability[], notices: readonly Notice[]): Unavailability[] {
  const after = new Map(known.map((each) => [nameOfUnavailability(each), each]))
  for (const { operation, unavailability } of notices) {
    const name = nameOfUnavailability(unavailability)
    if (operation === 'D') after.delete(name)
    else after.set(name, unavailability)
  }
  return [...after.values()]
}

/** What holds at a moment. */
export function unavailableAt(known: readonly Unavailability[], now: string): Unavailability[] {
  return known.filter(({ startsAt, endsAt }) => startsAt <= now && (endsAt === null || now < endsAt))
}

/**
 * Until when a timer that waits for partners is put off: a day after the end of what is announced for one of them, since what it kept
 * has to come first, also when it ended within the last day; a day from now where that is later or unknown, and then it is looked at
 * again: notices may have changed it. Undefined when all of them have been available for a day. A service that a country does not have
 * (type N), or one beside transit, puts nothing off.
 */
export function putOffUntil(
  known: readonly Unavailability[],
  countries: readonly string[],
  now: string,
): { due: string; because: Unavailability } | undefined {
  const holding = known.filter(
    ({ country, type, functionality, startsAt, endsAt }) =>
      countries.includes(country) &&
      type !== 'N' &&
      functionality === 'T' &&
      startsAt <= now &&
      (endsAt === null || now < dayAfter(endsAt)),
  )
  const [first, ...others] = holding
  if (first === undefined) return undefined
  const because = others.reduce((last, each) => (ends(each) > ends(last) ? each : last), first)
  const tomorrow = dayAfter(now)
  const { endsAt } = because
  return { due: endsAt !== null && endsAt <= tomorrow ? dayAfter(endsAt) : tomorrow, because }
}

const ends = ({ endsAt }: Unavailability): string => endsAt ?? '9999'

const dayAfter = (moment: string): string => `${addDays(moment.slice(0, 10), 1)}${moment.slice(10)}`

const groupsOnRoute = [
  'CustomsOfficeOfTransitDeclared',
  'CustomsOfficeOfExitForTransitDeclared',
  'CustomsOfficeOfDestinationDeclared',
]

/** The countries whose offices the declaration names on the way, or that were given the record since. */
export function countriesOnRoute({ record, diverted = [] }: Pick<MovementData, 'record' | 'diverted'>): string[] {
  const declared = groupsOnRoute.flatMap((group) => texts(record, `${group}.referenceNumber`))
  const offices = [...declared, ...diverted.map(({ office }) => office)]
  return [...new Set(offices.map((reference) => reference.slice(0, 2)))]
}

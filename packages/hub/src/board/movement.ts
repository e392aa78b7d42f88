import { addAmounts, isDate, isGrn, isOfficeReference } from '@corridor/customs'
import type { RegionalCopy } from '../copies/copy.ts'
import { type Contradiction, contradictionsOf } from './contradictions.ts'
import type { Means, Meanings, MovementState, Side } from './meanings.ts'

/** A copy that the hub holds. */
export interface KeptCopy extends RegionalCopy {
  id: string
  /** Country of the member that sent it. */
  country: string
}

/** What a guarantee secures of one movement. */
export interface GuaranteeUse {
  grn: string
  /** Country that keeps it. */
  country: string
  currency: string
  amount: string
  /** The goods are under way and nothing gave it back. */
  inUse: boolean
}

/** A movement as the copies of its members tell it. Moments are ISO 8601 in UTC, days yyyy-mm-dd. */
export interface RegionalMovement {
  mrn: string
  /** Countries. */
  departure: string
  destination: string | null
  transit: string[]
  officeOfDeparture: string | null
  officeOfDestination: string | null
  /** Country where the goods were presented. */
  arrivedIn: string | null
  state: MovementState
  releasedAt: string | null
  limitDate: string | null
  arrivedAt: string | null
  endedAt: string | null
  lastToldAt: string
  guarantees: GuaranteeUse[]
  contradictions: Contradiction[]
}

const ends = ['written-off', 'invalidated', 'not-released', 'recovered'] as const
const underWay: ReadonlySet<MovementState> = new Set(['released', 'crossed', 'arrived', 'enquiry'])
const countryOf = (code: string): string => code.slice(0, 2)

/** The first value of a plain name. */
export function valueOf(copy: RegionalCopy, name: string): string | undefined {
  const [value] = copy.elements[name] ?? []
  return typeof value === 'string' ? value : undefined
}

/** Whether the member of this copy may say what it means: each side speaks of its own office. */
export function isTheirs(copy: KeptCopy, by: Side): boolean {
  if (by === 'departure') return copy.country === copy.mrn.slice(2, 4)
  const office = valueOf(copy, by === 'transit' ? 'officeOfCrossing' : 'officeOfArrival')
  return office !== undefined && countryOf(office) === copy.country
}

/**
 * What all copies of one movement say together, in whatever order they came: each side is believed about its own part, and of two words of
 * one side the later counts. What does not fit is in `contradictions`.
 * @param copies of one MRN, at least one
 */
export function movementOf(copies: readonly KeptCopy[], meanings: Meanings): RegionalMovement {
  const inOrder = copies.toSorted((a, b) => compare(a.time, b.time) || compare(a.messageId, b.messageId))
  const mrn = inOrder[0]?.mrn ?? ''
  const departure = mrn.slice(2, 4)
  const told = toldOf(inOrder, meanings)
  const ofDeparture = inOrder.filter(({ country }) => country === departure)
  const offices = lastValues(ofDeparture, 'officesOfTransit', isOfficeReference)
  const officeOfDestination = lastValues(ofDeparture, 'officeOfDestination', isOfficeReference)[0] ?? null
  const destination = officeOfDestination && countryOf(officeOfDestination)
  const arrival = told.get('arrived')?.[0]
  const arrivedAt = arrival && (momentIn(valueOf(arrival, 'arrivedAt')) ?? arrival.time)
  const releasedAt = told.get('released')?.[0]?.time
  const state = stateOf(told)
  const end = ends.flatMap((each) => told.get(each) ?? []).at(-1)
  const movement = {
    mrn,
    departure,
    destination,
    transit: [...new Set(offices.map(countryOf))].filter((each) => each !== departure && each !== destination),
    officeOfDeparture: lastValues(ofDeparture, 'officeOfDeparture', isOfficeReference)[0] ?? null,
    officeOfDestination,
    arrivedIn: arrival?.country ?? null,
    state,
    releasedAt: releasedAt ?? null,
    limitDate: lastValues(ofDeparture, 'limitDate', isDate)[0] ?? null,
    arrivedAt: arrivedAt ?? null,
    endedAt: end?.time ?? null,
    lastToldAt: inOrder.at(-1)?.time ?? '',
    guarantees: guaranteesOf(told, underWay.has(state)),
  }
  return { ...movement, contradictions: contradictionsOf(movement, inOrder, meanings) }
}

/** Copies by what they mean, of those who may say it, oldest first. */
function toldOf(copies: readonly KeptCopy[], meanings: Meanings): Map<Means, KeptCopy[]> {
  const told = new Map<Means, KeptCopy[]>()
  for (const copy of copies) {
    const meaning = meanings.get(copy.messageType)
    if (meaning === undefined || !isTheirs(copy, meaning.by)) continue
    told.set(meaning.means, [...(told.get(meaning.means) ?? []), copy])
  }
  return told
}

function stateOf(told: ReadonlyMap<Means, readonly KeptCopy[]>): MovementState {
  const last = (means: Means): string => told.get(means)?.at(-1)?.time ?? ''
  const end = ends.filter((each) => told.has(each)).toSorted((a, b) => compare(last(b), last(a)))[0]
  if (end !== undefined) return end
  if (told.has('enquiry') && last('enquiry') > last('arrived')) return 'enquiry'
  return (['arrived', 'crossed', 'released', 'accepted'] as const).find((each) => told.has(each)) ?? 'mentioned'
}

/** A later request for the same guarantee takes the place of an earlier one. */
function guaranteesOf(told: ReadonlyMap<Means, readonly KeptCopy[]>, isUnderWay: boolean): GuaranteeUse[] {
  const uses = new Map<string, { use: GuaranteeUse; time: string }>()
  for (const copy of told.get('locks') ?? [])
    for (const use of locksOf(copy)) uses.set(use.grn, { use: { ...use, inUse: isUnderWay }, time: copy.time })
  for (const copy of told.get('frees') ?? [])
    for (const { grn = '' } of guaranteeLines(copy)) {
      const known = uses.get(grn)
      if (known !== undefined && known.time <= copy.time) known.use.inUse = false
    }
  return [...uses.values()].map(({ use }) => use).toSorted((a, b) => compare(a.grn, b.grn))
}

/** One guarantee may stand in several lines of a document. What is no number of a guarantee or no amount counts for nothing. */
function locksOf(copy: KeptCopy): Omit<GuaranteeUse, 'inUse'>[] {
  const sums = new Map<string, Omit<GuaranteeUse, 'inUse'>>()
  for (const { grn = '', amount = '', currency = '' } of guaranteeLines(copy)) {
    if (!isGrn(grn) || !/^\d{1,14}(\.\d{1,2})?$/.test(amount) || !/^[A-Z]{3}$/.test(currency)) continue
    const before = sums.get(grn)
    const sum = before?.currency === currency ? addAmounts(before.amount, amount) : amount
    sums.set(grn, { grn, country: grn.slice(2, 4), currency, amount: sum })
  }
  return [...sums.values()]
}

function guaranteeLines(copy: KeptCopy): Record<string, string>[] {
  return (copy.elements['guarantee'] ?? []).filter((line): line is Record<string, string> => typeof line !== 'string')
}

/** What was said last under a name, as far as it has the form. */
function lastValues(copies: readonly KeptCopy[], name: string, isOne: (value: string) => boolean): string[] {
  const said = copies.findLast((copy) => copy.elements[name] !== undefined)?.elements[name] ?? []
  return said.filter((value): value is string => typeof value === 'string' && isOne(value))
}

/** Documents write moments in UTC without saying so. */
export function momentIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const moment = new Date(text.endsWith('Z') ? text : `${text}Z`)
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString()
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

import type { Tone } from '../api/types.ts'

/** How far a movement is, as the copies tell, and how loud that is. The words are `status.<state>`. */
export const regionalStates = {
  mentioned: 'neutral',
  accepted: 'info',
  released: 'info',
  crossed: 'info',
  arrived: 'ok',
  enquiry: 'bad',
  'written-off': 'ok',
  invalidated: 'neutral',
  'not-released': 'neutral',
  recovered: 'neutral',
} as const satisfies Record<string, Tone>

export const toneOf = (state: string): Tone =>
  Object.hasOwn(regionalStates, state) ? regionalStates[state as keyof typeof regionalStates] : 'neutral'

/** What the list of movements shows; it lives in the address. */
export interface RegionalQuery {
  q: string
  departure: string
  destination: string
  state: string
  only: string
  page: number
}

/** Reads the query from an address; what makes no sense falls back to "everything, first page". */
export function regionalQueryOf(search: string): RegionalQuery {
  const given = new URLSearchParams(search)
  const oneOf = (name: string, is: (value: string) => boolean) => {
    const value = given.get(name) ?? ''
    return is(value) ? value : ''
  }
  const isCountry = (value: string) => /^[A-Z]{2}$/.test(value)
  const page = Number.parseInt(given.get('page') ?? '1', 10)
  return {
    q: (given.get('q') ?? '').slice(0, 18),
    departure: oneOf('departure', isCountry),
    destination: oneOf('destination', isCountry),
    state: oneOf('state', (value) => Object.hasOwn(regionalStates, value)),
    only: oneOf('only', (value) => value === 'late' || value === 'contradicted'),
    page: page >= 1 && page <= 10_000 ? page : 1,
  }
}

/** The address of the list with a query; defaults are left out. */
export function toRegional(query: Partial<RegionalQuery>): string {
  const wanted = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== '' && !(name === 'page' && value === 1)) wanted.set(name, String(value))
  return wanted.size === 0 ? '/regional/movements' : `/regional/movements?${wanted}`
}

export const toRegionalMovement = (mrn: string): string => `/regional/movements/${encodeURIComponent(mrn)}`

import type { Tone } from '../api/types.ts'

/** How loud a state is. The words are `declarationState.<state>`. */
export const declarationStates = {
  sent: 'info',
  taken: 'info',
  refused: 'bad',
  draft: 'warn',
  lodged: 'ok',
  accepted: 'ok',
  told: 'ok',
  withdrawn: 'neutral',
  waiting: 'warn',
  ended: 'neutral',
} as const satisfies Record<string, Tone>

export const sides = ['export', 'partner-export', 'import', 'partner-import'] as const

/** The same for consignments of the mirror report: `mirrorState.<state>`. */
export const mirrorStates: Readonly<Record<string, Tone>> = {
  agrees: 'ok',
  differs: 'bad',
  'no-import': 'bad',
  'no-export': 'bad',
  'not-compared': 'warn',
  'on-the-way': 'neutral',
}

export const toneOf = (state: string): Tone =>
  Object.hasOwn(declarationStates, state) ? declarationStates[state as keyof typeof declarationStates] : 'neutral'

/** What the list shows; it lives in the address. */
export interface DeclarationsQuery {
  q: string
  side: string
  state: string
  page: number
}

/** Reads the query from an address; what makes no sense falls back to "everything, first page". */
export function declarationsQueryOf(search: string): DeclarationsQuery {
  const given = new URLSearchParams(search)
  const [side, state] = [given.get('side') ?? '', given.get('state') ?? '']
  const page = Number.parseInt(given.get('page') ?? '1', 10)
  return {
    q: (given.get('q') ?? '').slice(0, 70),
    side: (sides as readonly string[]).includes(side) ? side : '',
    state: Object.hasOwn(declarationStates, state) ? state : '',
    page: page >= 1 && page <= 10_000 ? page : 1,
  }
}

/** The address of the list with a query; defaults are left out. */
export function toDeclarations(query: Partial<DeclarationsQuery>): string {
  const wanted = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== '' && !(name === 'page' && value === 1)) wanted.set(name, String(value))
  return wanted.size === 0 ? '/declarations' : `/declarations?${wanted}`
}

export const toDeclaration = (id: string): string => `/declarations/${encodeURIComponent(id)}`

/** The address of the form in which the importer completes the import. */
export const toImport = (id: string): string => `${toDeclaration(id)}/import`

/** What the mirror report compares; it lives in the address. */
export interface MirrorQuery {
  party: string
  direction: 'out' | 'in'
  from: string
  to: string
  chapter: string
}

/** Reads the query; without one it is the last ninety days of exports to the first partner. @param today yyyy-mm-dd */
export function mirrorQueryOf(search: string, party: string, today: string): MirrorQuery {
  const given = new URLSearchParams(search)
  const dayOf = (name: string, other: string) => {
    const value = given.get(name) ?? ''
    return /^\d{4}-\d\d-\d\d$/.test(value) ? value : other
  }
  const chapter = given.get('chapter') ?? ''
  const ago = new Date(Date.parse(`${today}T00:00:00Z`) - 90 * 86_400_000).toISOString().slice(0, 10)
  return {
    party: given.get('party') ?? party,
    direction: given.get('direction') === 'in' ? 'in' : 'out',
    from: dayOf('from', ago),
    to: dayOf('to', today),
    chapter: /^\d\d$/.test(chapter) ? chapter : '',
  }
}

/** The address of the report, for the page and for the node alike. */
export function toMirror(query: MirrorQuery): string {
  const wanted = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
  return `/declarations/mirror?${wanted}`
}

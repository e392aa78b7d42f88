/** The pages of the console and the parts of their addresses. */
export type Route =
  | { page: 'sign-in' }
  | { page: 'movements' }
  | { page: 'movement'; mrn: string }
  | { page: 'act'; mrn: string; act: string }
  | { page: 'message'; mrn: string; id: string }
  | { page: 'exchange' }
  | { page: 'exchange-messages' }
  | { page: 'exchange-message'; id: string }
  | { page: 'exchange-correction'; id: string }
  | { page: 'exchange-parked' }
  | { page: 'exchange-batches' }
  | { page: 'exchange-certificates' }
  | { page: 'exchange-partner'; party: string }
  | { page: 'exchange-reconciliation' }
  | { page: 'exchange-reconciliation-run'; number: string }
  | { page: 'exchange-batch-new' }
  | { page: 'exchange-batch'; id: string }
  | { page: 'availability' }
  | { page: 'statistics' }
  | { page: 'guarantees' }
  | { page: 'guarantee'; grn: string }
  | { page: 'fallback-modes' }
  | { page: 'fallback-mode'; id: string }
  | { page: 'fallback-act'; id: string; act: string }
  | { page: 'fallback-enter'; id: string }
  | { page: 'reference' }
  | { page: 'reference-changes' }
  | { page: 'reference-subscribers' }
  | { page: 'reference-volume' }
  | { page: 'reference-list'; list: string }
  | { page: 'reference-code'; list: string; code: string }
  | { page: 'reference-versions'; list: string }
  | { page: 'reference-version'; list: string; number: string }
  | { page: 'reference-new'; list: string }
  | { page: 'regional' }
  | { page: 'regional-movements' }
  | { page: 'regional-movement'; mrn: string }
  | { page: 'declarations' }
  | { page: 'declaration'; id: string }
  | { page: 'declaration-import'; id: string }
  | { page: 'mirror' }
  | { page: 'shares' }
  | { page: 'share-new' }
  | { page: 'share'; owner: string; id: string }
  | { page: 'not-found' }

/** The page behind a path. An unknown path is `not-found`, never another page; a trailing slash makes no difference. */
export function routeOf(path: string): Route {
  const parts = path.split('/').filter(Boolean).map(decode)
  const [area, mrn, section, last] = parts
  if (parts.length === 0) return { page: 'movements' }
  if (area === 'sign-in' && parts.length === 1) return { page: 'sign-in' }
  if (area === 'exchange') return exchangeRouteOf(parts.slice(1))
  if ((area === 'availability' || area === 'statistics') && parts.length === 1) return { page: area }
  if (area === 'guarantees' && parts.length <= 2)
    return mrn === undefined ? { page: 'guarantees' } : { page: 'guarantee', grn: mrn }
  if (area === 'declarations') return declarationRouteOf(parts.slice(1))
  if (area === 'shares') return shareRouteOf(parts.slice(1))
  if (area === 'fallback') return fallbackRouteOf(parts.slice(1))
  if (area === 'regional') return regionalRouteOf(parts.slice(1))
  if (area === 'reference') return referenceRouteOf(parts.slice(1))
  if (area !== 'movements') return { page: 'not-found' }
  if (mrn === undefined) return { page: 'movements' }
  if (section === undefined) return { page: 'movement', mrn }
  if (last === undefined || parts.length > 4) return { page: 'not-found' }
  if (section === 'do') return { page: 'act', mrn, act: last }
  if (section === 'messages') return { page: 'message', mrn, id: last }
  return { page: 'not-found' }
}

function exchangeRouteOf([part, id, section, ...more]: string[]): Route {
  if (part === undefined) return { page: 'exchange' }
  if (part === 'certificates' && id === undefined) return { page: 'exchange-certificates' }
  if (part === 'dead-letters' && id === undefined) return { page: 'exchange-parked' }
  if (part === 'messages' && section === 'correct' && id !== undefined && more.length === 0)
    return { page: 'exchange-correction', id }
  if (section !== undefined) return { page: 'not-found' }
  if (part === 'messages') return id === undefined ? { page: 'exchange-messages' } : { page: 'exchange-message', id }
  if (part === 'partners' && id !== undefined) return { page: 'exchange-partner', party: id }
  if (part === 'reconciliation')
    return id === undefined ? { page: 'exchange-reconciliation' } : { page: 'exchange-reconciliation-run', number: id }
  if (part !== 'batches') return { page: 'not-found' }
  if (id === undefined) return { page: 'exchange-batches' }
  return id === 'new' ? { page: 'exchange-batch-new' } : { page: 'exchange-batch', id }
}

function fallbackRouteOf([id, section, act, ...more]: string[]): Route {
  if (id === undefined) return { page: 'fallback-modes' }
  if (section === undefined && id !== 'new') return { page: 'fallback-mode', id }
  if (section !== 'do' || act === undefined || more.length > 0) return { page: 'not-found' }
  return act === 'enter' ? { page: 'fallback-enter', id } : { page: 'fallback-act', id, act }
}

function shareRouteOf([owner, id, ...more]: string[]): Route {
  if (owner === undefined) return { page: 'shares' }
  if (more.length > 0) return { page: 'not-found' }
  if (id === undefined) return owner === 'new' ? { page: 'share-new' } : { page: 'not-found' }
  return { page: 'share', owner, id }
}

function declarationRouteOf([id, section, ...more]: string[]): Route {
  if (id === undefined) return { page: 'declarations' }
  if (section !== undefined)
    return section === 'import' && more.length === 0 ? { page: 'declaration-import', id } : { page: 'not-found' }
  return id === 'mirror' ? { page: 'mirror' } : { page: 'declaration', id }
}

function referenceRouteOf([list, code, number, ...more]: string[]): Route {
  if (list === undefined) return { page: 'reference' }
  if (more.length > 0 || (number !== undefined && code !== 'versions')) return { page: 'not-found' }
  if (number === 'new') return { page: 'reference-new', list }
  if (number !== undefined) return { page: 'reference-version', list, number }
  if (code === 'versions') return { page: 'reference-versions', list }
  if (code !== undefined) return { page: 'reference-code', list, code }
  if (list === 'changes') return { page: 'reference-changes' }
  if (list === 'subscribers') return { page: 'reference-subscribers' }
  if (list === 'volume') return { page: 'reference-volume' }
  return { page: 'reference-list', list }
}

function regionalRouteOf([list, mrn, ...more]: string[]): Route {
  if (list === undefined) return { page: 'regional' }
  if (list !== 'movements' || more.length > 0) return { page: 'not-found' }
  return mrn === undefined ? { page: 'regional-movements' } : { page: 'regional-movement', mrn }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The address of a movement, or of one of its parts: `toMovement(mrn, 'do', 'release')`. */
export function toMovement(mrn: string, ...rest: string[]): string {
  return ['/movements', mrn, ...rest].map((part, n) => (n === 0 ? part : encodeURIComponent(part))).join('/')
}

/** What the list of movements shows; it lives in the address. */
export interface ListQuery {
  q: string
  status: string
  page: number
}

/** Reads the list's query from an address; what makes no sense falls back to "everything, first page". */
export function listQueryOf(search: string): ListQuery {
  const given = new URLSearchParams(search)
  const page = Number.parseInt(given.get('page') ?? '1', 10)
  return { q: given.get('q') ?? '', status: given.get('status') ?? '', page: page >= 1 ? page : 1 }
}

/** The address of a list with this query; defaults are left out, so that the plain list has the plain address. */
export function toList(query: Partial<ListQuery>): string {
  const wanted = new URLSearchParams()
  if (query.q) wanted.set('q', query.q)
  if (query.status) wanted.set('status', query.status)
  if (query.page && query.page > 1) wanted.set('page', String(query.page))
  const text = wanted.toString()
  return text === '' ? '/movements' : `/movements?${text}`
}

/** The address of a guarantee. */
export function toGuarantee(grn: string): string {
  return `/guarantees/${encodeURIComponent(grn)}`
}

/** The address of the list of guarantees; defaults are left out. */
export function toGuarantees(query: Partial<Pick<ListQuery, 'q' | 'page'>>): string {
  return toList(query).replace('/movements', '/guarantees')
}

/** The address of a fallback mode (`new` for one that is to be), or of an act on it; `about` is the paper that it is about. */
export function toFallback(id: string, act?: string, about: Record<string, string> = {}): string {
  const path = [
    '/fallback',
    encodeURIComponent(id),
    ...(act === undefined ? [] : ['do', encodeURIComponent(act)]),
  ].join('/')
  const query = new URLSearchParams(about)
  return query.size === 0 ? path : `${path}?${query}`
}

/** The address of a list of reference data, or of one of its codes. */
export function toReference(list: string, code?: string): string {
  const parts = code === undefined ? [list] : [list, code]
  return `/reference/${parts.map(encodeURIComponent).join('/')}`
}

/** The address of the versions of a list, of one, or of the form for a new one. */
export function toVersions(list: string, number?: number | 'new'): string {
  return `${toReference(list)}/versions${number === undefined ? '' : `/${number}`}`
}

/** What a list of reference data shows; it lives in the address. `at` is a day, `any`, or '' for today. */
export interface ReferenceQuery {
  q: string
  at: string
  cursor: string
}

/** Reads the query of a list of reference data; a day that is none falls back to today. */
export function referenceQueryOf(search: string): ReferenceQuery {
  const given = new URLSearchParams(search)
  const at = given.get('at') ?? ''
  return {
    q: given.get('q') ?? '',
    at: at === 'any' || /^\d{4}-\d\d-\d\d$/.test(at) ? at : '',
    cursor: given.get('cursor') ?? '',
  }
}

/** The query as part of an address; what is empty is left out. */
export function referenceSearch(query: Partial<ReferenceQuery & { language: string }>): string {
  const wanted = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
  return wanted.size === 0 ? '' : `?${wanted}`
}

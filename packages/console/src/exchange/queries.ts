/** Filters behind “More filters”. */
export const moreNames = [
  'type',
  'messageId',
  'conversation',
  'mrn',
  'lrn',
  'plate',
  'seal',
  'container',
  'from',
  'to',
] as const

/** What a list of messages may be asked for; the names are those of the address and of the API. */
export const filterNames = ['q', 'partner', 'state', 'direction', ...moreNames, 'ids'] as const
export type FilterName = (typeof filterNames)[number]

/** States to choose from; `open` is what has not ended well. */
export const states = ['received', 'waiting', 'done', 'queued', 'sent', 'receipted', 'parked', 'discarded'] as const
export const open = 'received,waiting,queued,sent,parked'

export type MessageFilter = Partial<Record<FilterName, string>>

/** The filter in an address; what is no filter is left out, what is empty as well. */
export function filterOf(search: string): MessageFilter {
  const given = new URLSearchParams(search)
  return Object.fromEntries(
    filterNames.flatMap((name) => {
      const value =
        given
          .get(name)
          ?.trim()
          .slice(0, name === 'ids' ? 20_000 : 200) ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )
}

/** An address with a filter, and with what else is said; what is empty is left out. */
export function withFilter(path: string, filter: MessageFilter, more: Readonly<Record<string, string>> = {}): string {
  const wanted = new URLSearchParams()
  for (const name of filterNames) if (filter[name]) wanted.set(name, filter[name])
  for (const [name, value] of Object.entries(more)) if (value !== '') wanted.set(name, value)
  return wanted.size === 0 ? path : `${path}?${wanted}`
}

/** The address of the list of messages with a filter. */
export const toMessages = (filter: MessageFilter = {}, cursor = ''): string =>
  withFilter('/exchange/messages', filter, { cursor })

/** The address of one message. */
export const toMessage = (id: string): string => `/exchange/messages/${encodeURIComponent(id)}`

/** A filter without one of its parts. */
export function without(filter: MessageFilter, name: FilterName): MessageFilter {
  return Object.fromEntries(Object.entries(filter).filter(([each]) => each !== name))
}

/**
 * What is new of a first page, and the page with the rows where they stand: known ones as they are now, and no others. Rows do not move
 * under the pointer; who wants the new ones presses for them.
 */
export function inPlace<Row extends { id: string }>(
  shown: readonly Row[],
  fresh: readonly Row[],
): { rows: Row[]; added: number } {
  const now = new Map(fresh.map((row) => [row.id, row]))
  const known = new Set(shown.map(({ id }) => id))
  return {
    rows: shown.map((row) => now.get(row.id) ?? row),
    added: fresh.filter(({ id }) => !known.has(id)).length,
  }
}

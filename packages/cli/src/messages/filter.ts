import type { Arguments } from '../arguments.ts'

/** Options that say which messages are meant, and what the API calls them. */
const names: Readonly<Record<string, string>> = {
  q: 'q',
  mrn: 'mrn',
  lrn: 'lrn',
  plate: 'plate',
  seal: 'seal',
  container: 'container',
  ids: 'ids',
  'message-id': 'messageId',
  conversation: 'conversation',
  partner: 'partner',
  type: 'type',
  state: 'state',
  direction: 'direction',
  from: 'from',
  to: 'to',
}

export const filterOptions = Object.keys(names)

/** The filter that was typed, as the API takes it. */
export function typedFilter(options: Arguments['options']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([option, name]) => {
      const value = options.get(option)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

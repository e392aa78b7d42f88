import type { Batch, BatchAct, ExchangeMessage } from '../api/exchange-types.ts'
import type { Tone } from '../api/types.ts'
import { type MessageFilter, withFilter } from './queries.ts'

/** Acts on what a filter leaves. A correction has a document, and so a page of its own. */
export const acts = ['resend', 'replay', 'park', 'discard'] as const satisfies readonly BatchAct[]
export type ListAct = (typeof acts)[number]

export const batchStates = ['requested', 'approved', 'done', 'refused', 'withdrawn'] as const

/** How loud a batch is: one that waits for a person, and one of which something could not be done. */
export function batchTone({ state, refused }: Pick<Batch, 'state' | 'refused'>): Tone {
  if (state === 'requested') return 'warn'
  if (state === 'approved') return 'info'
  if (state === 'done') return refused > 0 ? 'warn' : 'ok'
  return 'neutral'
}

/** The page on which an act on messages is looked at and asked for. */
export const toNewBatch = (act: ListAct, filter: MessageFilter): string =>
  withFilter('/exchange/batches/new', filter, { act })

/** The address of a batch. */
export const toBatch = (id: string): string => `/exchange/batches/${encodeURIComponent(id)}`

/** The address of the list of batches; `before` is where the page begins. */
export function toBatches(state = '', before = ''): string {
  const wanted = new URLSearchParams([
    ...(state && [['state', state]]),
    ...(before && [['before', before]]),
  ] as string[][])
  return wanted.size === 0 ? '/exchange/batches' : `/exchange/batches?${wanted}`
}

/** The act in an address; what is none is the one that undoes most often what went wrong. */
export function actOf(search: string): ListAct {
  const given = new URLSearchParams(search).get('act')
  return acts.find((act) => act === given) ?? 'resend'
}

/**
 * Acts that are worth offering on a message as it is. The node looks again at the moment of the act: what is offered here may be refused
 * there, and is then said to have been.
 */
export function actsOn({ direction, link, state }: Pick<ExchangeMessage, 'direction' | 'link' | 'state'>): BatchAct[] {
  const isIn = direction === 'in'
  if (state === 'parked')
    return isIn ? ['replay', 'correct', 'discard'] : link === 'mailbox' ? ['discard'] : ['resend', 'discard']
  if (state === 'receipted') return link === 'mailbox' || link === 'local' ? [] : ['resend']
  const isUndecided = isIn ? state === 'received' || state === 'waiting' : state === 'queued' || state === 'sent'
  return isUndecided && (isIn || link !== 'mailbox') ? ['park'] : []
}

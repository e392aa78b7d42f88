import { keyKinds, type Cursor, type MessageFilter, type MessageState, messageStates } from '@corridor/exchange'
import { ApiFault } from '../faults.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

/** A filter as it stands in the address of a list, and in an act on what the list shows. */
export type FilterText = Partial<Record<(typeof filterNames)[number], string>>

export const filterNames = [
  'q',
  ...keyKinds,
  'ids',
  'messageId',
  'conversation',
  'partner',
  'type',
  'state',
  'direction',
  'from',
  'to',
] as const

/** Reads a filter. Empty fields say nothing, as in a form. @throws {ApiFault} `invalid` */
export function readFilter(given: FilterText): MessageFilter {
  const said = Object.fromEntries(
    filterNames.flatMap((name) => {
      const text = given[name]?.trim()
      return text === undefined || text === '' ? [] : [[name, text]]
    }),
  ) as FilterText
  const { ids, state, direction, from, to, ...plain } = said
  return {
    ...plain,
    ...(ids !== undefined && {
      ids: listed('ids', ids, /^(in|out)-[1-9]\d{0,17}$/, 'Give ids of messages as lists show them: in-12,out-7.'),
    }),
    ...(state !== undefined && { state: statesIn(state) }),
    ...(direction !== undefined && { direction: directionIn(direction) }),
    ...(from !== undefined && { from: momentIn('from', from) }),
    ...(to !== undefined && { to: momentIn('to', to) }),
  }
}

function listed(field: string, text: string, form: RegExp, remedy: string): string[] {
  const words = text.split(',').map((word) => word.trim())
  const wrong = words.find((word) => !form.test(word))
  if (wrong !== undefined) throw invalid(field, wrong, remedy)
  return words
}

function statesIn(text: string): MessageState[] {
  const known: readonly string[] = messageStates
  const words = text.split(',').map((word) => word.trim())
  const wrong = words.find((word) => !known.includes(word))
  if (wrong !== undefined) throw invalid('state', wrong, `Use one or some of: ${known.join(', ')}.`)
  return words as MessageState[]
}

function directionIn(text: string): 'in' | 'out' {
  if (text !== 'in' && text !== 'out') throw invalid('direction', text, 'Use in or out.')
  return text
}

const moment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$/

function momentIn(field: string, text: string): Date {
  const at = new Date(text)
  if (!moment.test(text) || Number.isNaN(at.getTime()))
    throw invalid(field, text, 'Give a day (2026-11-24, from midnight UTC) or a moment (2026-11-24T10:00:00Z).')
  return at
}

function invalid(field: string, value: string, remedy: string): ApiFault {
  return new ApiFault('invalid', { errors: [{ field, value: value.slice(0, 200), remedy }] })
}

/** The cursor of the next page of messages. */
export function messageCursor(cursor: Cursor): string {
  return encodeCursor(`${cursor.at.toISOString()} ${cursor.direction} ${cursor.id}`)
}

/** @throws {ApiFault} `bad-cursor` */
export function readMessageCursor(text: string): Cursor {
  const [, at = '', direction, id] =
    /^(\d{4}-\d{2}-\d{2}T[\d:.]{12}Z) (in|out) (\d{1,18})$/.exec(decodeCursor(text) ?? '') ?? []
  if (direction === undefined || id === undefined || Number.isNaN(Date.parse(at))) throw new ApiFault('bad-cursor')
  return { at: new Date(at), direction: direction as 'in' | 'out', id }
}

import { statements } from '@corridor/database'

/** The statements of this folder. */
export const sql = statements<
  | 'find'
  | 'register'
  | 'lock'
  | 'close'
  | 'call'
  | 'changeReference'
  | 'entries'
  | 'holdRows'
  | 'end'
  | 'changeCode'
  | 'usages'
  | 'countEntries'
  | 'list'
  | 'page'
>(new URL('../../sql/guarantees/', import.meta.url))

import { statements } from '@corridor/database'

export const sql = statements<
  | 'add'
  | 'ask'
  | 'content'
  | 'countAsked'
  | 'find'
  | 'noteFate'
  | 'offices'
  | 'ofMrn'
  | 'ofRecord'
  | 'request'
  | 'requestById'
  | 'requests'
  | 'settle'
>(new URL('../../sql/files/', import.meta.url))

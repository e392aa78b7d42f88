import { statements } from '@corridor/database'

/** The statements of this folder. */
export const sql = statements<'find' | 'register' | 'lock' | 'close' | 'call' | 'changeReference' | 'entries'>(
  new URL('../../sql/guarantees/', import.meta.url),
)

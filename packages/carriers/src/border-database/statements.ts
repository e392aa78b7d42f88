import { type Statement, statements } from '@corridor/database'

type Name =
  | 'channel'
  | 'endSessions'
  | 'endStuck'
  | 'forgetDealt'
  | 'forgetLog'
  | 'lies'
  | 'mark'
  | 'members'
  | 'put'
  | 'removeMember'
  | 'removeWaiting'
  | 'saveLimits'
  | 'saveMember'
  | 'saveTotal'
  | 'state'
  | 'waiting'
  | 'whoseRole'

/** The statements of a border database, one file each. */
export const sql: Readonly<Record<Name, Statement>> = statements<Name>(new URL('sql/', import.meta.url))

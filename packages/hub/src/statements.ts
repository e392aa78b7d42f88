import { statements } from '@corridor/database'

/** The statements of this room, one file each in `sql/`. */
export const sql = statements<
  | 'addCopy'
  | 'addForwarded'
  | 'copiesOf'
  | 'copiesTold'
  | 'corridors'
  | 'dropForwarded'
  | 'forwarded'
  | 'forwardedCounts'
  | 'guaranteesInUse'
  | 'lockMovement'
  | 'lookAtForwarded'
  | 'members'
  | 'movement'
  | 'movements'
  | 'noteCopy'
  | 'noteRefusal'
  | 'saveMovement'
  | 'settleForwarded'
>(new URL('../sql/', import.meta.url))

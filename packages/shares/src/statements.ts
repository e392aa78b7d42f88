import { statements } from '@corridor/database'

/** The statements of this room, one file each in `sql/`. */
export const sql = statements<
  | 'addContract'
  | 'addItem'
  | 'addReading'
  | 'answerContract'
  | 'contracts'
  | 'dueContracts'
  | 'endContract'
  | 'endDueItems'
  | 'endDueVersions'
  | 'endItems'
  | 'inForce'
  | 'item'
  | 'items'
  | 'ofPurpose'
  | 'readings'
  | 'replaceOlder'
  | 'takenBack'
  | 'toTakeBack'
  | 'versions'
>(new URL('../sql/', import.meta.url))

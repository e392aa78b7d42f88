import { statements } from '@corridor/database'

/** The statements of this folder, one file each in `sql/`. */
export const sql = statements<'messageKept' | 'messageJournal' | 'messagePartner'>(new URL('sql/', import.meta.url))

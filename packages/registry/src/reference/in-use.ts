/** What checks are made with: the versions in use of the lists that documents are checked by, and their codes. */
import type { DatedCode, ReferenceList } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { dayOf } from './entry-columns.ts'
import { headOf } from './list.ts'
import { sql } from './statements.ts'

/** A list with the number of the version in use. */
export interface ListInUse extends ReferenceList {
  readonly published: number
}

/** The lists with these ids, and their parts (`CL141/NTA.AL`), that have a version in use; without a look at their entries. */
export async function listsInUse(db: Tx, lists: readonly string[]): Promise<ListInUse[]> {
  type Row = Omit<ListInUse, 'owner' | 'country'> & { owner: string | null; country: string | null }
  return (await db.run<Row>(sql.headsInUse, [lists])).map(headOf)
}

const page = 5000

/** The codes of a version, in their order: days, and what each is called in English or, without that, in any language. */
export async function codesOf(db: Tx, list: string, version: number): Promise<DatedCode[]> {
  const codes: DatedCode[] = []
  let after: [code: string, from: string] = ['', '-infinity']
  for (;;) {
    const rows = await db.run<{ code: string; valid_from: string; valid_to: string; text: string }>(sql.codesPage, [
      list,
      version,
      ...after,
      page,
    ])
    for (const { code, text, valid_from: from, valid_to: to } of rows)
      codes.push({ code, text, validFrom: dayOf(from), validTo: dayOf(to) })
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) return codes
    after = [last.code, last.valid_from]
  }
}

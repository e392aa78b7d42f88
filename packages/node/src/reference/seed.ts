import { type CorridorTables, isDate, recordWrongs, type ReferenceEntry } from '@corridor/customs'
import type { Database } from '@corridor/database'
import { reference } from '@corridor/registry'
import { loadCorridorTables, loadReferenceLists, type ShippedList } from '@corridor/tables'

/** What was put into the store, by list. */
export type Seeded = { list: string; entries: number }[]

/**
 * Puts the lists that come with the product and the corridor into the store where they are not there yet, or where the file is newer than
 * what is there; one transaction a list. What an administration has changed since the day of the file stays. Nothing changes the second time.
 * @param today the day from which lists count whose version is no day, `yyyy-mm-dd`
 * @throws Error naming the list and the line that is wrong, RegistryReferenceFault
 */
export async function seedReference(
  db: Database,
  shipped: readonly ShippedList[],
  { at, today }: { at: Date; today: string },
): Promise<Seeded> {
  await reference.declareLists(db, [...loadReferenceLists(), ...shipped.map(({ head }) => head)])
  const tables = loadCorridorTables()
  const stored = new Map((await reference.listSummaries(db)).map((list) => [list.id, list]))
  const seeded: Seeded = []
  for (const list of shipped)
    if (isNewer(list, stored.get(list.head.id)) && (await bring(db, list, { at, today, tables })))
      seeded.push({ list: list.head.id, entries: list.entries.length })
  return seeded
}

function isNewer({ head }: ShippedList, stored: reference.ListSummary | undefined): boolean {
  if (stored === undefined || stored.published === 0) return stored?.latest === stored?.published
  if (isDate(head.version) && isDate(stored.version)) return head.version > stored.version
  return !isDate(stored.version) && head.version !== stored.version
}

/** False when another process of the node brings the list at this moment. */
async function bring(
  db: Database,
  { head, entries }: ShippedList,
  { at, today, tables }: { at: Date; today: string; tables: CorridorTables },
): Promise<boolean> {
  const effective = isDate(head.version) ? head.version : today
  try {
    await db.transaction(async (tx) => {
      // A list that comes with the product is whole: what its new edition leaves out has ended, however much that is.
      const wrongsIn = (entry: ReferenceEntry) => recordWrongs(entry, tables, effective)
      const options = { author: 'corridor', at, effective, note: head.source, ending: true, wrongsIn }
      const report = await reference.importEntries(tx, entries, options)
      const [wrong] = report.wrong
      if (wrong) throw new Error(`${head.id}, line ${wrong.line}: ${wrong.reason}`)
      await reference.saveList(tx, head)
    })
    return true
  } catch (error) {
    if (error instanceof reference.RegistryReferenceFault && error.code === 'reference.list-busy') return false
    throw error
  }
}

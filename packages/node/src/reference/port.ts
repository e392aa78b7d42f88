import type { ReferenceListFacts, ReferencePort, TableNumber } from '@corridor/api'
import type { Database } from '@corridor/database'
import { reference } from '@corridor/registry'
import { listOfTable, loadCorridorTables } from '@corridor/tables'

/** The reference data of a node for its HTTP contract. @param own whose node it is, where, and how parties are called */
export function referencePort(
  db: Database,
  own: { party: string; timeZone?: string; nameOf(party: string): string },
): ReferencePort {
  const numbers = tableNumbers()
  const facts = (list: reference.ListSummary, state: reference.ListState | undefined): ReferenceListFacts => ({
    ...list,
    inForce: state?.inForce ?? 0,
    ...(state?.nextChange !== undefined && { nextChange: state.nextChange }),
    tables: numbers.get(list.id) ?? [],
  })
  return {
    lists: async (day) => {
      const [lists, states] = await Promise.all([reference.listSummaries(db), reference.listStates(db, day)])
      const byList = new Map(states.map((state) => [state.list, state]))
      return lists.map((list) => facts(list, byList.get(list.id)))
    },
    list: async (id, day) => {
      const [list, [state]] = await Promise.all([reference.listSummary(db, id), reference.listStates(db, day, id)])
      return list && facts(list, state)
    },
    entries: (list, query) => reference.entriesOf(db, list, query),
    versions: (list, code) => reference.entryVersions(db, list, code),
    changesSince: (list, since) => reference.changesSince(db, list, since),
    search: (q, options) => reference.search(db, q, options),
    turns: (from, to, limit) => reference.turnsBetween(db, from, to, limit),
    recentVersions: (limit) => reference.recentVersions(db, limit),
    subscribers: async () =>
      (await reference.subscribersOf(db, own.party)).map(
        ({ list, party, version, sent, published, refusal, acknowledgedAt }) => ({
          party,
          name: own.nameOf(party),
          list,
          version,
          sent,
          published,
          acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
          refusal,
        }),
      ),
    volume: (months, today) =>
      reference.referenceVolume(db, months, { today, ...(own.timeZone && { timeZone: own.timeZone }) }),
  }
}

/** The numbers of the corridor's tables, by the list that holds their values. */
function tableNumbers(): Map<string, TableNumber[]> {
  const numbers = new Map<string, TableNumber[]>()
  for (const table of loadCorridorTables().tables) {
    const { number, oldList, todayLists } = table
    const list = listOfTable(table)
    numbers.set(list, [...(numbers.get(list) ?? []), { number, oldList, todayLists }])
  }
  return numbers
}

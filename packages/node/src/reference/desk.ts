import {
  createReferenceActs,
  createReferenceVersions,
  type ReferenceActs,
  type ReferencePorts,
  type ReferenceVersions,
} from '@corridor/casework'
import {
  type Chunks,
  namingOf,
  type OfflineList,
  readReference,
  recordWrongs,
  type ReferenceEntry,
  type ReferenceForm,
  type Volume,
  writeReference,
} from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { migrations as exchangeMigrations } from '@corridor/exchange'
import { type Account, findAccount, migrations as registryMigrations, reference } from '@corridor/registry'
import { loadCorridorTables, loadLaw, loadOfficeLists, loadReferenceLists } from '@corridor/tables'
import { readCorridor } from '../config/corridor.ts'
import type { NodeSettings } from '../settings.ts'
import { copyOf, type ReferenceCopy } from './copy.ts'

/** What an import did to each list, or which lines of the file are wrong. */
export type ReferenceReport = reference.ReferenceImportReport

/** A file of reference data, and how it is meant. */
export interface ReferenceFile {
  /** Its bytes from the beginning; asked for again when the transaction has to run again. */
  open(): Chunks
  form: ReferenceForm
  options: Omit<reference.ReferenceImport, 'author'>
}

/** The reference data of one node. */
export interface ReferenceDesk {
  /** Imports a file, all of it or nothing. @throws RegistryReferenceFault */
  bring(file: ReferenceFile): Promise<ReferenceReport>
  lists(): Promise<reference.ListSummary[]>
  /** Whether somebody declared a list. */
  knows(list: string): Promise<boolean>
  /** A code with every time for which it was or will be there; the versions of the list that brought it. */
  code(list: string, code: string): Promise<reference.EntryVersion[]>
  /** Who has what of the lists that belong to a party. */
  subscribers(party: string): Promise<reference.Subscriber[]>
  /** A copy of a list as of a day, from the one that is kept where that is of the same list and an earlier version of it. */
  copy(list: string, day: string, kept: OfflineList | undefined): Promise<ReferenceCopy>
  /** Observed and expected volume from a month to another (`yyyy-mm`), as seen on a day in a time zone. */
  volume(months: { from: string; to: string }, seen: { today: string; timeZone: string }): Promise<Volume>
  /** The versions of lists as a person sees them. */
  readonly versions: ReferenceVersions
  /** What reference-data managers do. */
  readonly acts: ReferenceActs
  /** Somebody who may use the node; undefined when nobody has this id. */
  account(id: string): Promise<Account | undefined>
  /** The version in use as a file, in chunks of text. */
  file(list: string, form: ReferenceForm): AsyncGenerator<string>
}

/** Opens the reference data of a node on this machine for some work. Lists that the product knows are declared when they are not there yet. */
export async function withReference<Result>(
  settings: NodeSettings,
  work: (desk: ReferenceDesk) => Promise<Result>,
): Promise<Result> {
  // An import of a large file is one long statement after another.
  const db = connect(settings.databaseUrl, { max: 1, applicationName: 'corridor reference', statementTimeoutMs: 0 })
  try {
    await migrate(db, [exchangeMigrations, { room: 'registry', directory: registryMigrations }])
    await reference.declareLists(db, loadReferenceLists())
    return await work(deskOf(db, settings))
  } finally {
    await db.close()
  }
}

function deskOf(db: Database, settings: NodeSettings): ReferenceDesk {
  // Made when a version is asked for: to list or to export nobody should wait for the message tables.
  const ports = (): ReferencePorts => {
    const corridor = readCorridor(settings.corridor)
    const { party } = corridor.nodes.find(({ id }) => id === settings.node)!
    const { law } = loadLaw(corridor.codelists)
    return { db, party, clock: () => new Date(), law, tables: loadCorridorTables(), officeLists: loadOfficeLists() }
  }
  return {
    get versions() {
      return createReferenceVersions(ports())
    },
    get acts() {
      return createReferenceActs(ports())
    },
    account: (id) => findAccount(db, id),
    bring: ({ open, form, options }) => {
      const tables = loadCorridorTables()
      const wrongsIn = (entry: ReferenceEntry) => recordWrongs(entry, tables, options.effective)
      return db.transaction(async (tx) => {
        const naming = namingOf(await reference.listNames(tx), options.list)
        const entries = readReference(form, open(), naming, options.list)
        return reference.importEntries(tx, entries, { ...options, wrongsIn, author: 'corridor' })
      })
    },
    lists: () => reference.listSummaries(db),
    knows: async (list) => (await reference.listNames(db)).some(({ id }) => id === list),
    subscribers: (party) => reference.subscribersOf(db, party),
    code: (list, code) => reference.entryVersions(db, list, code),
    copy: (list, day, kept) => copyOf(db, list, day, kept),
    volume: (months, seen) => reference.referenceVolume(db, months, seen),
    async *file(list, form) {
      const names = new Map((await reference.listNames(db)).map(({ id, names: [name] }) => [id, name ?? id]))
      yield* writeReference(form, reference.exportList(db, list), { nameOf: (id) => names.get(id) ?? id, ends: true })
    },
  }
}

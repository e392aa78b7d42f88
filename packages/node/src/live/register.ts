import { localDay } from '@corridor/casework'
import { migrate, type MigrationRoom, type Tx } from '@corridor/database'
import { migrations as exchangeMigrations } from '@corridor/exchange'
import { migrations as hubMigrations } from '@corridor/hub'
import {
  accessCodeDigest,
  closeOtherAccounts,
  migrations as registryMigrations,
  reference,
  registerGuarantee,
  saveAccount,
} from '@corridor/registry'
import { migrations as shareMigrations } from '@corridor/shares'
import { loadShippedLists } from '@corridor/tables'
import { migrations as webhookMigrations } from '@corridor/webhooks'
import { hubRooms } from '../hub.ts'
import { seedReference } from '../reference/seed.ts'
import type { Base } from './base.ts'
import type { Plan } from './plan.ts'

const ofEveryNode: readonly MigrationRoom[] = [
  exchangeMigrations,
  { room: 'registry', directory: registryMigrations },
  webhookMigrations,
  shareMigrations,
]

/** The rooms that any node may have tables of, in the order in which they are made. */
export const everyRoom: readonly MigrationRoom[] = [...ofEveryNode, hubMigrations]

/** Brings the tables of a node's database to what this program and its configuration need. */
export async function migrateFor({ own }: Plan, { db, log }: Base): Promise<void> {
  const ahead = await migrate(db, [...ofEveryNode, ...hubRooms(own)])
  if (ahead.length > 0) log('info', 'database.ahead', { migrations: ahead })
}

/** Reference data: the lists that come as files, where they are not in the store yet or newer. */
export async function seed({ corridor, own }: Plan, { db, clock, log }: Base): Promise<void> {
  const { id, codelists, nodes } = corridor
  const countries = new Map(nodes.map((node) => [node.party, node.country]))
  // What came from its owner is not taken from a file again, however new that is.
  const taken = new Set((await reference.sources(db)).filter(({ version }) => version > 0).map(({ list }) => list))
  const lists = loadShippedLists({ folder: codelists, corridor: id, countries })
  const shipped = lists.filter(({ head }) => !taken.has(head.id))
  const today = localDay({ clock, timeZone: own.timeZone })
  const seeded = await seedReference(db, shipped, { at: clock(), today })
  if (seeded.length > 0) log('info', 'reference.seeded', { lists: seeded.map(({ list }) => list) })
}

/**
 * Accounts and guarantees of the corridor file. Guarantees that are there already stay; accounts that it does not name are closed.
 * @param also what else is of it: all or nothing
 */
export async function register(
  plan: Plan,
  { db, dataKey, clock, log }: Base,
  also: (tx: Tx) => Promise<void>,
): Promise<void> {
  const changed = await db.transaction(async (tx) => {
    const accounts = await registered(plan, tx, dataKey, clock())
    await also(tx)
    return accounts
  })
  for (const { id, open } of changed) log('info', open ? 'account.opened' : 'account.closed', { account: id })
}

async function registered(
  { own, settings }: Plan,
  tx: Tx,
  dataKey: Base['dataKey'],
  now: Date,
): Promise<{ id: string; open: boolean }[]> {
  for (const account of own.accounts) await saveAccount(tx, { ...account, locale: own.locales[0] ?? 'en' }, now)
  for (const guarantee of own.guarantees) {
    const accessCode = settings.accessCodes[guarantee.grn]
    if (accessCode === undefined) continue
    await registerGuarantee(tx, {
      ...guarantee,
      accessCodeDigest: accessCodeDigest(dataKey, guarantee.grn, accessCode),
      at: now,
    })
  }
  return closeOtherAccounts(
    tx,
    own.accounts.map(({ id }) => id),
    now,
  )
}

import { createSecretKey } from 'node:crypto'
import { connect, loadTables, migrate } from '@corridor/database'
import {
  checkStored,
  type JournalVerification,
  makeVault,
  type StoredMessages,
  verifyJournal,
} from '@corridor/exchange'
import { NodeFault } from '../faults.ts'
import { everyRoom } from '../live/register.ts'
import { type Manifest, tablesFolder } from './manifest.ts'

/** What was found in a database that was filled from a backup. */
export interface Filled {
  rows: number
  journal: JournalVerification
  stored: StoredMessages
}

/**
 * Makes the tables of a backup in an empty schema (the first on the search path of the URL) by the migrations that it names, fills them,
 * brings them to what this program needs, and looks at all of it: the journal's chain up to the head that the backup names, and
 * whether every document, message and receipt opens.
 * @throws NodeFault BACKUP_NEWER, DatabaseFault
 */
export async function fill(
  url: string,
  folder: string,
  manifest: Manifest,
  { dataKey, sequencesAhead = 0 }: { dataKey: string; sequencesAhead?: number },
): Promise<Filled> {
  const named = Object.entries(manifest.migrations)
  const used = everyRoom.filter(({ room }) => manifest.migrations[room] !== undefined)
  const unknown = named.find(([room]) => !used.some((each) => each.room === room))
  if (unknown !== undefined) throw new NodeFault('BACKUP_NEWER', `This program has no room ${unknown[0]}.`)
  const db = connect(url, { max: 2, applicationName: 'corridor restore', statementTimeoutMs: 0 })
  try {
    await migrate(
      db,
      used.map((each) => ({ ...each, upTo: manifest.migrations[each.room]! })),
    )
    const made = await db.query<{ room: string; applied: number }>(
      'select room, max(number) as applied from migration group by room',
    )
    const ahead = named.find(([room, number]) => made.find((each) => each.room === room)?.applied !== number)
    if (ahead !== undefined)
      throw new NodeFault('BACKUP_NEWER', `The backup has migration ${ahead[1]} of ${ahead[0]}, this program has not.`)
    await loadTables(url, tablesFolder(folder), { ...manifest, sequencesAhead })
    await migrate(db, used)
    const journal = await verifyJournal(db, manifest.head === null ? {} : { head: manifest.head.hash })
    const stored = await checkStored(db, makeVault(createSecretKey(Buffer.from(dataKey, 'base64'))))
    return { rows: manifest.tables.reduce((sum, { rows: each }) => sum + each, 0), journal, stored }
  } finally {
    await db.close()
  }
}

/** Why what was filled may not be used, for people; undefined when all of it is well. */
export function whyNotUsed({ journal, stored }: Filled): string | undefined {
  if (journal.outcome === 'broken') return `The journal is broken at seal ${journal.number} (${journal.damage}).`
  const [first] = stored.examples
  return (
    first &&
    `${stored.damaged} stored values do not open, or are other documents: first ${first.kept} of ${first.box} ${first.id}.`
  )
}

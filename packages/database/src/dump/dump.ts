import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Client, escapeIdentifier } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { runner, type Tx } from '../database.ts'
import { DatabaseFault } from '../faults.ts'
import { statements } from '../statement.ts'
import { withPlain } from './plain.ts'

export const sql = statements<'tables' | 'otherKinds' | 'sequences' | 'foreignKeys'>(new URL('sql/', import.meta.url))

/** One table as a file: PostgreSQL's COPY in its binary format. */
export interface DumpedTable {
  name: string
  columns: string[]
  rows: number
  bytes: number
  /** Of the file, hex. */
  sha256: string
}

/** What a sequence has given out last, as a decimal number; null before the first. */
export interface DumpedSequence {
  name: string
  value: string | null
}

export interface Dump<Also> {
  tables: DumpedTable[]
  sequences: DumpedSequence[]
  /** What was read beside the tables, of the same moment. */
  also: Also
}

/** The file of a table in the folder of a dump. */
export const fileOf = (folder: string, table: string): string => join(folder, `${table}.copy`)

/**
 * Copies every table of the schema that comes first on the search path into a folder, as all of them were at one moment; nobody who
 * works with them waits for it. The transaction only reads and so has no number: it keeps no seal of the journal waiting.
 * @param also reads more of the same moment
 * @throws DatabaseFault dump.unknown-kind when there is something that is no plain table
 */
export async function dumpTables<Also>(
  url: string,
  folder: string,
  also: (tx: Tx) => Promise<Also>,
): Promise<Dump<Also>> {
  return withPlain(url, 'corridor backup', async (client) => {
    const tx = runner(client)
    const found = await beginWithTables(client, tx)
    const others = await tx.run<{ name: string }>(sql.otherKinds)
    if (others.length > 0) throw new DatabaseFault('dump.unknown-kind', others.map(({ name }) => name).join(', '))
    const read = await also(tx)
    const tables: DumpedTable[] = []
    for (const table of found) tables.push(await dumpTable(client, folder, table))
    // Read last: a sequence is of no moment, and one that is ahead of its table does no harm.
    const sequences = await tx.run<DumpedSequence>(sql.sequences)
    await client.query('commit')
    return { tables, sequences, also: read }
  })
}

type Table = Pick<DumpedTable, 'name' | 'columns'>

/**
 * Begins the transaction with all tables held in the weakest mode: a migration would otherwise change one that comes later. It waits a
 * moment and tries again by itself; who works with the tables never waits.
 */
async function beginWithTables(client: Client, tx: Tx): Promise<Table[]> {
  for (;;) {
    const seen = await tx.run<Table>(sql.tables)
    await client.query('begin transaction isolation level repeatable read read only')
    const names = seen.map(({ name }) => escapeIdentifier(name))
    if (names.length > 0) await client.query(`lock table ${names.join(', ')} in access share mode`)
    // The moment that the transaction shows is that of its first query: here, with the locks held.
    const found = await tx.run<Table>(sql.tables)
    if (JSON.stringify(found) === JSON.stringify(seen)) return found
    await client.query('rollback')
  }
}

async function dumpTable(client: Client, folder: string, { name, columns }: Table): Promise<DumpedTable> {
  const stream = client.query(copyTo(`copy ${listed(name, columns)} to stdout (format binary)`))
  const digest = createHash('sha256')
  let bytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  await pipeline(stream, measure, createWriteStream(fileOf(folder, name), { flags: 'wx', mode: 0o600, flush: true }))
  return { name, columns, rows: stream.rowCount, bytes, sha256: digest.digest('hex') }
}

/** A table with the columns that travel, for COPY. */
export function listed(name: string, columns: readonly string[]): string {
  return `${escapeIdentifier(name)} (${columns.map((column) => escapeIdentifier(column)).join(', ')})`
}

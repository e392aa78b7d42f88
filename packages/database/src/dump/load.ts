import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type Client, escapeIdentifier } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { runner, type Tx } from '../database.ts'
import { DatabaseFault } from '../faults.ts'
import { type DumpedSequence, type DumpedTable, fileOf, listed, sql } from './dump.ts'
import { withPlain } from './plain.ts'

export interface LoadOptions {
  tables: readonly DumpedTable[]
  sequences: readonly DumpedSequence[]
  /** By how much each sequence goes on beyond what it had; one that had given out nothing too, since it may have since. */
  sequencesAhead?: number
}

/**
 * Fills the tables of the schema that comes first on the search path with a dump, in one transaction; what they had is gone. They must be
 * those of the dump, as the same migrations made them. Keys between tables are taken away and made again, which checks each row; triggers
 * of ours do not run meanwhile. The role must own the tables and need be no superuser.
 * @throws DatabaseFault dump.other-tables, dump.rows-missing; what PostgreSQL says about rows that it refuses passes through
 */
export async function loadTables(
  url: string,
  folder: string,
  { tables, sequences, sequencesAhead = 0 }: LoadOptions,
): Promise<void> {
  await withPlain(url, 'corridor restore', async (client) => {
    const tx = runner(client)
    await client.query('begin')
    await requireSame(tx, tables)
    const keys = await tx.run<{ table: string; name: string; definition: string }>(sql.foreignKeys)
    for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`)
    const names = tables.map(({ name }) => escapeIdentifier(name))
    for (const name of names) await client.query(`alter table ${name} disable trigger user`)
    await client.query(`truncate ${names.join(', ')}`)
    for (const table of tables) await loadTable(client, folder, table)
    for (const { table, name, definition } of keys)
      await client.query(`alter table ${table} add constraint ${name} ${definition}`)
    for (const name of names) await client.query(`alter table ${name} enable trigger user`)
    for (const { name, value } of sequences)
      if (value !== null || sequencesAhead > 0)
        await tx.query('select setval(quote_ident($1)::regclass, coalesce($2::bigint, 0) + $3::bigint)', [
          name,
          value,
          sequencesAhead,
        ])
    await client.query('commit')
    for (const name of names) await client.query(`analyze ${name}`)
  })
}

async function requireSame(tx: Tx, tables: readonly DumpedTable[]): Promise<void> {
  const here = await tx.run<{ name: string; columns: string[] }>(sql.tables)
  const told = (all: readonly { name: string; columns: string[] }[]): Map<string, string> =>
    new Map(all.map(({ name, columns }) => [name, columns.join(', ')]))
  const [ours, theirs] = [told(here), told(tables)]
  const differs = [...new Set([...ours.keys(), ...theirs.keys()])].filter((name) => ours.get(name) !== theirs.get(name))
  if (differs.length > 0) throw new DatabaseFault('dump.other-tables', differs.join(', '))
}

async function loadTable(client: Client, folder: string, { name, columns, rows }: DumpedTable): Promise<void> {
  const stream = client.query(copyFrom(`copy ${listed(name, columns)} from stdin (format binary)`))
  await pipeline(createReadStream(fileOf(folder, name)), stream)
  if (stream.rowCount !== rows)
    throw new DatabaseFault('dump.rows-missing', `${name} has ${stream.rowCount} rows, and had ${rows}`)
}

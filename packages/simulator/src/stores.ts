import { connect, type Database, migrate } from '@corridor/database'
import { migrations as exchangeMigrations } from '@corridor/exchange'
import { migrations as registryMigrations, saveAccount } from '@corridor/registry'
import { accountsOf, type NodeId, nodeIds } from './corridor.ts'

/** The databases of the nodes: a schema each in one database, so that one statement can look at all of them. */
export interface Stores {
  of(node: NodeId): Database
  /** Sees every schema; only the simulator itself uses it. */
  all: Database
  /** Every table of a node, with those of its columns that hold bytes. */
  tables: readonly { name: string; bytes: readonly string[] }[]
  /** A digest of all rows of all nodes, without what is random by design. */
  digest(realSealing: boolean): Promise<string>
  /** As empty as after the migrations, but for accounts. */
  reset(): Promise<void>
  close(): Promise<void>
}

/** What the simulator counts for itself in each node's database: one row for each effect of a message that was committed. */
const effectTable = `create table simulated_effect (n bigint generated always as identity, sender text, message_id text)`

/** Makes a database of this name on a throwaway server, with the schemas of all nodes in it. */
export async function makeStores(adminUrl: string, name: string): Promise<Stores> {
  const admin = connect(adminUrl, { max: 1, applicationName: 'simulator' })
  await admin.query(`create database ${name}`)
  await admin.close()
  const address = new URL(adminUrl)
  address.pathname = `/${name}`
  const all = connect(address.href, { max: 1, applicationName: 'simulator' })
  const nodes = new Map<NodeId, Database>()
  for (const id of nodeIds) {
    await all.query(`create schema ${id}`)
    const own = new URL(address)
    // What the address says replaces the options that every connection has.
    own.searchParams.set('options', `-c search_path=${id} -c plan_cache_mode=force_generic_plan`)
    const db = connect(own.href, { max: 3, applicationName: `simulated ${id}` })
    await migrate(db, [exchangeMigrations, { room: 'registry', directory: registryMigrations }])
    await db.query(effectTable)
    for (const account of accountsOf[id]) await saveAccount(db, { ...account, locale: 'en' }, new Date(0))
    nodes.set(id, db)
  }
  const tables = await all.query<{ name: string; bytes: string[] }>(
    `select tablename as name,
       array(select column_name::text from information_schema.columns
         where table_schema = schemaname and table_name = tablename and data_type = 'bytea' order by 1) as bytes
     from pg_tables where schemaname = $1 and tablename <> 'migration' order by 1`,
    [nodeIds[0]],
  )
  const usedTables = nodeIds
    .flatMap((id) => tables.map((table) => `${id}.${table.name}`))
    // Accounts are the same in every run.
    .filter((table) => !table.endsWith('.account'))
    .map((table) => `select '${table}' as name where exists (select from ${table})`)
    .join(' union all ')
  const restarting = `select setval(oid::regclass, 1, false) from pg_class
    where relkind = 'S' and relnamespace::regnamespace::text in (${nodeIds.map((id) => `'${id}'`).join(', ')})`
  const digest = await digestStatements(all)
  return {
    all,
    tables,
    async digest(realSealing) {
      const [row] = await all.query<{ digest: string }>(realSealing ? digest.realSealing : digest.standIn)
      return row?.digest ?? ''
    },
    of(node) {
      const db = nodes.get(node)
      if (db === undefined) throw new Error(`there is no node ${node}`)
      return db
    },
    async reset() {
      // Emptying an empty table takes as long as emptying a full one. As a replica no trigger speaks up: the journal refuses to be emptied.
      const used = await all.query<{ name: string }>(usedTables)
      const emptying = used.length > 0 ? `truncate ${used.map(({ name: table }) => table).join(', ')} cascade;` : ''
      await all.query(
        `set session_replication_role = replica; ${emptying} ${restarting}; reset session_replication_role`,
      )
    },
    async close() {
      await Promise.all([all, ...nodes.values()].map((db) => db.close()))
    },
  }
}

/**
 * What differs from run to run although nothing is decided by it: fingerprints of keys, and PostgreSQL's transaction numbers. Bytes are
 * left out but for digests of documents.
 */
const random = new Set(['outbox.sealed_by', 'journal.tx', 'journal_seal.first_tx', 'journal_seal.end_tx'])

/** With real AS4 the boundary of a multipart body is random, and the journal has digests of such bodies. */
const randomWhenReal = new Set([
  'inbox.raw_content_type',
  'outbox.sealed_content_type',
  'outbox.sealed_references',
  'journal.detail',
])

async function digestStatements(all: Database): Promise<{ standIn: string; realSealing: string }> {
  const columns = await all.query<{ table_name: string; column_name: string; data_type: string }>(
    `select table_name, column_name, data_type from information_schema.columns
     where table_schema = $1 and table_name <> 'migration' order by table_name, ordinal_position`,
    [nodeIds[0]],
  )
  const statementFor = (left: (name: string) => boolean): string => {
    const tables = new Map<string, string[]>()
    for (const { table_name: table, column_name: column, data_type: type } of columns)
      if (!left(`${table}.${column}`) && (type !== 'bytea' || column === 'payload_digest'))
        tables.set(table, [...(tables.get(table) ?? []), column])
    const parts = nodeIds.flatMap((id) =>
      [...tables].map(
        ([table, names]) => `select '${id}.${table} ' || row(${names.join(', ')})::text as line from ${id}.${table}`,
      ),
    )
    return `select md5(string_agg(line, E'\\n' order by line collate "C")) as digest from (${parts.join(' union all ')}) as every`
  }
  return {
    standIn: statementFor((name) => random.has(name)),
    realSealing: statementFor((name) => random.has(name) || randomWhenReal.has(name)),
  }
}

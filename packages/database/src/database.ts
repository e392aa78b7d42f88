import { escapeIdentifier, Pool, type ClientBase, type ClientConfig, type PoolClient } from 'pg'
import { type AnswerBounds, boundedClient } from './bounded.ts'
import { asFault, DatabaseFault, sqlState } from './faults.ts'
import { Listener } from './listener.ts'
import type { Statement } from './statement.ts'
import { types } from './types.ts'

/** Where statements run: a database (each on its own) or a transaction (all or none). */
export interface Tx {
  /** Runs a statement prepared by its name; rows come back with the column names of the statement. */
  run<Row = Record<string, unknown>>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
  /** Runs text as it is, several statements at once when there are no values: for migrations and administration. */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

export interface TransactionOptions {
  /** Default `read committed`. */
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** How many times in all the work is run when PostgreSQL asks for a retry (40001, 40P01). Default 5. */
  tries?: number
  /** Server settings for this transaction alone. */
  settings?: Settings
}

/** Server settings for one transaction alone (`set local`), sent together with BEGIN. */
export type Settings = Readonly<Record<string, 'on' | 'off' | number>>

export interface Database extends Tx {
  /**
   * As in a transaction. With `settings` the statement runs between a BEGIN that sets them and a COMMIT, all three in one round trip;
   * it is not run again by itself.
   */
  run<Row = Record<string, unknown>>(
    statement: Statement,
    values?: readonly unknown[],
    settings?: Settings,
  ): Promise<Row[]>
  /**
   * Runs `work` between BEGIN (which travels with the first statement) and COMMIT; anything it throws rolls back and comes through. On a serialisation failure or a deadlock
   * the whole work is run again, so it may have no effect outside the transaction. When this rejects with `database.unreachable`
   * the commit may or may not have happened: the caller must be able to repeat.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Gives one connection to `work`, for things that belong to a connection (session locks). */
  session<T>(work: (connection: Tx) => Promise<T>): Promise<T>
  /**
   * Calls `onNotify` for each NOTIFY on the channel. The connection is re-made by itself when it is lost; notices in between are
   * lost, so after each gap `onNotify` is called once with an empty payload, which means "look for yourself".
   */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>
  /** Waits for running work and closes all connections. */
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Most connections of this pool; default 10. */
  max?: number
  applicationName?: string
  /** A statement that runs longer than this many milliseconds is ended by the server; default 30,000. */
  statementTimeoutMs?: number
  /** A transaction that does nothing for so long is ended, so that a stuck worker gives its rows back; default 60,000. */
  idleInTransactionTimeoutMs?: number
  /** For a server that is not ours: what is read of one answer. What says more is `database.long-answer`. Without it, everything. */
  answer?: AnswerBounds
  /** For a server that is not ours: an answer that is not there after so many milliseconds ends the connection. Without it, none does. */
  answerTimeoutMs?: number
}

/** Faults after which a connection is of no use. */
const ended = new Set<string>(['database.unreachable', 'database.long-answer'])

/**
 * A pool of connections to one database. No connection is made before the first statement.
 *
 * Values: `int8` (also `count(*)`) is a number, and a fault beyond ±(2^53 − 1); `numeric` stays a string, since money must not be
 * rounded; `timestamptz` is a Date; `bytea` is a Buffer; `json` and `jsonb` are parsed.
 */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const config: ClientConfig = {
    connectionString: url,
    application_name: options.applicationName ?? 'corridor',
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 60_000,
    connectionTimeoutMillis: 10_000,
    // Without a time it is the system's, which is two hours: so long nobody would know of a line that is dead without a word.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    // A statement is planned once on a connection. PostgreSQL's own way plans those that take arrays anew each time, which costs more
    // than to run them.
    options: '-c plan_cache_mode=force_generic_plan',
    types,
    ...(options.answerTimeoutMs !== undefined && { query_timeout: options.answerTimeoutMs }),
  }
  const Client = options.answer && boundedClient(options.answer)
  // Statements of a connection that nobody waits for in between travel together (PostgreSQL 18, "Pipelining").
  const pool = new Pool({
    ...config,
    pipeline: true,
    max: options.max ?? 10,
    idleTimeoutMillis: 30_000,
    ...(Client && { Client }),
  })
  // A connection that breaks while idle is replaced by the pool at the next use; without a listener it would end the process.
  pool.on('error', () => {})
  // One may also break in the very moment in which the pool hands it over, when neither the pool nor who asked for it listens. Whoever has
  // it then is told by his next statement.
  pool.on('connect', (client) => client.on('error', () => {}))
  const listener = new Listener(config, Client)

  const session = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    let client: PoolClient
    try {
      client = await pool.connect()
    } catch (error) {
      throw asFault(error)
    }
    let broken: boolean | undefined
    // A connection that dies while it is checked out also emits 'error' beside rejecting its query.
    const onError = () => (broken = true)
    client.on('error', onError)
    try {
      return await work(client)
    } catch (error) {
      const fault = asFault(error)
      if (fault instanceof DatabaseFault && ended.has(fault.code)) broken = true
      throw fault
    } finally {
      client.removeListener('error', onError)
      client.release(broken)
    }
  }

  const runOnPool = runner(pool)
  return {
    ...runOnPool,
    run: (statement, values, settings) =>
      settings === undefined
        ? runOnPool.run(statement, values)
        : session((client) => runBetween(client, settings, statement, values)),
    session: (work) => session((client) => work(runner(client))),
    transaction: (work, options) => session((client) => inTransaction(client, work, options)),
    listen: (channel, onNotify) => listener.add(channel, onNotify),
    async close() {
      await listener.close()
      await pool.end()
    },
  }
}

/** Statements on a pool or on one connection. */
export function runner(target: Pool | ClientBase): Tx {
  return {
    async run<Row>(statement: Statement, values: readonly unknown[] = []) {
      try {
        const result = await target.query({ name: statement.name, text: statement.text, values: values as unknown[] })
        return result.rows as Row[]
      } catch (error) {
        throw asFault(error)
      }
    },
    async query<Row>(text: string, values?: readonly unknown[]) {
      try {
        const result = await target.query(text, values as unknown[] | undefined)
        return result.rows as Row[]
      } catch (error) {
        throw asFault(error)
      }
    },
  }
}

/** One statement between BEGIN and COMMIT, written at once. A statement that fails makes the COMMIT a ROLLBACK. */
async function runBetween<Row>(
  client: PoolClient,
  settings: Settings,
  statement: Statement,
  values: readonly unknown[] | undefined,
): Promise<Row[]> {
  const begun = client.query(beginOf('read committed', settings))
  const running = runner(client).run<Row>(statement, values)
  const ended = client.query('commit')
  const [begin, run, end] = await Promise.allSettled([begun, running, ended])
  for (const each of [begin, run, end]) if (each.status === 'rejected') throw each.reason
  return (run as PromiseFulfilledResult<Row[]>).value
}

function beginOf(isolation: string, settings: Settings): string {
  const local = Object.entries(settings).map(([name, value]) => `; set local ${escapeIdentifier(name)} = ${value}`)
  return `begin isolation level ${isolation}${local.join('')}`
}

/** SQLSTATEs after which PostgreSQL's manual tells to run the whole transaction again (chapter "Serialization Failure Handling"). */
const retried = new Set(['40001', '40P01'])

async function inTransaction<T>(
  client: PoolClient,
  work: (tx: Tx) => Promise<T>,
  { isolation = 'read committed', tries = 5, settings = {} }: TransactionOptions = {},
): Promise<T> {
  const tx = runner(client)
  const begin = beginOf(isolation, settings)
  for (let left = tries; ; left--) {
    try {
      const begun = client.query(begin)
      // Waited for below; until then its failure is nobody's.
      begun.catch(() => {})
      let result: T
      try {
        result = await work(tx)
      } finally {
        // When BEGIN fails, so does all after it, and only BEGIN says why.
        await begun
      }
      const done = await client.query('commit')
      // COMMIT of a transaction in which a statement failed (and the work went on) answers ROLLBACK: nothing was kept.
      if (done.command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed')
      return result
    } catch (error) {
      await client.query('rollback').catch(() => {})
      if (left <= 1 || !retried.has(sqlState(error) ?? '')) throw error
    }
  }
}

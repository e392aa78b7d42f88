import { Client } from 'pg'
import { asFault } from '../faults.ts'
import { types } from '../types.ts'

/**
 * One connection without a pool and without limits of time, on which bytes of COPY travel: they may not share it with other statements.
 * Faults as of any connection.
 */
export async function withPlain<T>(
  url: string,
  applicationName: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types,
  })
  // A connection that breaks is told by the statement that was under way.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
    return await work(client)
  } catch (error) {
    throw asFault(error)
  } finally {
    await client.end().catch(() => {})
  }
}

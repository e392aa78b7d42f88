/** Installs, takes out and looks after the triggers, as the owner of the tables of a national database. */
import { type Database, sqlState } from '@corridor/database'
import { ConnectorsFault } from '../faults.ts'
import type { TriggerMapping } from './mapping.ts'
import { installSql, quoted, recaptureOf, uninstallSql } from './sql.ts'

/** What waits and what went wrong in a national database. */
export interface TriggerState {
  readonly waiting: number
  readonly leased: number
  readonly done: number
  /** set aside: look at `corridor_gateway.outbox`, column `wrong` */
  readonly aside: number
  /** of the last thousand that could not be captured */
  readonly failures: number
  /** that the national system has not taken yet */
  readonly results: number
  readonly oldest: Date | null
}

/** SQLSTATEs of a mapping that does not fit to the database (PostgreSQL, appendix A). */
const misfits: Record<string, ConstructorParameters<typeof ConnectorsFault>[0]> = {
  '42704': 'connectors.no-role',
  '42P01': 'connectors.no-table',
  '42703': 'connectors.no-table',
  '42883': 'connectors.no-table',
  '3F000': 'connectors.not-installed',
  '42501': 'connectors.not-owner',
  CG001: 'connectors.waiting',
}

async function run<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = misfits[sqlState(error) ?? '']
    if (code === undefined) throw error
    throw new ConnectorsFault(code, error instanceof Error ? error.message : String(error), error)
  }
}

/**
 * Installs in one transaction, all or nothing, and tries each capture on no row: a name that is wrong is found here, not at the first release.
 * Faults: `connectors.no-role`, `connectors.no-table`, `connectors.not-owner`.
 */
export async function install(database: Database, mapping: TriggerMapping): Promise<void> {
  await run(() =>
    database.transaction(async (tx) => {
      await tx.query(installSql(mapping))
      for (const capture of mapping.captures) {
        const columns = [...capture.key, capture.state.column, ...columnOf(capture.content)]
        await tx.query(`select ${columns.map(quoted).join(', ')} from ${quoted(capture.table)} limit 0`)
        if (typeof capture.content === 'object' && 'function' in capture.content)
          await tx.query(`select ${quoted(capture.content.function)}(row) from ${quoted(capture.table)} row limit 0`)
      }
    }),
  )
}

function columnOf(content: TriggerMapping['captures'][number]['content']): string[] {
  if (content === 'row' || 'function' in content) return []
  return ['bytes' in content ? content.bytes : content.column]
}

/** Takes everything out. Faults: `connectors.waiting` unless `discard`, `connectors.not-installed`. */
export async function uninstall(database: Database, discard = false): Promise<void> {
  const [there] = await database.query<{ name: string | null }>(
    `select to_regclass('corridor_gateway.outbox')::text as name`,
  )
  if (there?.name == null) throw new ConnectorsFault('connectors.not-installed', 'there is no schema corridor_gateway')
  await run(() => database.transaction((tx) => tx.query(uninstallSql(discard))))
}

/** Captures what was released before the triggers were there, or could not be captured, and is not in the outbox as it is now. */
export async function recapture(
  database: Database,
  mapping: TriggerMapping,
): Promise<{ captured: number; failed: number }> {
  const sum = { captured: 0, failed: 0 }
  for (const { name } of mapping.captures) {
    const rows = await run(() =>
      database.query<{ captured: number; failed: number }>(
        `select captured, failed from corridor_gateway.${quoted(recaptureOf(name))}()`,
      ),
    )
    sum.captured += rows[0]?.captured ?? 0
    sum.failed += rows[0]?.failed ?? 0
  }
  return sum
}

/** How the gateway's schema stands. Faults: `connectors.not-installed`. */
export async function triggerState(database: Database): Promise<TriggerState> {
  const [state] = await run(() => database.query<TriggerState>('select * from corridor_gateway.state()'))
  return state!
}

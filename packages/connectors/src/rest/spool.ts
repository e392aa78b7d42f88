/** Where pushed declarations lie until the node has them: the schema of the gateway, in a database of the gateway's own. */
import { readFileSync } from 'node:fs'
import { type Database, statement } from '@corridor/database'
import type { Wrong } from '../national-system.ts'

/** What became of a declaration that was pushed. */
export interface Pushed {
  readonly state: 'waiting' | 'done' | 'aside'
  readonly wrong: readonly Wrong[]
}

/** A result that the national system has not taken yet. */
export interface WaitingResult {
  readonly id: string
  readonly declaration: string
  readonly kind: string
  readonly mediaType: string
  readonly content: Uint8Array
}

const file = (name: string): string => readFileSync(new URL(`sql/${name}.sql`, import.meta.url), 'utf8')
const sql = {
  push: statement('spool-push', file('push')),
  state: statement('spool-state', file('state')),
  results: statement('spool-results', file('results')),
  taken: statement('spool-taken', 'select corridor_gateway.result_taken($1) as taken'),
}

/** The spool of one national system. */
export interface Spool {
  /** Commits a declaration under its id. `conflict`: another content came under it before. */
  push(id: string, declaration: string, event: string, bytes: Uint8Array): Promise<'pushed' | 'there' | 'conflict'>
  state(id: string): Promise<Pushed | undefined>
  results(limit: number): Promise<WaitingResult[]>
  /** False when there is no such result, or it was taken before. */
  resultTaken(id: string): Promise<boolean>
}

/** Makes the schema where it is not there yet, and opens it. The database is the gateway's own, one for each national system. */
export async function openSpool(database: Database): Promise<Spool> {
  await database.query(readFileSync(new URL('../database-triggers/sql/install.sql', import.meta.url), 'utf8'))
  return {
    async push(id, declaration, event, bytes) {
      const [row] = await database.run<{ outcome: 'pushed' | 'there' | 'conflict' }>(sql.push, [
        id,
        declaration,
        event,
        bytes,
      ])
      return row!.outcome
    },
    async state(id) {
      const [row] = await database.run<Pushed>(sql.state, [id])
      return row
    },
    results: (limit) => database.run<WaitingResult>(sql.results, [limit]),
    async resultTaken(id) {
      const [row] = await database.run<{ taken: boolean }>(sql.taken, [id])
      return row!.taken
    },
  }
}

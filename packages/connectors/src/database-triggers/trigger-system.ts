/** A national system that is reached through the schema of the gateway in its own database. */
import type { Database } from '@corridor/database'
import { statement } from '@corridor/database'
import type { Given, Handed, NationalSystem } from '../national-system.ts'

/** How the outbox is taken from. */
export interface TriggerOptions {
  /** how long what was taken is nobody else's; 60 unless told */
  leaseSeconds?: number
}

const sql = {
  take: statement('national-take', 'select * from corridor_gateway.take($1, $2)'),
  done: statement('national-done', 'select corridor_gateway.done($1::uuid[])'),
  setAside: statement('national-aside', 'select corridor_gateway.set_aside($1, $2)'),
  give: statement('national-give', 'select corridor_gateway.give($1, $2, $3, $4, $5) as outcome'),
}

/**
 * Connects to the schema that {@link install} made, as the gateway's role. There is no NOTIFY: in a database of others it would make all
 * commits wait for one lock, so the outbox is looked at from time to time.
 * @param database closed with the system
 */
export function triggerSystem(database: Database, { leaseSeconds = 60 }: TriggerOptions = {}): NationalSystem {
  return {
    async take(limit) {
      const rows = await database.run<Row>(sql.take, [limit, leaseSeconds])
      return rows.map(({ id, declaration, event, content, before }): Handed => {
        // A row that somebody made by hand may have none; reading nothing says what is wrong with it.
        return { id, declaration, event, bytes: content ?? new Uint8Array(), before }
      })
    },
    async done(ids) {
      if (ids.length > 0) await database.run(sql.done, [ids])
    },
    async setAside(id, wrong) {
      await database.run(sql.setAside, [id, JSON.stringify(wrong)])
    },
    async give({ id, declaration, kind, mediaType, bytes }) {
      const rows = await database.run<{ outcome: Given }>(sql.give, [id, declaration, kind, mediaType, bytes])
      return rows[0]!.outcome
    },
    close: () => database.close(),
  }
}

interface Row {
  id: string
  declaration: string
  event: string
  content: Uint8Array | null
  before: number
}

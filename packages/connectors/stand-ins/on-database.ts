/** A stand-in for a system such as ASYCUDA World: declarations as XML beside their columns in its own PostgreSQL. It knows nothing of the gateway. */
import { type Database } from '@corridor/database'
import type { StandIn } from './system.ts'

/** Its tables. */
export const databaseSchema = `
  create schema if not exists sad;
  create table if not exists sad.declaration (
    number text primary key,
    status text not null,
    document text not null,
    changed_at timestamptz not null default now()
  );`

/** The mapping by which triggers are installed on it. */
export const databaseMapping = (gatewayRole: string): unknown => ({
  gatewayRole,
  captures: [
    {
      name: 'declarations',
      table: 'sad.declaration',
      key: ['number'],
      state: { column: 'status', events: { RELEASED: 'released', CANCELLED: 'cancelled' } },
      content: { column: 'document' },
    },
  ],
})

const states: Record<string, string> = { released: 'RELEASED', cancelled: 'CANCELLED' }

/** @param database as the owner of its tables; closed with it */
export async function standInOnDatabase(database: Database): Promise<StandIn> {
  await database.query(databaseSchema)
  return {
    async release(number, document, event = 'released') {
      const text = new TextDecoder().decode(document)
      await database.query(
        `insert into sad.declaration values ($1, 'STORED', $2)
         on conflict (number) do update set document = excluded.document, changed_at = now()`,
        [number, text],
      )
      await database.query('update sad.declaration set status = $2, changed_at = now() where number = $1', [
        number,
        states[event] ?? 'STORED',
      ])
    },
    async results() {
      const rows = await database.query<{ id: string; declaration: string; kind: string; content: Uint8Array }>(
        'select id, declaration, kind, content from corridor_gateway.results',
      )
      for (const { id } of rows) await database.query('select corridor_gateway.result_taken($1)', [id])
      return rows.map(({ declaration, kind, content }) => ({ declaration, kind, bytes: content }))
    },
    close: () => database.close(),
  }
}

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
  );
  -- What came back, as it came; told: whoever asked what is new has heard of it.
  create table if not exists sad.result (
    number bigint generated always as identity primary key,
    id text not null unique,
    declaration text not null,
    kind text not null,
    content bytea not null,
    came_at timestamptz not null default now(),
    told boolean not null default false
  );
  -- How movements stand at the offices of the country.
  create table if not exists sad.movement (
    mrn text not null,
    role text not null,
    office text not null,
    declaration text not null,
    state text not null,
    event text not null,
    changed_at timestamptz not null,
    primary key (mrn, role, office)
  );`

/** The mapping by which triggers are installed on it. */
export const databaseMapping = (gatewayRole: string): unknown => ({
  gatewayRole,
  captures: [
    {
      name: 'declarations',
      table: 'sad.declaration',
      key: ['number'],
      state: { column: 'status', events: { RELEASED: 'released', AMENDED: 'amended', CANCELLED: 'cancelled' } },
      content: { column: 'document' },
    },
  ],
})

const states: Record<string, string> = { released: 'RELEASED', amended: 'AMENDED', cancelled: 'CANCELLED' }

const keepResult = `
  insert into sad.result (id, declaration, kind, content)
  select id, declaration, kind, content from corridor_gateway.results where id = $1 on conflict (id) do nothing`
const keepMovement = `
  insert into sad.movement
  select note ->> 'mrn', note ->> 'role', note ->> 'office', $1, note ->> 'state', note ->> 'event', (note ->> 'at')::timestamptz
  from (select convert_from($2::bytea, 'UTF8')::jsonb as note) came
  on conflict (mrn, role, office) do update set
    declaration = excluded.declaration, state = excluded.state, event = excluded.event, changed_at = excluded.changed_at`

/** @param database as the owner of its tables; closed with it */
export async function standInOnDatabase(database: Database): Promise<StandIn> {
  await database.query(databaseSchema)
  /** Each result into its own tables, in the transaction that says that it has it. */
  const keep = (): Promise<void> =>
    database.transaction(async (tx) => {
      const rows = await tx.query<{ id: string; declaration: string; kind: string; content: Uint8Array }>(
        'select id, declaration, kind, content from corridor_gateway.results',
      )
      for (const { id, declaration, kind, content } of rows) {
        await tx.query(keepResult, [id])
        if (kind === 'movement') await tx.query(keepMovement, [declaration, content])
        await tx.query('select corridor_gateway.result_taken($1)', [id])
      }
    })
  return {
    async release(number, document, event = 'released') {
      const text = new TextDecoder().decode(document)
      await database.query(
        `insert into sad.declaration values ($1, 'STORED', $2)
         on conflict (number) do update set status = 'STORED', document = excluded.document, changed_at = now()`,
        [number, text],
      )
      await database.query('update sad.declaration set status = $2, changed_at = now() where number = $1', [
        number,
        states[event] ?? 'STORED',
      ])
    },
    keep,
    async results() {
      await keep()
      return database.query<{ declaration: string; kind: string; bytes: Uint8Array }>(
        `with fresh as (update sad.result set told = true where not told returning number, declaration, kind, content)
         select declaration, kind, content as bytes from fresh order by number`,
      )
    },
    close: () => database.close(),
  }
}

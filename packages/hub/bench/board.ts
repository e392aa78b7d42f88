// How long the pages of the board take with a million copies: `npm run bench:board`. A scratch database, filled by SQL as copies fill it.
import { connect } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations as exchangeMigrations } from '@corridor/exchange'
import { migrate } from '@corridor/database'
import { boardOf } from '../src/board/board.ts'
import { loadMeanings } from '../src/board/load.ts'
import { migrations } from '../src/hub.ts'
import type { HubPorts } from '../src/ports.ts'

const movements = 200_000
const copiesOfEach = 5
const runs = 10

/** Two years of movements between five members, four in a hundred under way; half of the guarantees of those that are. */
const filling = [
  // One transaction that counts a row two hundred thousand times is nothing that happens.
  'alter table regional_movement disable trigger regional_counted',
  `insert into regional_movement (mrn, departure, destination, transit, office_of_departure, office_of_destination, arrived_in, state,
     released_at, limit_date, arrived_at, ended_at, last_told_at, last_copy_at, contradictions)
   select '26' || dep || lpad(n::text, 12, '0') || 'J' || n % 10, dep, dest, case n % 3 when 0 then '{}' else array[via] end,
     dep || '000101', dest || '000201', case when is_open then null else dest end,
     case when is_open then 'released' when n % 50 = 0 then 'invalidated' else 'ended' end,
     at, (at + interval '8 days')::date, case when is_open then null else at + (20 + n % 90) * interval '1 hour' end,
     case when is_open then null else at + interval '6 days' end, at + interval '6 days', at + interval '6 days',
     case when n % 200 = 0 then '[{"kind":"differs"}]' else '[]' end::jsonb
   from (
     select n, (array['CM','CF','TD','CG','GA'])[1 + n % 5] as dep, (array['CM','CF','TD','CG','GA'])[1 + (n + 1 + n / 5 % 3) % 5] as dest,
       (array['CM','CF','TD','CG','GA'])[1 + (n + 4) % 5] as via, n > ${movements} * 0.96 as is_open,
       now() - (${movements} - n) * interval '2 years' / ${movements} as at
     from generate_series(1, ${movements}) as n
   ) as made`,
  `insert into regional_copy (sender, message_id, message_type, recipient, mrn, said_at, received_at, elements, digest)
   select 'DGD.' || (array['CM','CF','TD','CG','GA'])[1 + k % 5], mrn || '-' || k, (array['CC015C','CD050C','CD001C','CD006C','CD203C'])[1 + k % 5],
     null, mrn, released_at + k * interval '1 hour', released_at + k * interval '1 hour' + interval '3 seconds',
     jsonb_build_object('mrn', jsonb_build_array(mrn), 'officeOfDeparture', jsonb_build_array(office_of_departure),
       'limitDate', jsonb_build_array(limit_date)), sha256(convert_to(mrn || k, 'UTF8'))
   from regional_movement, generate_series(1, ${copiesOfEach}) as k`,
  `insert into regional_guarantee (mrn, grn, country, currency, amount, in_use)
   select mrn, '26' || departure || lpad((hashtext(mrn) & 4095)::text, 12, '0') || '0', departure, 'XAF', 100000 + (hashtext(mrn) & 65535), state = 'released'
   from regional_movement`,
  `insert into regional_member (party, copies, last_copy_at, last_said_at)
   select sender, count(*), max(received_at), max(said_at) from regional_copy group by sender`,
  `insert into forwarded_object (sender, id, addressee, kind, digest, expires_at, came_as, conversation, message_id, state, forwarded_at, looked_at)
   select 'DGD.CM', 'o' || n, 'DGD.TD', 'message', sha256('x'), now() + interval '2 days', 'c' || n, 'c' || n, 'm' || n,
     case when n % 100 = 0 then 'under-way' else 'delivered' end, now() - interval '1 day', now() from generate_series(1, 200000) as n`,
  `insert into regional_corridor (departure, destination, movements, arrived, invalidated, contradicted)
   select departure, destination, count(*), count(arrived_at), count(*) filter (where state = 'invalidated'),
     count(*) filter (where contradictions <> '[]') from regional_movement group by 1, 2`,
  `insert into regional_corridor_transit (departure, destination, country, movements)
   select departure, destination, unnest(transit), count(*) from regional_movement group by 1, 2, 3`,
  'alter table regional_movement enable trigger regional_counted',
  'vacuum analyze',
]

const made = await testDatabase()
const db = connect(made.url, { max: 4, statementTimeoutMs: 600_000 })
try {
  await migrate(db, [exchangeMigrations, migrations])
  for (const each of filling) await db.query(each)
  const members = new Set(['CM', 'CF', 'TD', 'CG', 'GA'].map((country) => `DGD.${country}`))
  const board = boardOf({
    db,
    clock: () => new Date(),
    members,
    countries: new Map([...members].map((party) => [party, party.slice(-2)])),
    meanings: loadMeanings(),
  } as unknown as HubPorts)
  const today = new Date().toISOString().slice(0, 10)
  const page = { page: 1, pageSize: 50 }
  const [{ mrn } = { mrn: '' }] = await db.query<{ mrn: string }>(
    'select mrn from regional_movement order by mrn limit 1 offset 77777',
  )
  const pages: Record<string, () => Promise<unknown>> = {
    'the board': () => board.dashboard(today),
    'the list': () => board.movements(page, today),
    'its last page': () => board.movements({ page: movements / 50, pageSize: 50 }, today),
    'a page in the middle': () => board.movements({ page: movements / 100, pageSize: 50 }, today),
    'a corridor': () => board.movements({ ...page, departure: 'CM', destination: 'TD' }, today),
    'a state': () => board.movements({ ...page, state: 'released' }, today),
    'what is late': () => board.movements({ ...page, only: 'late' }, today),
    'what is contradicted': () => board.movements({ ...page, only: 'contradicted' }, today),
    'the beginning of an MRN': () => board.movements({ ...page, q: mrn.slice(0, 12) }, today),
    'a movement': () => board.movement(mrn, today),
  }
  const [size] = await db.query<{ copies: number }>('select count(*) as copies from regional_copy')
  process.stdout.write(`${size?.copies} copies of ${movements} movements\n`)
  for (const [name, ask] of Object.entries(pages)) {
    const times: number[] = []
    for (let run = 0; run < runs; run++) {
      const began = performance.now()
      await ask()
      times.push(performance.now() - began)
    }
    times.sort((a, b) => a - b)
    process.stdout.write(
      `${name.padEnd(26)} half ${times[runs / 2]!.toFixed(0)} ms, longest ${times.at(-1)!.toFixed(0)} ms\n`,
    )
  }
} finally {
  await db.close()
  await made.drop()
}

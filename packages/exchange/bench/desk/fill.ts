import { createHash } from 'node:crypto'
import type { Wire } from '@corridor/as4'
import type { Database } from '@corridor/database'
import { type KeyDigest, keyKinds } from '../../src/repair/keys.ts'

/** Documents of a movement as they come and leave, and whether they name plates, seals and containers. */
const coming = 'CC015C CC170C CD200C CD006C CD018C CD024C CC007C CC044C CD118C CD205C CD209C CC141C'.split(' ')
const leaving = 'CC928C CC028C CC029C CD001C CD050C CC060C CC043C CC025C CC045C CD201C CD203C CD160C CC140C'.split(' ')
const perMovement = coming.length + leaving.length
const naming = ['CC015C', 'CC170C', 'CC029C', 'CD001C', 'CD050C', 'CD160C', 'CC043C', 'CC044C', 'CD018C', 'CC007C']

/** How many vehicles there are: each makes several movements. */
const vehicles = 5_000
/** One of so many messages has its real bytes; the others have next to none, which changes no search. */
export const wholeOneIn = 20

/** What was really exchanged once, to be kept for many. */
export interface Sample {
  document: Buffer
  wire: Wire
  receipt: Wire
}

/** Values by which the movement of a number is found. */
export const valueOf = {
  mrn: (n: number) => `26ALAL${String(n).padStart(10, '0')}J5`,
  lrn: (n: number) => `LRN-${n}`,
  plate: (n: number) => `AA ${String(n % vehicles).padStart(4, '0')} BB`,
  seal: (n: number) => `SEAL-${n}`,
  container: (n: number) => `MSCU${String(n % 20_000).padStart(7, '0')}`,
}

/** Fills inbox, outbox and keys with so many messages, spread over a hundred days. @returns how many movements there are */
export async function fill(db: Database, digest: KeyDigest, messages: number, sample: Sample): Promise<number> {
  const movements = Math.ceil(messages / perMovement)
  await db.query(`create unlogged table bench_key (movement int, kind text, value uuid)`)
  const chunk = 5_000
  for (let from = 0; from < movements; from += chunk) {
    const numbers = Array.from({ length: Math.min(chunk, movements - from) }, (_, at) => from + at)
    const keys = numbers.flatMap((n) =>
      keyKinds.map((kind) => ({ n, kind, value: digest({ kind, value: valueOf[kind](n) }) })),
    )
    await db.query('insert into bench_key select * from unnest($1::int[], $2::text[], $3::uuid[])', [
      keys.map(({ n }) => n),
      keys.map(({ kind }) => kind),
      keys.map(({ value }) => value),
    ])
  }
  const bytes = [
    sample.document,
    createHash('sha256').update(sample.document).digest(),
    sample.wire.body,
    sample.wire.contentType,
    sample.receipt.body,
    sample.receipt.contentType,
  ]
  await db.query('set statement_timeout = 0')
  await db.query(inboxText(movements), bytes)
  await db.query(outboxText(movements), bytes)
  for (const box of ['in', 'out'])
    await db.query(
      `insert into message_key (kind, value, box, message)
       select kind, value, $1, id from ${box}box
       join bench_key on movement = substr(conversation, 7, 10)::int
       where kind = 'mrn' or document_type = any ($2) and (kind <> 'lrn' or document_type in ('CC015C', 'CC029C'))
       order by id on conflict do nothing`,
      [box, naming],
    )
  await db.query(
    `insert into journal (at, kind, conversation, message_id, actor)
     select received_at, 'message.received', conversation, message_id, sender from inbox
     union all
     select created_at, unnest(array['message.queued', 'message.receipted']), conversation, message_id, sender from outbox
     order by 1`,
  )
  await db.query('drop table bench_key')
  await db.query('vacuum analyze')
  return movements
}

/** Two thirds of what is a partner's goes with one of them; a movement takes a week. */
const common = (types: readonly string[], movements: number): string => `
  select movement, place, types[place] as document_type, 'ALT' || movement % 2000 as trader,
    case when movement % 3 < 2 then 'NTA.XK' when movement % 10 < 8 then 'NTA.MK' else 'NTA.ME' end as partner,
    '26ALAL' || lpad(movement::text, 10, '0') || 'J5' as mrn,
    timestamptz '2026-08-01 00:00Z' + movement * interval '100 days' / ${movements} + place * interval '13 hours' as at,
    gen_random_uuid() || '@al.bench' as message_id
  from generate_series(0, ${movements - 1}) as movement,
    (select array['${types.join("','")}'] as types) as given, generate_series(1, ${types.length}) as place`

const inboxText = (movements: number): string => `
  insert into inbox (sender, message_id, link, recipient, conversation, document_type, payload, payload_digest, raw, raw_content_type,
    receipt, receipt_content_type, state, reason, due_at, received_at, done_at)
  select case when document_type like 'CC%' then trader else partner end, message_id,
    case when document_type like 'CC%' then 'api' else 'as4' end, 'NTA.AL', mrn, document_type,
    case when whole then $1::bytea else '<x/>' end, $2::bytea, case when whole then $3::bytea else '-' end, $4,
    case when whole then $5::bytea else '-' end, $6, state, case state when 'parked' then 'a mistake of the program' end, at, at, at
  from (
    select *, movement % ${wholeOneIn} = 0 as whole,
      case movement * 12 + place when 777 then 'waiting' else case when (movement * 12 + place) % 2500 = 0 then 'parked' else 'done' end end as state
    from (${common(coming, movements)}) as made) as given
  order by at`

const outboxText = (movements: number): string => `
  insert into outbox (sender, message_id, link, recipient, conversation, document_type, payload, payload_digest, sealed,
    sealed_content_type, receipt, receipt_content_type, state, reason, tries, due_at, created_at, first_sent_at, receipted_at)
  select 'NTA.AL', message_id, case when document_type like 'CC%' then 'mailbox' else 'as4' end,
    case when document_type like 'CC%' then trader else partner end, mrn, document_type,
    case when whole then $1::bytea else '<x/>' end, $2::bytea, case when whole then $3::bytea else '-' end, $4,
    case when whole then $5::bytea else '-' end, $6, state, case state when 'parked' then 'EBMS:0303' end, 1, at, at, at, at
  from (
    select *, movement % ${wholeOneIn} = 0 as whole,
      case when (movement * 13 + place) % 2500 = 0 then 'parked' else 'receipted' end as state
    from (${common(leaving, movements)}) as made) as given
  order by at`

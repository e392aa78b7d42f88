import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations } from '@corridor/exchange'
import { migrations as webhookMigrations } from '@corridor/webhooks'
import { nodeMetrics } from '../src/metrics/metrics.ts'

let made: Awaited<ReturnType<typeof testDatabase>>
let db: Database
const now = new Date('2026-11-24T12:00:00Z')

before(async () => {
  made = await testDatabase()
  db = connect(made.url)
  await migrate(db, [migrations, webhookMigrations])
})
after(async () => {
  await db.close()
  await made.drop()
})

/** Lines of the text format without comments, as `name{labels}` → value. */
function values(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

test('queues, ages and lags are those of the database, one partner beside another', async () => {
  const owe = (recipient: string, state: string, minutesAgo: number, lagSeconds: number | null, n: number) =>
    db.query(
      `insert into outbox (message_id, link, sender, recipient, conversation, document_type, payload, payload_digest,
         state, sealed, receipt, due_at, created_at, receipted_at)
       select gen_random_uuid(), 'as4', 'NTA.AL', $1, 'C', 'CD001C', '', sha256(''), $2, '', '', $3::timestamptz, at,
         at + make_interval(secs => $5::float8)
       from generate_series(1, $6::int) as n, lateral (select $3::timestamptz - make_interval(mins => $4::int) as at) as moment`,
      [recipient, state, now, minutesAgo, lagSeconds, n],
    )
  await owe('NTA.XK', 'sent', 10, null, 3)
  await owe('NTA.XK', 'receipted', 5, 2, 98)
  await owe('NTA.XK', 'receipted', 5, 30, 2)
  await owe('NTA.XK', 'receipted', 120, 3_000, 500)
  await owe('NTA.MK', 'parked', 1, null, 1)
  await db.query(
    `insert into reconciliation (run, partner, role, day, state, wanted_at, compared_at)
     select n::text, 'NTA.XK', 'ours', '2026-01-01', 'compared', $1, $1 from generate_series(1, 2) as n`,
    [new Date(now.getTime() - 60_000)],
  )
  await db.query(
    `insert into reconciliation_difference (reconciliation, direction, message_id, kind, digest)
     select number, 'in', 'm@x', kind, sha256('') from reconciliation,
       lateral (select case run when '1' then 'differs' else 'missing-here' end as kind) as found`,
  )
  const metrics = values(
    await nodeMetrics(db, { parties: () => ['NTA.XK', 'NTA.MK'], certificates: () => [], clock: () => now }).text(),
  )
  const expected = {
    'corridor_outbox_messages{party="NTA.XK"}': 3,
    'corridor_outbox_messages{party="NTA.MK"}': 0,
    'corridor_outbox_oldest_age_seconds{party="NTA.XK"}': 600,
    'corridor_outbox_parked_messages{party="NTA.MK"}': 1,
    'corridor_outbox_lag_seconds{party="NTA.XK",quantile="0.5"}': 2,
    'corridor_outbox_lag_seconds{party="NTA.XK",quantile="0.9"}': 2,
    'corridor_outbox_lag_seconds{party="NTA.XK",quantile="0.99"}': 30,
    'corridor_reconciliation_open_messages{party="NTA.XK"}': 1,
    'corridor_reconciliation_age_seconds{party="NTA.XK"}': 60,
    corridor_inbox_messages: 0,
    corridor_journal_seals: 0,
    corridor_database_up: 1,
  }
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, metrics.get(name)])), expected)
  assert.equal(metrics.has('corridor_outbox_lag_seconds{party="NTA.MK",quantile="0.5"}'), false)
})

test('without the database: what the process counted, and no numbers that nobody knows', async () => {
  const away = connect('postgres://nobody@127.0.0.1:1/none')
  const metrics = nodeMetrics(away, { parties: () => ['NTA.XK'], certificates: () => [], clock: () => now })
  metrics.meter({ what: 'reception', outcome: 'taken', party: 'NTA.XK', seconds: 0.02 })
  metrics.meter({ what: 'reception', outcome: 'refused', party: undefined, seconds: 0.01 })
  metrics.meter({ what: 'decision', outcome: 'failed', seconds: 0.3 })
  metrics.meter({ what: 'sending', outcome: 'unanswered', party: 'NTA.XK', again: false })
  metrics.meter({ what: 'sending', outcome: 'receipted', party: 'NTA.XK', again: true })
  metrics.meter({ what: 'connections', open: 2 })
  metrics.meter({ what: 'partner-clock', party: 'NTA.XK', aheadMs: 3 })
  const told = values(await metrics.text())
  const expected = {
    corridor_database_up: 0,
    'corridor_messages_received_total{party="NTA.XK"}': 1,
    corridor_messages_refused_total: 1,
    corridor_accept_duration_seconds_sum: 0.02,
    corridor_decisions_failed_total: 1,
    corridor_decision_duration_seconds_count: 1,
    'corridor_send_tries_total{party="NTA.XK"}': 2,
    'corridor_send_retries_total{party="NTA.XK"}': 1,
    'corridor_send_failures_total{party="NTA.XK"}': 1,
    'corridor_receipts_total{party="NTA.XK"}': 1,
    corridor_as4_connections: 2,
  }
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, told.get(name)])), expected)
  for (const name of told.keys()) assert.doesNotMatch(name, /^corridor_(outbox|inbox|journal)_/)
  await away.close()
})

test('every metric has a HELP text and a line in docs/watching.md, and nothing else is promised there', async () => {
  const text = await nodeMetrics(db, { parties: () => ['NTA.XK'], certificates: () => [], clock: () => now }).text()
  const own = (name: string): boolean => !/^corridor_(process|nodejs)_/.test(name)
  const made = [...text.matchAll(/^# HELP (corridor_\w+) \S/gm)].map(([, name = '']) => name).filter(own)
  const typed = [...text.matchAll(/^# TYPE (corridor_\w+) /gm)].map(([, name = '']) => name).filter(own)
  const page = readFileSync(new URL('../../../docs/watching.md', import.meta.url), 'utf8')
  const promised = [...page.matchAll(/`(corridor_\w+)`/g)].map(([, name = '']) => name)
  assert.deepEqual([...new Set(promised)].sort(), made.sort())
  assert.deepEqual(typed.sort(), made.sort())
})

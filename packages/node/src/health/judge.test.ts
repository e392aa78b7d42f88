import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HealthFacts, judge } from './judge.ts'

const now = new Date('2026-11-24T12:00:00Z')
const ago = (ms: number): string => new Date(now.getTime() - ms).toISOString()
const minute = 60_000

const own = { party: 'NTA.AL', own: true, use: 'signing', next: false, daysLeft: 200, state: 'ok' } as const
const partner = { ...own, party: 'NTA.XK', own: false }
const backlog = { inbox: 0, outbox: 0, parkedIn: 0, parkedOut: 0, oldestUndecidedAt: null, oldestUnreceiptedAt: null }
const webhooks = { enabled: 1, disabled: 1, failing: 1, waiting: 3, overdueSince: ago(900) }
const journal = { lastSeal: 4, sealedAt: ago(900), oldestUnsealedAt: ago(800) }

const well: HealthFacts = {
  database: { fault: null, writeMs: 4 },
  disk: { freeBytes: 50_000_000_000, totalBytes: 100_000_000_000 },
  clock: { setAheadMs: 0, databaseAheadMs: 2, partners: [{ party: 'NTA.XK', aheadMs: -300, at: ago(0) }] },
  certificates: [own, partner],
  backlog,
  journal,
  webhooks,
  tunnels: [{ party: 'NTA.XK', local: '10.99.0.1', peer: '10.99.0.2', interface: 'wg-xk', up: true, why: null }],
}

test('a node whose every part is well is well, also where little is known', () => {
  const health = judge(well, now)
  assert.deepEqual([health.status, health.reasons], ['ok', []])
  assert.deepEqual(health.clock, { ...well.clock, databaseWindowMs: 5_000, partnerWindowMs: 300_000 })
  assert.equal(
    judge({ ...well, disk: null, clock: { setAheadMs: 0, databaseAheadMs: null, partners: [] } }, now).status,
    'ok',
  )
})

test('what is the matter is named, and what keeps messages out is worse than the rest', () => {
  const cases: [Partial<HealthFacts>, 'down' | 'degraded', string][] = [
    [{ database: { fault: 'database.read-only', writeMs: null } }, 'down', 'database-cannot-store'],
    [{ disk: { freeBytes: 1_000_000, totalBytes: 9 } }, 'down', 'disk-full'],
    [{ disk: { freeBytes: 1_000_000_000, totalBytes: 9 } }, 'degraded', 'disk-low'],
    [{ certificates: [{ ...own, state: 'ended', daysLeft: -1 }] }, 'down', 'own-certificate-not-valid'],
    [{ certificates: [{ ...own, state: 'not-yet-valid' }] }, 'down', 'own-certificate-not-valid'],
    [{ certificates: [{ ...own, state: 'ending' }] }, 'degraded', 'own-certificate-ends'],
    [{ certificates: [own, { ...partner, state: 'ended' }] }, 'degraded', 'partner-certificate-not-valid'],
    [{ certificates: [own, { ...partner, state: 'ending' }] }, 'degraded', 'partner-certificate-ends'],
    [{ clock: { setAheadMs: 0, databaseAheadMs: -6_000, partners: [] } }, 'degraded', 'clock-differs-from-database'],
    [
      { clock: { setAheadMs: 0, databaseAheadMs: 0, partners: [{ party: 'NTA.XK', aheadMs: 400_000, at: ago(0) }] } },
      'degraded',
      'clock-differs-from-partner',
    ],
    [{ backlog: null, journal: null }, 'degraded', 'queues-not-readable'],
    [{ backlog: { ...backlog, parkedIn: 1 } }, 'degraded', 'messages-parked'],
    [{ backlog: { ...backlog, parkedOut: 1 } }, 'degraded', 'messages-parked'],
    [{ backlog: { ...backlog, oldestUndecidedAt: ago(11 * minute) } }, 'degraded', 'messages-undecided'],
    [{ backlog: { ...backlog, oldestUnreceiptedAt: ago(61 * minute) } }, 'degraded', 'messages-without-receipt'],
    [{ journal: { ...journal, oldestUnsealedAt: ago(2 * minute) } }, 'degraded', 'journal-not-sealed'],
    [{ tunnels: well.tunnels.map((tunnel) => ({ ...tunnel, up: false })) }, 'degraded', 'tunnel-down'],
    [{ webhooks: { ...webhooks, overdueSince: ago(11 * minute) } }, 'degraded', 'webhooks-not-delivered'],
  ]
  for (const [change, status, reason] of cases) {
    const health = judge({ ...well, ...change }, now)
    assert.deepEqual([health.status, health.reasons], [status, [reason]])
  }
  const both = judge(
    { ...well, database: { fault: 'database.unreachable', writeMs: null }, backlog: { ...backlog, parkedIn: 1 } },
    now,
  )
  assert.deepEqual([both.status, both.reasons], ['down', ['database-cannot-store', 'messages-parked']])
})

test('what is late, but not too late, is well', () => {
  const late: Partial<HealthFacts> = {
    backlog: { ...backlog, inbox: 9, oldestUndecidedAt: ago(9 * minute), oldestUnreceiptedAt: ago(59 * minute) },
    journal: { ...journal, oldestUnsealedAt: ago(minute) },
  }
  assert.equal(judge({ ...well, ...late }, now).status, 'ok')
})

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations } from '@corridor/exchange'
import { migrations as webhookMigrations } from '@corridor/webhooks'
import { cached } from '../src/cached.ts'
import type { NodeClock } from '../src/clock.ts'
import { certificateStates, checkedPair } from '../src/health/certificates.ts'
import { healthOf, type HealthSources } from '../src/health/facts.ts'
import { PartnerClocks } from '../src/health/partner-clocks.ts'

let made: Awaited<ReturnType<typeof testDatabase>>
let db: Database
let papers: TestIdentity
let other: TestIdentity
const clock = () => new Date()
const timeOf = (now: () => Date, aheadMs = 0): NodeClock => ({ now, aheadMs, moveAhead: () => undefined })

before(async () => {
  made = await testDatabase()
  db = connect(made.url)
  await migrate(db, [migrations, webhookMigrations])
  const authority = await makeAuthority('authority')
  papers = await authority.issue({ commonName: 'one' })
  other = await authority.issue({ commonName: 'another' })
})
after(async () => {
  await db.close()
  await made.drop()
})

const sources = (more: Partial<HealthSources> = {}): HealthSources => ({
  db,
  time: timeOf(clock),
  certificates: () => [],
  partnerClocks: new PartnerClocks(clock),
  dataFolder: undefined,
  tunnels: async () => [],
  ...more,
})

test('on a real database: a write is proved, clocks are compared, seals and backlog are read', async () => {
  const health = await healthOf(sources({ dataFolder: '/' }))
  assert.equal(health.database.fault, null)
  assert.ok(health.database.writeMs !== null && Math.abs(health.clock.databaseAheadMs ?? Infinity) < 5_000)
  assert.ok((health.disk?.freeBytes ?? 0) > 0)
  assert.deepEqual(health.backlog, {
    inbox: 0,
    outbox: 0,
    parkedIn: 0,
    parkedOut: 0,
    oldestUndecidedAt: null,
    oldestUnreceiptedAt: null,
  })
  assert.deepEqual(health.journal, { lastSeal: null, sealedAt: null, oldestUnsealedAt: null })
  assert.equal((await healthOf(sources({ dataFolder: '/no/such/folder' }))).disk, null)
})

test('a clock that is an hour off is told', async () => {
  const health = await healthOf(sources({ time: timeOf(() => new Date(Date.now() - 3_600_000)) }))
  assert.ok(health.reasons.includes('clock-differs-from-database'))
  assert.ok(Math.abs((health.clock.databaseAheadMs ?? 0) - 3_600_000) < 5_000)
})

test('a clock that was set ahead for a story is told as that, and compared with the machine’s all the same', async () => {
  const aheadMs = 3_600_000
  const health = await healthOf(sources({ time: timeOf(() => new Date(Date.now() + aheadMs), aheadMs) }))
  assert.deepEqual([health.status, health.reasons], ['degraded', ['clock-set-ahead']])
  assert.equal(health.clock.setAheadMs, aheadMs)
  assert.ok(Math.abs(health.clock.databaseAheadMs ?? Infinity) < 5_000)
})

test('a partner’s clock is known from its receipts', () => {
  const clocks = new PartnerClocks(() => new Date('2026-11-24T12:00:00Z'))
  clocks.hear({ what: 'connections', open: 1 })
  clocks.hear({ what: 'partner-clock', party: 'NTA.XK', aheadMs: 5 })
  clocks.hear({ what: 'partner-clock', party: 'NTA.XK', aheadMs: 7 })
  assert.deepEqual(clocks.now(), [{ party: 'NTA.XK', aheadMs: 7, at: '2026-11-24T12:00:00.000Z' }])
})

test('a standby that can only read, and a server that is away, keep messages out', async () => {
  const address = new URL(made.url)
  address.searchParams.set('options', '-c default_transaction_read_only=on')
  const standby = connect(address.href)
  const readOnly = await healthOf(sources({ db: standby }))
  assert.deepEqual([readOnly.status, readOnly.database.fault], ['down', 'database.read-only'])
  assert.notEqual(readOnly.backlog, null, 'reading still works')
  await standby.close()
  const away = connect('postgres://nobody@127.0.0.1:1/none')
  const health = await healthOf(sources({ db: away }))
  assert.deepEqual([health.status, health.database.fault], ['down', 'database.unreachable'])
  assert.deepEqual([health.backlog, health.journal], [null, null])
  await away.close()
})

test('a database that hangs does not make health hang: another holds the row', async () => {
  await healthOf(sources())
  await db.transaction(async (tx) => {
    await tx.query('select * from health_probe for update')
    const health = await healthOf(sources())
    assert.equal(health.status, 'down')
    assert.notEqual(health.database.fault, null)
  })
  assert.equal((await healthOf(sources())).database.fault, null)
})

test('certificates: how long they last, and whether a key belongs to one', () => {
  const certificate = new X509Certificate(papers.certificatePem)
  const end = certificate.validToDate.getTime()
  const stateAt = (ms: number) =>
    certificateStates(
      [{ party: 'P', own: true, use: 'tls', standing: 'present', place: 'tls', ends: [], certificate }],
      new Date(ms),
    )[0]
  const day = 86_400_000
  assert.equal(stateAt(certificate.validFromDate.getTime() - 1)?.state, 'not-yet-valid')
  assert.deepEqual([stateAt(end - 13.5 * day)?.state, stateAt(end - 13.5 * day)?.daysLeft], ['ending', 13])
  assert.equal(stateAt(end + 1)?.state, 'ended')
  const pair = { certificate: papers.certificatePem, key: papers.privateKeyPem }
  assert.equal(checkedPair(pair, 'signing').fingerprint256, certificate.fingerprint256)
  assert.throws(
    () => checkedPair({ ...pair, key: other.privateKeyPem }, 'signing'),
    /not that of the signing certificate/,
  )
  assert.throws(() => checkedPair({ ...pair, key: 'nonsense' }, 'TLS'), /The TLS key cannot be read/)
})

test('an answer is asked for once in its time, by however many, and again after a failure', async () => {
  let now = 1_000
  let asked = 0
  let fails = false
  const ask = cached(
    1_000,
    () => new Date(now),
    async () => {
      asked++
      await new Promise((resolve) => setImmediate(resolve))
      if (fails) throw new Error('no answer')
      return asked
    },
  )
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1])
  await new Promise((resolve) => setImmediate(resolve))
  now += 999
  assert.equal(await ask(), 1)
  now += 1
  fails = true
  await assert.rejects(ask(), /no answer/)
  fails = false
  now += 1_000
  assert.equal(await ask(), 3)
  await new Promise((resolve) => setImmediate(resolve))
  now -= 3_600_000
  assert.equal(await ask(), 4, 'a clock that was put back does not stop it')
})

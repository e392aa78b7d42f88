/** What falls due by itself: once, also when two processes look; paused, moved, and not lost when it cannot be answered. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { ActOutcome, MovementView, TimerRequest } from '../src/index.ts'
import { clock, released, startNode, type TestNode } from './nodes.ts'

const dayMs = 86_400_000
let al: TestNode
let aheadMs = 0

before(async () => {
  al = await startNode('al', undefined, { clock: () => new Date(clock().getTime() + aheadMs) })
})
after(() => al.stop())

const faults: { error: unknown; about: { mrn: string; timer: string } }[] = []
const next = () => al.casework.nextTimer((error, about) => faults.push({ error, about }))

const newKey = (accountId: string) => ({ accountId, key: randomUUID(), requestDigest: Buffer.alloc(32) })

async function change(mrn: string, wanted: TimerRequest['change'], reason = 'the road is closed'): Promise<ActOutcome> {
  return al.casework.changeTimer(al.account('durres'), mrn, {
    timer: 'arrival-limit',
    change: wanted,
    reason,
    idempotency: newKey('durres'),
  })
}

/** What other tests left running must not fall due in the next one. */
const closeTimers = () => al.db.query('delete from movement_timer')

const view = async (mrn: string): Promise<MovementView> => (await al.view('durres', mrn)) ?? assert.fail(mrn)
const notes = async (mrn: string) => (await view(mrn)).audit.map(({ code }) => code)
const overdue = async (mrn: string) => (await notes(mrn)).filter((code) => code === 'overdue').length

test('a released movement has a time limit; when it is over, this is noted once, however many look', async () => {
  const { mrn } = await released(al)
  const [timer] = (await view(mrn)).timers
  assert.equal(timer?.timer, 'arrival-limit')
  assert.equal(timer.due.slice(10), 'T00:00:00.000Z')
  assert.equal(await next(), false, 'nothing is due yet')
  aheadMs = 40 * dayMs
  await Promise.all([next(), next(), next()])
  assert.equal(await overdue(mrn), 1)
  assert.deepEqual(
    (await view(mrn)).timers.map(({ timer }) => timer),
    ['status-answer', 'recovery'],
  )
  assert.equal(await next(), false)
  await closeTimers()
  aheadMs = 0
})

test('a paused timer does not fall due; when it goes on, it is due later by the pause', async () => {
  const { mrn } = await released(al)
  const due = Date.parse((await view(mrn)).timers[0]?.due ?? '')
  const paused = await change(mrn, { do: 'pause' })
  assert.equal(paused.kind, 'done')
  const [shown] = (await view(mrn)).timers
  assert.equal(shown?.pausedBy, 'durres')
  assert.equal(shown.note, 'the road is closed')
  assert.equal((await change(mrn, { do: 'pause' })).kind, 'conflict')
  aheadMs = 30 * dayMs
  assert.equal(await next(), false)
  assert.equal((await change(mrn, { do: 'resume' }, 'open again')).kind, 'done')
  const after = Date.parse((await view(mrn)).timers[0]?.due ?? '')
  assert.ok(Math.abs(after - due - 30 * dayMs) < 60_000, `${after - due}`)
  assert.equal(await next(), false)
  aheadMs = 60 * dayMs
  assert.equal(await next(), true)
  assert.equal(await overdue(mrn), 1)
  assert.deepEqual(
    (await notes(mrn)).filter((code) => code.startsWith('timer-')),
    ['timer-pause', 'timer-resume'],
  )
  await closeTimers()
  aheadMs = 0
})

test('a timer is moved with a reason, to a moment to come', async () => {
  const { mrn } = await released(al)
  const fieldsOf = (outcome: ActOutcome) =>
    outcome.kind === 'invalid' ? outcome.errors.map(({ field }) => field) : outcome.kind
  const now = clock().getTime()
  assert.deepEqual(fieldsOf(await change(mrn, { do: 'reschedule', due: new Date(now + dayMs) }, ' ')), ['reason'])
  for (const due of [new Date(now - dayMs), new Date(now + 900 * dayMs), new Date(Number.NaN)])
    assert.deepEqual(fieldsOf(await change(mrn, { do: 'reschedule', due })), ['due'])
  assert.equal((await change(mrn, { do: 'reschedule', due: new Date(now + dayMs) })).kind, 'done')
  aheadMs = 2 * dayMs
  assert.equal(await next(), true)
  assert.equal(await overdue(mrn), 1)
  assert.equal((await change(mrn, { do: 'pause' })).kind, 'conflict')
  await closeTimers()
  aheadMs = 0
})

test('another office, a trader and an unknown movement have no timers to change', async () => {
  const { mrn } = await released(al)
  const asked = { timer: 'arrival-limit', change: { do: 'pause' as const }, reason: 'x' }
  const by = async (account: string, which = mrn) =>
    (await al.casework.changeTimer(al.account(account), which, { ...asked, idempotency: newKey(account) })).kind
  assert.equal(await by('durres-arrivals'), 'not-found')
  assert.equal(await by('durres', '26ALABCDEFGHIJK1J6'), 'not-found')
  assert.equal(await by('adria'), 'forbidden')
})

test('a timer that cannot be answered rests, is told, and keeps no other waiting', async () => {
  const { mrn } = await released(al)
  const broken = await released(al)
  await al.db.query(`update movement set data = data - 'limitDate', state = 'released' where mrn = '${broken.mrn}'`)
  await al.db.query(`alter table movement add constraint broken check (mrn <> '${broken.mrn}') not valid`)
  aheadMs = 40 * dayMs
  while (await next());
  assert.equal(await overdue(mrn), 1)
  assert.equal(await overdue(broken.mrn), 0)
  assert.deepEqual(
    faults.map(({ about }) => about),
    [{ mrn: broken.mrn, timer: 'arrival-limit' }],
  )
  assert.match((await view(broken.mrn)).timers[0]?.note ?? '', /broken/)
  await al.db.query('alter table movement drop constraint broken')
  assert.equal(await next(), false, 'it rests')
  aheadMs += 3 * 60_000
  assert.equal(await next(), true)
  assert.equal(await overdue(broken.mrn), 1)
  aheadMs = 0
})

/** An officer's act and a declaration that is entered want the same form at the same moment, on real PostgreSQL. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { ActFields, FallbackActOutcome } from '../src/index.ts'
import { clock, declarant, newLrn, startNode, type TestNode } from './nodes.ts'

let al: TestNode
before(async () => {
  al = await startNode('al')
})
after(async () => {
  await al.stop()
})

/** The day and the time on the wall in Tirana, so many minutes ago. */
function wall(minutes: number): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Tirane', dateStyle: 'short', timeStyle: 'short' })
  const [date = '', time = ''] = parts.format(new Date(clock().getTime() - minutes * 60_000)).split(' ')
  return { date, time }
}

/** Acts on the mode as it is now; begins one when there is none. */
async function act(id: string | undefined, name: string, fields: ActFields): Promise<FallbackActOutcome> {
  const mode = id === undefined ? undefined : await al.casework.fallback(al.account('durres'), id)
  return al.casework.actOnFallback(al.account('durres'), id, {
    act: name,
    version: mode?.version ?? 0,
    fields,
    idempotency: { accountId: 'durres', key: randomUUID(), requestDigest: createHash('sha256').update(name).digest() },
  })
}

/** Comes back when a transaction of this node waits for a lock. */
async function somebodyWaits(): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  for (let round = 0; round < 200; round += 1) {
    if ((await al.db.query(waiting)).length > 0) return
    await pause(25)
  }
  assert.fail('nobody waits')
}

test('a form that is entered at this moment is not voided: the act waits, and then says so', async () => {
  const begun = await act(undefined, 'begin', { reason: '1', ...wall(60) })
  assert.ok(begun.kind === 'done', JSON.stringify(begun))
  const { id, next: mrn } = begun.fallback
  assert.ok(mrn !== null)
  const paper = { mrn, declarant, lrn: newLrn(), ...wall(30), packages: '28', grossMass: '13780' }
  assert.equal((await act(id, 'register', paper)).kind, 'done')
  let voiding: Promise<FallbackActOutcome> | undefined
  await al.db.transaction(async (tx) => {
    await tx.query('select 1 from fallback_paper where mrn = $1 for update', [mrn])
    voiding = act(id, 'void', { mrn, why: 'Torn' })
    await somebodyWaits()
    await tx.query(`update fallback_paper set state = 'entered' where mrn = $1`, [mrn])
  })
  const outcome = await (voiding ?? assert.fail())
  assert.ok(outcome.kind === 'conflict', JSON.stringify(outcome))
  assert.match(outcome.detail, /entered or returned already/)
  const [kept] = await al.db.query<{ state: string }>('select state from fallback_paper where mrn = $1', [mrn])
  assert.equal(kept?.state, 'entered')
})

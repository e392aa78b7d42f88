/** Triggers are guests: whatever becomes of them, the national system goes on, and is not slowed. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { install, recapture, triggerState, uninstall } from '../src/index.ts'
import { type NationalDatabase, nationalDatabase, put } from './national-database.ts'

let national: NationalDatabase
before(async () => {
  national = await nationalDatabase()
  await install(national.system, national.mapping)
})
after(() => national.drop())
beforeEach(async () => {
  await national.system.query('truncate sad.declaration')
  await uninstall(national.system, true)
  await install(national.system, national.mapping)
})

const state = () => triggerState(national.gateway)

test('a failing trigger never stops the national system; what failed is told, bounded, and caught up with', async () => {
  await put(national.system, 1, null)
  await put(national.system, 2, '')
  await put(national.system, 3, 'x'.repeat(5_000_001))
  await national.admin.query(
    `alter table corridor_gateway.outbox add constraint nothing check (declaration <> 'SZNGW-2026-4')`,
  )
  await put(national.system, 4, '<a/>')
  const failures = await national.admin.query<{ declaration: string; message: string }>(
    'select declaration, message from corridor_gateway.failure order by number',
  )
  assert.deepEqual(
    failures.map(({ declaration, message }) => [declaration, message.split('"')[0]]),
    [
      ['SZNGW-2026-1', 'the declaration has no content'],
      ['SZNGW-2026-2', 'the declaration has no content'],
      ['SZNGW-2026-3', 'the declaration has 5000001 bytes, 5000000 are taken'],
      ['SZNGW-2026-4', 'new row for relation '],
    ],
  )
  const rows = await national.system.query('select from sad.declaration')
  assert.equal(rows.length, 4)
  await national.system.query(
    `insert into sad.declaration select 'SZMNY', 2026, n, 'RELEASED', null from generate_series(1, 1500) n`,
  )
  assert.equal((await state()).failures, 1000)
  await national.admin.query('alter table corridor_gateway.outbox drop constraint nothing')
  await national.system.query(`update sad.declaration set document = '<late/>', status = 'PAID' where office = 'SZMNY'`)
  await national.system.query(`alter table sad.declaration disable trigger all`)
  await national.system.query(`update sad.declaration set status = 'RELEASED' where office = 'SZMNY'`)
  await national.system.query(`alter table sad.declaration enable trigger all`)
  assert.deepEqual(await recapture(national.system, national.mapping), { captured: 1501, failed: 3 })
  assert.deepEqual(await recapture(national.system, national.mapping), { captured: 0, failed: 3 })
  assert.equal((await state()).waiting, 1501)
})

test('neither a lock on the outbox, nor its loss, nor a changed table stops the national system', async () => {
  await national.admin.transaction(async (tx) => {
    await tx.query('lock table corridor_gateway.outbox in access exclusive mode')
    await put(national.system, 1, '<locked/>')
  })
  await national.admin.query('alter table corridor_gateway.outbox rename to elsewhere')
  await put(national.system, 2, '<lost/>')
  await national.admin.query('alter table corridor_gateway.elsewhere rename to outbox')
  await national.system.query('alter table sad.declaration rename column document to text')
  await national.system.query(`insert into sad.declaration values ('SZNGW', 2026, 3, 'RELEASED', '<renamed/>')`)
  await national.system.query('alter table sad.declaration rename column text to document')
  const codes = await national.admin.query<{ code: string }>(
    'select code from corridor_gateway.failure order by number',
  )
  assert.deepEqual(
    codes.map(({ code }) => code),
    ['55P03', '42P01', '42703'],
  )
  assert.deepEqual(await recapture(national.system, national.mapping), { captured: 3, failed: 0 })
})

test('what changes nothing of a declaration touches nothing of the gateway', async () => {
  await put(national.system, 1, '<a/>')
  await national.system.query('alter table sad.declaration add column remark text')
  try {
    await national.admin.transaction(async (tx) => {
      await tx.query('lock table corridor_gateway.outbox, corridor_gateway.failure in access exclusive mode')
      const [before] = await tx.query<{ next: number }>('select last_value as next from corridor_gateway.failures')
      await national.system.query(`update sad.declaration set remark = 'seen', status = status, document = document`)
      const [after] = await tx.query<{ next: number }>('select last_value as next from corridor_gateway.failures')
      assert.deepEqual(after, before, 'nothing failed, since nothing was tried')
    })
    // A column that the mapping names is the national system's all the same: it may be changed and go.
    await national.system.query('alter table sad.declaration alter column document type varchar(1000)')
    await national.system.query('alter table sad.declaration drop column document cascade')
  } finally {
    await national.system.query('alter table sad.declaration drop column remark')
    await national.system.query('alter table sad.declaration add column if not exists document text')
  }
})

test('a transaction waits once for a lock of ours, however many rows it has', async () => {
  await national.system.query(
    `insert into sad.declaration select 'SZMNY', 2026, n, 'STORED', '<a/>' from generate_series(1, 400) n`,
  )
  for (const tables of ['corridor_gateway.outbox', 'corridor_gateway.outbox, corridor_gateway.failure'])
    await national.admin.transaction(async (tx) => {
      await tx.query(`lock table ${tables} in access exclusive mode`)
      await national.system.transaction(async (own) => {
        // A quarter of a second for each would be a hundred seconds; the database ends it before.
        await own.query(`set local statement_timeout = '30s'`)
        await own.query(`update sad.declaration set status = 'RELEASED', document = document || '<b/>'`)
      })
    })
  const codes = await national.admin.query<{ code: string; times: number }>(
    'select code, count(*) as times from corridor_gateway.failure group by code',
  )
  assert.deepEqual(codes, [{ code: '55P03', times: 400 }])
  assert.deepEqual(await recapture(national.system, national.mapping), { captured: 400, failed: 0 })
})

test('failures of one transaction do not stand in the way of those of another', async () => {
  await national.system.transaction(async (tx) => {
    await tx.query(
      `insert into sad.declaration select 'SZMNY', 2026, n, 'RELEASED', null from generate_series(1, 1200) n`,
    )
    await national.admin.query(`insert into sad.declaration values ('SZNGW', 2026, 1, 'RELEASED', null)`)
  })
  const rows = await national.admin.query<{ declaration: string }>(
    `select declaration from corridor_gateway.failure where declaration like 'SZNGW%'`,
  )
  assert.deepEqual(rows, [{ declaration: 'SZNGW-2026-1' }])
})

test('an older schema of the gateway becomes a newer one by installing again', async () => {
  await national.system.query(`
    drop table corridor_gateway.failure;
    create table corridor_gateway.failure (
      slot integer primary key, number bigint not null, capture text not null, declaration text, code text not null, message text not null,
      at timestamptz not null default clock_timestamp());
    insert into corridor_gateway.failure values (1, 1, 'exports', 'SZNGW-2025-9', '55P03', 'of before')`)
  await install(national.system, national.mapping)
  await put(national.system, 1, null)
  assert.equal((await state()).failures, 2)
})

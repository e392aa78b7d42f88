import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from '@corridor/database'
import { testServer } from '@corridor/database/testing'
import { count } from './nodes.ts'
import { al, last, reconcile, send, settle, sides, xk } from './reconciling.ts'

/** Sets a database back to its copy, as a restore does: what was there is gone. */
async function copying(
  store: typeof al,
  work: (admin: ReturnType<typeof connect>, name: string, owner: string) => Promise<unknown>,
) {
  const { pathname, username } = new URL(store.url)
  await store.db.close()
  const admin = connect(await testServer(), { max: 1 })
  try {
    await work(admin, pathname.slice(1), username)
  } finally {
    await admin.close()
  }
  const db = connect(store.url)
  store.db = db
  store.drop = async () => {
    await db.close()
    const last = connect(await testServer(), { max: 1 })
    await last.query(`drop database if exists ${pathname.slice(1)} with (force)`)
    await last.close()
  }
}

test('F50 a database that was restored to an hour ago: both directions come back to no difference, each effect once', async () => {
  const first = sides()
  await send(first.from, first.to, 4)
  await send(first.to, first.from, 4)
  await copying(al, (admin, name, owner) => admin.query(`create database ${name}_copy template ${name} owner ${owner}`))
  const later = sides()
  // The hour that is lost: messages there and back, and one of before that was receipted in it.
  const lostOut = await send(later.from, later.to, 5)
  const lostIn = await send(later.to, later.from, 6)
  await copying(al, async (admin, name) => {
    await admin.query(`drop database ${name}`)
    await admin.query(`alter database ${name}_copy rename to ${name}`)
  })
  const { from, to } = sides()
  assert.deepEqual([await count(al.db, `outbox where document_type = 'CD001C'`), await count(al.db, 'effect')], [4, 4])

  const run = await reconcile(from, to, true)
  assert.deepEqual([run.differences, run.open], [{ 'missing-here': 6, 'unknown-here': 5 }, 0])
  assert.equal((await last(from)).isSame, true)
  // What came in that hour came again, and has its effect in what was restored; at the other side nothing has happened twice.
  assert.equal(await count(al.db, 'effect where message_id = any ($1)', [lostIn]), 6)
  assert.deepEqual([await count(al.db, 'effect'), await count(xk.db, 'effect')], [10, 9])
  // What was sent in that hour is here again as evidence, each with a receipt that holds.
  assert.equal(await count(al.db, 'returned_message where receipted and message_id = any ($1)', [lostOut]), 5)
  // What is new goes as ever, and the other side finds no difference either.
  await send(from, to, 1)
  assert.equal((await reconcile(to, from)).isSame, true)
})

test('the partner of a restored node finds it as well, and brings back what it can', async () => {
  const first = sides()
  await send(first.from, first.to, 2)
  await copying(al, (admin, name, owner) => admin.query(`create database ${name}_copy template ${name} owner ${owner}`))
  const later = sides()
  await send(later.from, later.to, 2)
  const lost = await send(later.to, later.from, 3)
  await copying(al, async (admin, name) => {
    await admin.query(`drop database ${name}`)
    await admin.query(`alter database ${name}_copy rename to ${name}`)
  })
  const { from, to } = sides()
  const run = await reconcile(to, from, true)
  assert.deepEqual([run.differences, run.open], [{ 'missing-there': 3, 'unknown-there': 2 }, 2])
  assert.equal(await count(al.db, 'effect where message_id = any ($1)', [lost]), 3)
  // What the restored node has forgotten of its own, only it can ask back.
  await reconcile(from, to, true)
  await settle(from, to)
  assert.equal((await reconcile(to, from)).isSame, true)
})

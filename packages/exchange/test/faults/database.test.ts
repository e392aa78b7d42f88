// The receiver's PostgreSQL is slow to commit, killed, read-only, at odds with itself or has no connection left.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '@corridor/database'
import type { Outgoing } from '../../src/index.ts'
import { count, document, until } from '../nodes.ts'
import { ownServer, type OwnServer } from './own-server.ts'
import {
  clear,
  deliveredOnce,
  journalHolds,
  makeSide,
  outboxOf,
  owe,
  partner,
  work,
  type Side,
  type Working,
} from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'

let server: OwnServer
let al: Side
let xk: Side
let kosovo: Working
let albania: Working
let line: TcpProxy
let xkPort = 0
const stops: (() => Promise<unknown>)[] = []

/** Albania's clock: who was asked to come back in ten seconds need not be waited for. */
let aheadMs = 0
const clock = (): Date => new Date(Date.now() + aheadMs)

before(async () => {
  server = await ownServer()
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), server.makeSide('NTA.XK')])
  kosovo = await work(xk, { partners: [partner(xk, al, 'https://127.0.0.1:1/as4')] })
  line = await TcpProxy.to(() => xkPort)
  xkPort = kosovo.port
  albania = await work(al, { partners: [partner(al, xk, line.url)], exchange: { clock } })
})
beforeEach(() => clear(al, xk))
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})
after(async () => {
  await Promise.all([albania.stop(), kosovo.stop(), line.close()])
  await Promise.all([al, xk].map(journalHolds))
  await al.store.drop()
  await server.end()
})

const some = (n: number) => Array.from({ length: n }, () => document('NTA.XK'))
const receipted = () => count(al.store.db, "outbox where state = 'receipted'")

/** As `deliveredOnce`, while time runs for whoever was asked for patience. */
async function deliveredInTime(messages: Outgoing[]): Promise<void> {
  const hurry = setInterval(() => (aheadMs += 11_000), 500)
  await deliveredOnce(al, xk, messages).finally(() => clearInterval(hurry))
}

const patience = async (message: Outgoing) =>
  until('it is asked for patience', async () => ((await outboxOf(al, message)).reason ?? '').includes('(503)'))

/** Ends the connections of Kosovo's processes, so that the next ones meet what was changed. */
const endConnections = () =>
  server.admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'nta_xk'`)

test('F44 commits that take two seconds, three times: no receipt before its commit, nothing lost', async (t) => {
  const sent: Outgoing[] = []
  // A commit that waits for a standby that is not there waits as one that waits for its disk: after it is made, before it is said.
  for (let round = 0; round < 3; round++) {
    await server.set('synchronous_standby_names', 'nobody')
    const messages = some(10)
    const before = await receipted()
    await owe(al, [xk], messages)
    const waiting = "pg_stat_activity where usename = 'nta_xk' and wait_event = 'SyncRep'"
    await until('commits wait', async () => (await count(server.admin, waiting)) > 0)
    await pause(2_000)
    assert.equal(await receipted(), before)
    await server.set('synchronous_standby_names', undefined)
    sent.push(...messages)
  }
  await deliveredInTime(sent)
  const [row] = await al.store.db.query<{ most: number }>('select max(tries) as most from outbox')
  t.diagnostic(`${row?.most} tries at most`)
})

test('F46 kill -9 of PostgreSQL three times under traffic: nothing is lost, nothing doubled, nobody restarts the node', async () => {
  const sent: Outgoing[] = []
  for (let round = 0; round < 3; round++) {
    const messages = some(20)
    await owe(al, [xk], messages)
    sent.push(...messages)
    const { pid } = server
    await until('some have come', async () => (await receipted()) > round * 20)
    process.kill(pid, 'SIGKILL')
    await until('it runs again', () => server.pid !== pid, 60_000)
  }
  await deliveredInTime(sent)
})

test('F46 a database that is read-only gets no receipt, asks for patience, and goes on by itself when it may write', async () => {
  await server.admin.query('alter database nta_xk set default_transaction_read_only = on')
  await endConnections()
  const messages = some(5)
  await owe(al, [xk], messages)
  await patience(messages[0]!)
  assert.equal(await receipted(), 0)
  assert.equal(await count(xk.store.db, 'inbox'), 0)
  await server.admin.query('alter database nta_xk reset default_transaction_read_only')
  await endConnections()
  await deliveredInTime(messages)
})

test('F47 every fifth transaction fails to serialise or is a deadlock: nobody counts it against the message', async () => {
  const { db } = xk.store
  await db.query(`
    create sequence turn;
    create function lose() returns trigger language plpgsql as $$
    declare n bigint := nextval('turn');
    begin
      if n % 5 = 0 then raise exception 'lost' using errcode = case when n % 2 = 0 then '40001' else '40P01' end; end if;
      return new;
    end $$;
    create trigger lose before insert on effect for each row execute function lose();
    create trigger lose before insert on inbox for each row execute function lose()`)
  const messages = some(60)
  await owe(al, [xk], messages)
  await deliveredInTime(messages)
  assert.equal(await count(db, 'inbox where tries > 0'), 0)
  await db.query('drop trigger lose on effect; drop trigger lose on inbox; drop function lose; drop sequence turn')
})

test('F48 all connections of the pool are taken: messages wait for one and are kept when there is one', async () => {
  const db = connect(xk.store.url, { max: 2 })
  const small = await work(
    { ...xk, store: { ...xk.store, db } },
    { partners: [partner(xk, al, 'https://127.0.0.1:1/as4')] },
  )
  const free: (() => void)[] = []
  const held = [1, 2].map(() => db.session(() => new Promise<void>((resolve) => free.push(resolve))))
  stops.push(async () => {
    for (const release of free) release()
    xkPort = kosovo.port
    line.resetAll()
    await small.stop()
    await db.close()
  })
  await until('both are taken', () => free.length === 2)
  xkPort = small.port
  line.resetAll()
  const messages = some(5)
  const before = line.bytesThere
  await owe(al, [xk], messages)
  await until('a message is there and waits', () => line.bytesThere > before + 20_000)
  assert.equal(await receipted(), 0)
  for (const release of free) release()
  await Promise.all(held)
  await deliveredInTime(messages)
})

test('F48 the server has no connection left: patience is asked for, and it goes on by itself', async () => {
  await server.admin.query('alter role nta_xk connection limit 0')
  await endConnections()
  const messages = some(5)
  await owe(al, [xk], messages)
  await patience(messages[0]!)
  assert.equal(await receipted(), 0)
  await server.admin.query('alter role nta_xk connection limit -1')
  await deliveredInTime(messages)
})

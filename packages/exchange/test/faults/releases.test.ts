// What people do: upgrade while it runs, go back, and press the same button at the same time.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { migrations, type Handler, type Outgoing } from '../../src/index.ts'
import { count, document, recordEffect, until } from '../nodes.ts'
import { clear, deliveredOnce, journalHolds, makeSide, outboxOf, owe, partner, work, type Side } from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'
import { Victims, type Victim } from './victims.ts'

let al: Side
let xk: Side

before(async () => {
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
})
beforeEach(() => clear(al, xk))
after(async () => {
  await Promise.all([al, xk].map(journalHolds))
  await Promise.all([al.store.drop(), xk.store.drop()])
})

/** The migrations of the release after this one, as it might be: a column more, and an index over it. */
function nextRelease(): string {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-next-release-'))
  cpSync(fileURLToPath(migrations.directory), folder, { recursive: true })
  const number = String(readdirSync(folder).length + 1).padStart(4, '0')
  const text = `alter table inbox add column next_release text;
alter table outbox add column next_release text not null default '';
create index outbox_next_release on outbox (next_release);
`
  writeFileSync(join(folder, `${number}-next-release.sql`), text)
  return folder
}

test('F62 from this release to the next and back, two processes at a time, under traffic both ways: nothing stops, nothing is lost', async (t) => {
  const next = nextRelease()
  t.after(() => rmSync(next, { recursive: true }))
  const releases = { now: migrations.directory.href, next: pathToFileURL(`${next}/`).href }
  const victims = new Victims()
  t.after(() => victims.end())
  let alPort = 0
  const toAlbania = await TcpProxy.to(() => alPort)
  t.after(() => toAlbania.close())
  const kosovo = await work(xk, { partners: [partner(xk, al, toAlbania.url)] })
  t.after(() => kosovo.stop())
  const running: Victim[] = []
  const start = async (release: keyof typeof releases) => {
    const victim = await victims.start({
      databaseUrl: al.store.url,
      papers: al.papers,
      partner: xk.papers,
      partnerUrl: partner(al, xk, kosovo.port).url,
      migrations: releases[release],
    })
    running.push(victim)
    alPort = victim.port
  }
  /** One goes after the other has come: as a supervisor replaces the processes of a node. */
  const replace = async (release: keyof typeof releases) => {
    await start(release)
    await running.shift()?.kill()
    toAlbania.resetAll()
  }
  const there: Outgoing[] = []
  const back: Outgoing[] = []
  const over = new AbortController()
  const sending = (async () => {
    while (!over.signal.aborted) {
      const [message, answer] = [document('NTA.XK'), document('NTA.AL', { sender: 'NTA.XK' })]
      there.push(message)
      back.push(answer)
      await Promise.all([owe(al, [xk], [message]), owe(xk, [al], [answer])])
      await pause(40)
    }
  })()
  const columns = "information_schema.columns where column_name = 'next_release'"
  try {
    await start('now')
    await start('now')
    assert.equal(await count(al.store.db, columns), 0)
    await replace('next')
    assert.equal(await count(al.store.db, columns), 2)
    await until('old and new work side by side', async () => (await count(al.store.db, 'effect')) > 5)
    await replace('next')
    await replace('now')
    await replace('now')
  } finally {
    over.abort()
    await sending
  }
  await deliveredOnce(al, xk, there)
  await deliveredOnce(xk, al, back)
})

test('F63 two operators let the same parked batch go again at the same moment: each message goes once more, once', async (t) => {
  const kosovo = await work(xk, { partners: [partner(xk, al, 'https://127.0.0.1:1/as4')] })
  t.after(() => kosovo.stop())
  const line = await TcpProxy.to(kosovo.port)
  t.after(() => line.close())
  line.cut()
  const albania = await work(al, {
    partners: [partner(al, xk, line.url)],
    exchange: { patience: { triesBeforeParked: 1, pollMs: 50 } },
  })
  t.after(() => albania.stop())
  const messages = Array.from({ length: 8 }, () => document('NTA.XK'))
  await owe(al, [xk], messages)
  await until('all are parked', async () => (await count(al.store.db, "outbox where state = 'parked'")) === 8)
  line.mend()
  const ids = await Promise.all(messages.map(async (message) => (await outboxOf(al, message)).id))
  const press = (operator: string) => Promise.all(ids.map((id) => albania.exchange.retryParked('outbox', id, operator)))
  const [one, two] = await Promise.all([press('operator one'), press('operator two')])
  for (const n of ids.keys()) assert.notEqual(one[n], two[n], 'one of them is told that it was done already')
  await deliveredOnce(al, xk, messages)
  assert.equal(await count(al.store.db, "journal where kind = 'message.requeued'"), 8)
})

test('F63 two operators let the same batch that could not be decided go again: one effect each', async (t) => {
  let broken = true
  const handler: Handler = (tx, message) => {
    if (broken) throw new Error('a table is missing')
    return recordEffect(tx, message)
  }
  const kosovo = await work(xk, { partners: [partner(xk, al, 'https://127.0.0.1:1/as4')], handler })
  t.after(() => kosovo.stop())
  const albania = await work(al, { partners: [partner(al, xk, kosovo.port)] })
  t.after(() => albania.stop())
  const messages = Array.from({ length: 8 }, () => document('NTA.XK'))
  await owe(al, [xk], messages)
  await until('all are parked', async () => (await count(xk.store.db, "inbox where state = 'parked'")) === 8)
  broken = false
  const rows = await xk.store.db.query<{ id: string }>('select id::text from inbox')
  const press = (operator: string) =>
    Promise.all(rows.map(({ id }) => kosovo.exchange.retryParked('inbox', id, operator)))
  const pressed = await Promise.all([press('operator one'), press('operator two')])
  assert.equal(pressed.flat().filter(Boolean).length, 8)
  await deliveredOnce(al, xk, messages)
})

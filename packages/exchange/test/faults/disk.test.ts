// Disks that are full: that of the messages, that of the journal, that of the write-ahead log. Each is a small file system of its own,
// filled under traffic and made free again.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { startPostgres } from '@corridor/database'
import type { Outgoing } from '../../src/index.ts'
import { count, document, until } from '../nodes.ts'
import { ownServer, type OwnServer } from './own-server.ts'
import { deliveredOnce, journalHolds, makeSide, owe, partner, work, type Side, type Working } from './sides.ts'

const disks: string[] = []
let corridor: Corridor | undefined

/** A file system of so many MB in memory. */
function mountDisk(megabytes: number): string {
  const disk = mkdtempSync(join(tmpdir(), 'corridor-small-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', disk], { stdio: 'ignore' })
  disks.push(disk)
  return disk
}

function unmountAll(): void {
  for (const disk of disks.splice(0)) {
    execFileSync('umount', [disk], { stdio: 'ignore' })
    rmSync(disk, { recursive: true })
  }
}

function mayMount(): boolean {
  try {
    mountDisk(1)
    unmountAll()
    return true
  } catch {
    return false
  }
}

const skip = mayMount() ? false : 'this account may not mount a file system: disks cannot be made small'
// Whatever became of the test: a server that has a full disk open keeps the next one from having one.
afterEach(async () => {
  await corridor?.end()
  corridor = undefined
  unmountAll()
})

/** Takes all the room that is left. */
function fill(disk: string): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize))
}

const free = (disk: string): void => rmSync(join(disk, 'ballast'))

interface Corridor {
  server: OwnServer
  al: Side
  xk: Side
  hurry(): void
  end(): Promise<void>
}

/** Albania sends to Kosovo, whose PostgreSQL is the given one. */
async function start(server: OwnServer): Promise<Corridor> {
  const [al, xk] = await Promise.all([makeSide('NTA.AL'), server.makeSide('NTA.XK')])
  let aheadMs = 0
  const kosovo: Working = await work(xk, { partners: [partner(xk, al, 'https://127.0.0.1:1/as4')] })
  const clock = () => new Date(Date.now() + aheadMs)
  const albania = await work(al, { partners: [partner(al, xk, kosovo.port)], exchange: { clock } })
  return {
    server,
    al,
    xk,
    // Who was asked to come back in ten seconds need not be waited for.
    hurry: () => (aheadMs += 11_000),
    async end() {
      await Promise.all([albania.stop(), kosovo.stop()])
      await Promise.all([al, xk].map(journalHolds))
      await al.store.drop()
      await server.end()
    },
  }
}

const some = (n: number) => Array.from({ length: n }, () => document('NTA.XK'))

/** What has a receipt at the sender is on the disk of the receiver. */
async function receiptsAreTrue({ al, xk }: Corridor): Promise<void> {
  const rows = await al.store.db.query<{ id: string }>("select message_id as id from outbox where state = 'receipted'")
  const ids = rows.map(({ id }) => id)
  assert.equal(await count(xk.store.db, 'inbox where message_id = any ($1)', [ids]), ids.length)
}

async function delivered({ al, xk, hurry }: Corridor, messages: Outgoing[]): Promise<void> {
  const hurrying = setInterval(hurry, 500)
  await deliveredOnce(al, xk, messages).finally(() => clearInterval(hurrying))
}

for (const [name, table] of [
  ['F41 the disk of the messages is full', 'inbox'],
  ['F43 the disk of the journal is full', 'journal'],
] as const)
  test(
    `${name}: no receipt, patience is asked for, and it goes on by itself when there is room`,
    { skip },
    async () => {
      const server = await ownServer()
      corridor = await start(server)
      const { al, xk } = corridor
      const disk = mountDisk(24)
      const [row] = await server.admin.query<{ data: string }>("select current_setting('data_directory') as data")
      const { uid, gid } = statSync(row?.data ?? '')
      const place = join(disk, 'place')
      mkdirSync(place)
      chownSync(place, uid, gid)
      await server.admin.query(`create tablespace small location '${place}'`)
      await server.admin.query('grant create on tablespace small to nta_xk')
      await xk.store.db.query(`alter table ${table} set tablespace small`)
      const indexes = await xk.store.db.query<{ name: string }>(
        'select indexname as name from pg_indexes where tablename = $1',
        [table],
      )
      for (const each of indexes) await xk.store.db.query(`alter index ${each.name} set tablespace small`)
      const before = some(5)
      await owe(al, [xk], before)
      await delivered(corridor, before)
      fill(disk)
      const during = some(400)
      await owe(al, [xk], during)
      const askedFor = "outbox where reason like '%(503)%'"
      await until('patience is asked for', async () => (await count(al.store.db, askedFor)) > 0, 60_000)
      await receiptsAreTrue(corridor)
      assert.ok((await count(al.store.db, "outbox where state = 'receipted'")) < 405)
      free(disk)
      await delivered(corridor, [...before, ...during])
    },
  )

/** A home whose write-ahead log is on a disk of its own. */
async function serverWithSmallLog(disk: string): Promise<OwnServer> {
  return ownServer(async (home) => {
    const first = await startPostgres({ home })
    await first.stop()
    const data = join(home, 'postgres')
    const { uid, gid } = statSync(data)
    const log = join(disk, 'pg_wal')
    execFileSync('cp', ['-a', join(data, 'pg_wal'), log])
    chownSync(log, uid, gid)
    rmSync(join(data, 'pg_wal'), { recursive: true })
    symlinkSync(log, join(data, 'pg_wal'))
    writeFileSync(join(data, 'postgresql.conf'), "max_wal_size = '32MB'\nmin_wal_size = '32MB'\n", { flag: 'a' })
  })
}

test(
  'F42 the disk of the write-ahead log is full: PostgreSQL stops, no receipt is false, and all goes on by itself when there is room',
  { skip },
  async (t) => {
    const disk = mountDisk(80)
    const server = await serverWithSmallLog(disk)
    corridor = await start(server)
    const { al, xk } = corridor
    const before = some(5)
    await owe(al, [xk], before)
    await delivered(corridor, before)
    fill(disk)
    const during: Outgoing[] = []
    const { pid } = server
    const dead = () => readdirSync('/proc').every((name) => name !== String(pid))
    while (!dead()) {
      const messages = Array.from({ length: 50 }, () => document('NTA.XK', { payload: noise() }))
      during.push(...messages)
      await owe(al, [xk], messages)
      const allThere = async () => (await count(al.store.db, "outbox where state <> 'receipted'")) === 0
      await until('they are there, or it is dead', async () => dead() || (await allThere()), 60_000)
    }
    const receipted = await count(al.store.db, "outbox where state = 'receipted'")
    t.diagnostic(`PostgreSQL stopped after ${receipted} of ${before.length + during.length} messages`)
    free(disk)
    await until('it runs again', () => server.pid !== pid, 120_000)
    await until(
      'it answers',
      () =>
        xk.store.db.query('select 1').then(
          () => true,
          () => false,
        ),
      60_000,
    )
    await receiptsAreTrue(corridor)
    await delivered(corridor, [...before, ...during])
  },
)

/** A large document that hardly zips, so that the log is soon full. */
function noise(): Buffer {
  const digits = Array.from({ length: 20_000 }, () => Math.random().toString(36).slice(2, 12)).join('')
  return Buffer.from(`<CD001C>${digits}</CD001C>`)
}

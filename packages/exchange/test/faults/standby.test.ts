// The receiver's PostgreSQL goes away and a standby with the same data takes its address: it may be read and not written until it is
// promoted.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chownSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { count, document, until } from '../nodes.ts'
import { ownServer } from './own-server.ts'
import { deliveredOnce, journalHolds, makeSide, outboxOf, owe, partner, work } from './sides.ts'

const skip = process.platform === 'linux' ? false : 'reads from /proc how the server was started'

/** How to start the same server again, on the same data and port. */
function likeNow(pid: number, data: string): () => number {
  const program = readlinkSync(`/proc/${pid}/exe`)
  const options = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(1, -1)
  const { uid, gid } = statSync(data)
  return () => {
    const child = spawn(program, options, { uid, gid, cwd: data, env: { LC_ALL: 'C', TZ: 'UTC' }, stdio: 'ignore' })
    return child.pid ?? assert.fail('it did not start')
  }
}

test(
  'F46 failover: the standby gives no receipt while it may only be read, and goes on when it is promoted',
  { skip },
  async (t) => {
    const server = await ownServer()
    const [al, xk] = await Promise.all([makeSide('NTA.AL'), server.makeSide('NTA.XK')])
    const kosovo = await work(xk, { partners: [partner(xk, al, 'https://127.0.0.1:1/as4')] })
    let aheadMs = 0
    const clock = () => new Date(Date.now() + aheadMs)
    const albania = await work(al, { partners: [partner(al, xk, kosovo.port)], exchange: { clock } })
    let pid: number | undefined
    let hurry: NodeJS.Timeout | undefined
    t.after(async () => {
      clearInterval(hurry)
      await Promise.all([albania.stop(), kosovo.stop()])
      await al.store.drop()
      if (pid !== undefined) process.kill(pid, 'SIGINT')
      await server.end()
    })
    const before = [document('NTA.XK'), document('NTA.XK')]
    await owe(al, [xk], before)
    await deliveredOnce(al, xk, before)

    const [place] = await server.admin.query<{ data: string }>("select current_setting('data_directory') as data")
    const data = place?.data ?? assert.fail()
    const start = likeNow(server.pid, data)
    await server.stop()
    const signal = join(data, 'standby.signal')
    writeFileSync(signal, '')
    const { uid, gid } = statSync(data)
    chownSync(signal, uid, gid)
    pid = start()
    const inRecovery = () =>
      server.admin.query<{ is: boolean }>('select pg_is_in_recovery() as is').then(
        ([row]) => row?.is,
        () => undefined,
      )
    await until('the standby can be read', async () => (await inRecovery()) === true, 60_000)

    const during = [document('NTA.XK'), document('NTA.XK')]
    await owe(al, [xk], during)
    hurry = setInterval(() => (aheadMs += 11_000), 500)
    const reason = async () => (await outboxOf(al, during[0]!)).reason ?? ''
    await until('patience is asked for', async () => (await reason()).includes('(503)'))
    assert.equal(await count(xk.store.db, 'inbox'), before.length)
    await server.admin.query('select pg_promote()')
    await deliveredOnce(al, xk, [...before, ...during])
    await journalHolds(xk)
  },
)

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, keepPostgres, type Database, type KeptServer } from '../src/index.ts'
import { processState } from '../src/launcher/process-state.ts'

let home: string
let server: KeptServer
let database: Database
const said: string[] = []

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'corridor-keeper-'))
  server = await keepPostgres({ home, log: (line) => said.push(line) })
  database = connect(server.adminUrl, { max: 2 })
  await database.query('create table kept (id int)')
})
after(async () => {
  await database.close()
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

/** Asks again for half a minute, as the loops of a node do. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 30_000
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(100)
    }
  }
}

async function killAndWait(): Promise<number> {
  const { pid } = server
  process.kill(pid, 'SIGKILL')
  while (processState(pid) !== undefined) await pause(10)
  return pid
}

test('a killed postmaster is started again on the same port, and who was connected comes back without being told', async () => {
  let notices = 0
  const deaf = await database.listen('news', () => (notices += 1))
  await database.query('insert into kept values (1)')
  const killed = await killAndWait()
  assert.deepEqual(await eventually(() => database.query('select id from kept')), [{ id: 1 }])
  // The server answers a moment before its keeper has said so.
  await eventually(async () => assert.match(said.at(-1) ?? '', /PostgreSQL runs again/))
  assert.notEqual(server.pid, killed)
  await eventually(async () => assert.equal(notices, 1, 'whoever listens looks for himself once after the gap'))
  await database.query(`notify news`)
  await eventually(async () => assert.equal(notices, 2))
  await deaf()
  assert.match(said.join('\n'), new RegExp(`PostgreSQL ${killed} ended by itself`))
})

test('while its port is taken it says so, and it comes back when the port is free', async () => {
  const port = Number(new URL(server.adminUrl).port)
  const squatter = createServer()
  process.kill(server.pid, 'SIGKILL')
  await eventually(
    () =>
      new Promise<void>((resolve, reject) => {
        squatter.once('error', reject)
        squatter.listen(port, '127.0.0.1', resolve)
      }),
  )
  await eventually(async () => assert.match(said.at(-1) ?? '', /does not start/))
  squatter.close()
  assert.deepEqual(await eventually(() => database.query('select id from kept')), [{ id: 1 }])
})

test('what was stopped on purpose stays stopped', async () => {
  const other = mkdtempSync(join(tmpdir(), 'corridor-keeper-'))
  try {
    const brief = await keepPostgres({ home: other })
    await brief.stop()
    await pause(1_200)
    assert.equal(processState(brief.pid), undefined)
  } finally {
    rmSync(other, { recursive: true, force: true })
  }
})

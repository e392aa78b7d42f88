import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase } from './create-database.ts'
import { connect } from './database.ts'
import { readPostmaster } from './launcher/postmaster.ts'
import { processState } from './launcher/process-state.ts'
import { startPostgres } from './launcher/launcher.ts'

export interface TestDatabase {
  /** URL of an empty database for a role of its own. */
  url: string
  /** Drops database and role, ending what is still connected. */
  drop(): Promise<void>
}

let adminUrl: Promise<string> | undefined

/**
 * A fresh database on a real server: on the one whose administrator URL is in CORRIDOR_TEST_POSTGRES, else on an embedded server
 * that the first call starts for this process and that ends with the process.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const admin = await testServer()
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = await createDatabase(admin, { database: name, user: name, password: randomBytes(12).toString('hex') })
  return {
    url,
    async drop() {
      const connection = connect(admin, { max: 1 })
      try {
        await connection.query(`drop database if exists ${name} with (force)`)
        await connection.query(`drop role if exists ${name}`)
      } finally {
        await connection.close()
      }
    },
  }
}

/** The administrator URL of the server that `testDatabase` uses. */
export function testServer(): Promise<string> {
  return (adminUrl ??= startOnce())
}

async function startOnce(): Promise<string> {
  const given = process.env['CORRIDOR_TEST_POSTGRES']
  return given !== undefined && given !== '' ? given : temporaryServer({ throwaway: false })
}

/** The administrator URL of a new server that ends with this process; see `startPostgres` on `throwaway`. */
export async function temporaryServer(options: { throwaway: boolean }): Promise<string> {
  return (await startPostgres({ home: temporaryHome(), ...options })).adminUrl
}

/** A home for a server; with this process, or when it was killed with the next one that asks, server and home are gone. */
export function temporaryHome(): string {
  sweepDeadTests()
  const home = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  process.once('exit', () => remove(home))
  return home
}

const prefix = 'corridor-test-postgres-'

/** A killed test process could not clean up; the next one does. */
function sweepDeadTests(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : 0
    if (pid > 0 && processState(pid) === undefined) remove(join(tmpdir(), name))
  }
}

/** Synchronous, as it runs when the process ends; the data is thrown away, so the server need not shut down in order. */
function remove(home: string): void {
  try {
    const data = join(home, 'postgres')
    const server = readPostmaster(data)
    if (server?.process === 'ours') {
      process.kill(server.pid, 'SIGQUIT')
      const pause = new Int32Array(new SharedArrayBuffer(4))
      for (let waited = 0; waited < 5_000 && processState(server.pid) !== undefined; waited += 10)
        Atomics.wait(pause, 0, 0, 10)
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  } catch {
    // Of another account, or just being removed by another test process.
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../database.ts'
import { DatabaseFault } from '../faults.ts'
import { findPackage, usableBinaries } from './binaries.ts'
import { childEnvironment, ensureCluster, readSecret, superuser } from './cluster.ts'
import { choosePlace, type Place } from './place.ts'
import { readPostmaster, type Postmaster, whose } from './postmaster.ts'

export interface StartOptions {
  /** Folder of this node or corridor; made when missing. Holds data, log and the superuser's secret. */
  home: string
  /** The port to listen on; default any free one. A server that runs already keeps its own. */
  port?: number
  /**
   * Nothing waits for the disk and nothing is tidied up behind the scenes (default false). For data that is thrown away with the server,
   * as a simulator's: a crash of the machine may lose or spoil it.
   */
  throwaway?: boolean
  /** Gets a line about anything unusual (data kept elsewhere, binaries copied, a server adopted). */
  log?: (line: string) => void
}

export interface PostgresServer {
  /** `postgres://corridor:<secret>@127.0.0.1:<port>/postgres`; a secret, never to be logged. */
  adminUrl: string
  /** True when the server ran already: orphaned by a killed parent, or started by another process on the same home. */
  adopted: boolean
  /** Process id of the postmaster. */
  pid: number
  /** Whether this very postmaster still runs. */
  lives(): boolean
  /** Fast shutdown (SIGINT: open transactions are rolled back), then waits for the end. Also stops an adopted server. */
  stop(): Promise<void>
}

/** Settings that an embedded server always has, whatever its postgresql.conf says. The three of durability are PostgreSQL's defaults. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  shared_buffers: '64MB',
  // A demonstration of six nodes takes more than a hundred.
  max_connections: '200',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and the details of errors carry row contents, which do not belong in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

const throwawaySettings: Record<string, string> = {
  ...settings,
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  // It starts at moments of its own, and would change plans and with them the order of rows that nobody has ordered.
  autovacuum: 'off',
}

const startLimitMs = 300_000
const stopLimitMs = 60_000
const rounds = 20

/**
 * Starts the embedded PostgreSQL of a home, or adopts the one that already runs there. Listens on 127.0.0.1 at a free port; every
 * role needs its password (scram-sha-256). As root it runs under another account (see `choosePlace`). Two processes may call this
 * at the same time: PostgreSQL's own lock file decides, and the loser adopts.
 * Faults: all `launcher.*`.
 */
export async function startPostgres({
  home,
  port,
  throwaway = false,
  log = () => {},
}: StartOptions): Promise<PostgresServer> {
  const place = choosePlace(home, log)
  const secret = readSecret(place)
  const from = findPackage()
  const binaries = await usableBinaries(place, from, log)
  await ensureCluster(place, binaries, from.version)
  for (let round = 0; round < rounds; round++) {
    const running = readPostmaster(place.data)
    if (running?.process === 'ours') {
      const adopted = await adopt(place, secret, running)
      if (adopted !== undefined) {
        log(`PostgreSQL ${running.pid} runs already at 127.0.0.1:${running.port}: using it`)
        return adopted
      }
      continue
    }
    // PostgreSQL clears away the lock of a dead process itself; it cannot know that the number was given to another program.
    if (running?.process === 'other') rmSync(join(place.data, 'postmaster.pid'), { force: true })
    const started = await launch(place, secret, binaries, { port: port ?? (await freePort()), throwaway })
    if (started !== undefined) return started
  }
  throw new DatabaseFault('launcher.start-failed', `gave up after ${rounds} tries\n${logTail(place, 0)}`)
}

/** Waits until the server that has the lock is ready, and proves that it serves our data folder; undefined when it went away. */
async function adopt(place: Place, secret: string, seen: Postmaster): Promise<PostgresServer | undefined> {
  const deadline = performance.now() + startLimitMs
  for (
    let now: Postmaster | undefined = seen;
    now?.process === 'ours' && now.pid === seen.pid;
    now = readPostmaster(place.data)
  ) {
    if (now.status === 'ready') {
      const server = serverAt(place, secret, now, true)
      await prove(server.adminUrl, place)
      return server
    }
    if (performance.now() > deadline) throw new DatabaseFault('launcher.occupied', `server ${now.pid} is ${now.status}`)
    await sleep(50)
  }
  return undefined
}

async function prove(adminUrl: string, place: Place): Promise<void> {
  const admin = connect(adminUrl, { max: 1, applicationName: 'corridor launcher' })
  try {
    const [row] = await admin.query<{ data_directory: string }>('show data_directory')
    if (row?.data_directory !== place.data)
      throw new DatabaseFault('launcher.occupied', `it serves ${row?.data_directory}, not ${place.data}`)
    // The roles of two nodes share this server; each has business in its own database only.
    await admin.query('revoke connect on database postgres, template1 from public')
  } finally {
    await admin.close()
  }
}

/** One try to start; undefined when another process got the lock or the port first. */
async function launch(
  place: Place,
  secret: string,
  binaries: string,
  { port, throwaway }: { port: number; throwaway: boolean },
): Promise<PostgresServer | undefined> {
  const logStart = rotateLog(place)
  const child = spawnPostgres(place, binaries, port, throwaway ? throwawaySettings : settings)
  const deadline = performance.now() + startLimitMs
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      if (readPostmaster(place.data)?.process === 'ours' || !(await isFree(port))) return undefined
      // The winner of a race may have ended in the meantime (its pid file gone): its lock was why we lost.
      if (/lock file "postmaster.pid" already exists/.test(logTail(place, logStart))) return undefined
      throw new DatabaseFault(
        'launcher.start-failed',
        `exit ${child.exitCode ?? child.signalCode}\n${logTail(place, logStart)}`,
      )
    }
    const now = readPostmaster(place.data)
    if (now !== undefined && now.pid === child.pid && now.status === 'ready') {
      const server = serverAt(place, secret, now, false)
      await prove(server.adminUrl, place)
      return server
    }
    if (performance.now() > deadline) {
      child.kill('SIGQUIT')
      throw new DatabaseFault('launcher.start-failed', `not ready in time\n${logTail(place, logStart)}`)
    }
    await sleep(20)
  }
}

function spawnPostgres(
  place: Place,
  binaries: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const options = ['-D', place.data, '-p', String(port)]
  for (const [name, value] of Object.entries(settings)) options.push('-c', `${name}=${value}`)
  const { uid, gid } = place.account
  // A file and not a pipe: the server outlives a killed parent, and a broken pipe would then hurt it.
  const output = openSync(place.log, 'a', 0o600)
  try {
    const child = spawn(join(binaries, 'bin', 'postgres'), options, {
      uid,
      gid,
      cwd: place.data,
      env: childEnvironment(),
      stdio: ['ignore', output, output],
      // Its own process group: Ctrl-C in a terminal stops the nodes first, and they stop the database last.
      detached: true,
    })
    child.on('error', () => {})
    child.unref()
    return child
  } finally {
    closeSync(output)
  }
}

function serverAt(place: Place, secret: string, { pid, port }: Postmaster, adopted: boolean): PostgresServer {
  const lives = () => {
    const now = readPostmaster(place.data)
    return now?.pid === pid && now.process === 'ours'
  }
  return {
    adminUrl: `postgres://${superuser}:${secret}@127.0.0.1:${port}/postgres`,
    adopted,
    pid,
    lives,
    async stop() {
      if (!lives()) return
      process.kill(pid, 'SIGINT')
      const deadline = performance.now() + stopLimitMs
      // The lock file goes a moment before the process does.
      while (lives() || whose(pid, place.data) === 'ours') {
        if (performance.now() > deadline) throw new DatabaseFault('launcher.stop-failed', `process ${pid}`)
        await sleep(20)
      }
    },
  }
}

const largestLogBytes = 10_000_000

/** Keeps one older log beside the current one; answers the size of the current one. */
function rotateLog({ log }: Place): number {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  if (size < largestLogBytes) return size
  renameSync(log, `${log}.1`)
  return 0
}

function logTail({ log }: Place, from: number): string {
  return readFileSync(log).subarray(from).toString('utf8').trim().split('\n').slice(-12).join('\n')
}

/** A port that was free a moment ago; if it is taken before PostgreSQL has it, the next round asks for another. */
function freePort(): Promise<number> {
  return listenBriefly(0)
}

async function isFree(port: number): Promise<boolean> {
  return listenBriefly(port).then(
    () => true,
    () => false,
  )
}

function listenBriefly(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}

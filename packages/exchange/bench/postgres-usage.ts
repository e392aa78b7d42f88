import type { Database } from '@corridor/database'
import { readdirSync, readFileSync } from 'node:fs'

/** CPU milliseconds of a server so far, user and system, by what its processes are for. */
export type PostgresCpu = Record<'sender' | 'receiver' | 'background', number>

interface Process {
  parent: string
  title: string
  cpuMs: number
  /** Of children that have ended. */
  endedMs: number
}

/**
 * How to ask what CPU the server of this connection has used; undefined where there is no /proc. The names are those of the databases
 * of the two nodes.
 */
export async function postgresCpu(
  db: Database,
  names: Record<'sender' | 'receiver', string>,
): Promise<(() => PostgresCpu) | undefined> {
  const [row] = await db.query<{ pid: number }>('select pg_backend_pid() as pid')
  const server = processOf(String(row?.pid))?.parent
  if (server === undefined || !processOf(server)?.title.includes('postgres')) return undefined
  return () => {
    const used: PostgresCpu = { sender: 0, receiver: 0, background: 0 }
    for (const pid of readdirSync('/proc')) {
      const one = /^\d+$/.test(pid) ? processOf(pid) : undefined
      if (one === undefined || (pid !== server && one.parent !== server)) continue
      const role = one.title.includes(names.sender)
        ? 'sender'
        : one.title.includes(names.receiver)
          ? 'receiver'
          : 'background'
      used[role] += one.cpuMs
      if (pid === server) used.background += one.endedMs
    }
    return used
  }
}

/** Fields of proc_pid_stat(5): ppid is 4, utime, stime, cutime, cstime are 14-17, in ticks of 10 ms on Linux. */
function processOf(pid: string): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')
    const ticks = (field: number) => Number(fields[field - 3]) * 10
    return {
      parent: fields[1] ?? '',
      title: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      cpuMs: ticks(14) + ticks(15),
      endedMs: ticks(16) + ticks(17),
    }
  } catch {
    return undefined
  }
}

/** What the server has written so far. `syncs` of the log are those that commits wait for; null before PostgreSQL 18. */
export async function postgresWork(
  db: Database,
): Promise<Record<'commits' | 'walBytes' | 'walRecords', number> & { syncs: number | null }> {
  const [row] = await db.query<{ commits: number; wal_bytes: string; wal_records: number }>(
    `select (select sum(xact_commit)::int8 from pg_stat_database) as commits, wal_bytes::text, wal_records from pg_stat_wal`,
  )
  const [io] = await db
    .query<{ syncs: number }>(`select sum(fsyncs)::int8 as syncs from pg_stat_io where object = 'wal'`)
    .catch(() => [])
  return {
    commits: row?.commits ?? 0,
    walBytes: Number(row?.wal_bytes),
    walRecords: row?.wal_records ?? 0,
    syncs: io?.syncs ?? null,
  }
}

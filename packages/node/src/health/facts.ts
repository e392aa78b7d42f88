import { statfs } from 'node:fs/promises'
import type { Health } from '@corridor/api'
import { type Database, DatabaseFault } from '@corridor/database'
import { backlogOf, journalState, probeDatabase } from '@corridor/exchange'
import { webhooksState } from '@corridor/webhooks'
import type { NodeClock } from '../clock.ts'
import { judge } from './judge.ts'
import type { KnownCertificate } from '../keys/known.ts'
import { certificateStates } from './certificates.ts'
import type { PartnerClocks } from './partner-clocks.ts'

/** What the health of a node is found out from. */
export interface HealthSources {
  db: Database
  time: NodeClock
  /** Certificates of this node and of its partners. */
  certificates: () => readonly KnownCertificate[]
  partnerClocks: PartnerClocks
  /** Folder on the disk of the database, when that is on this machine and known. */
  dataFolder: string | undefined
  /** What is known of the tunnels now; answers at once or soon. */
  tunnels: () => Promise<Health['tunnels']>
}

/** Longest time to wait for the database; a disk that hangs must not make this hang. */
const patienceMs = 3_000

/** Finds out and judges; never rejects. Writes one row, reads a few counts. */
export async function healthOf(sources: HealthSources): Promise<Health> {
  const { db, time, partnerClocks, dataFolder } = sources
  const looking = sources.tunnels()
  const clock = () => time.now()
  const [database, read, disk] = await Promise.all([
    soon(probeDatabase(db, clock)).then(
      ({ writeMs, clockAheadMs }) => ({ fault: null, writeMs, aheadMs: Math.round(clockAheadMs) }),
      (error: unknown) => ({ fault: faultOf(error), writeMs: null, aheadMs: null }),
    ),
    soon(Promise.all([backlogOf(db), journalState(db), webhooksState(db, clock())])).catch(() => undefined),
    dataFolder === undefined ? null : freeSpace(dataFolder),
  ])
  const now = clock()
  const [backlog, journal, told] = read ?? [null, null, null]
  return judge(
    {
      database: { fault: database.fault, writeMs: database.writeMs },
      disk,
      clock: {
        setAheadMs: time.aheadMs,
        // Against the machine's clock: how far ours was set ahead of that is told by itself.
        databaseAheadMs: database.aheadMs === null ? null : database.aheadMs + time.aheadMs,
        partners: partnerClocks.now(),
      },
      certificates: certificateStates(sources.certificates(), now),
      backlog: backlog && {
        inbox: backlog.inbox,
        outbox: backlog.outbox,
        parkedIn: backlog.parkedIn,
        parkedOut: backlog.parkedOut,
        oldestUndecidedAt: iso(backlog.oldestUndecidedAt),
        oldestUnreceiptedAt: iso(backlog.oldestUnreceiptedAt),
      },
      journal: journal && {
        lastSeal: journal.seal,
        sealedAt: iso(journal.sealedAt),
        oldestUnsealedAt: iso(journal.oldestUnsealedAt),
      },
      webhooks: told && { ...told, overdueSince: iso(told.overdueSince) },
      tunnels: await looking,
    },
    now,
  )
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** The code of a fault of the database; what else it may be stands in the log of whoever met it. */
function faultOf(error: unknown): string {
  return error instanceof DatabaseFault ? error.code : 'database.failed'
}

async function freeSpace(folder: string): Promise<Health['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return null
  }
}

function soon<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new DatabaseFault('database.unreachable', `no answer in ${patienceMs} ms`)),
      patienceMs,
    )
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

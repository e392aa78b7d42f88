import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseFault } from '../faults.ts'
import { type StartOptions, startPostgres } from './launcher.ts'

/** The embedded server of a home, kept running. */
export interface KeptServer {
  /** As of {@link PostgresServer}; the same for as long as it is kept. */
  adminUrl: string
  /** Process id of the postmaster that runs now or ran last. */
  readonly pid: number
  /** Fast shutdown; it is not started again. */
  stop(): Promise<void>
}

const lookEveryMs = 500
const longestPauseMs = 30_000

/**
 * Starts the embedded PostgreSQL of a home and starts it again, on the same port, whenever it ends by itself (killed, out of memory):
 * who is connected to it comes back without being told. `log` hears of each end, each new start and each failure.
 * Faults of the first start: all `launcher.*`. Later ones are told to `log` and tried again, with growing pauses.
 */
export async function keepPostgres(options: StartOptions): Promise<KeptServer> {
  const { log = () => {} } = options
  const stopped = new AbortController()
  let server = await startPostgres(options)
  const { adminUrl } = server
  const port = Number(new URL(adminUrl).port)

  const keep = async (): Promise<void> => {
    for (let failures = 0; await rest(failures === 0 ? lookEveryMs : pauseMs(failures));) {
      if (server.lives()) continue
      if (failures === 0) log(`PostgreSQL ${server.pid} ended by itself: starting it again`)
      try {
        server = await startPostgres({ ...options, port })
        if (server.adminUrl !== adminUrl)
          throw new DatabaseFault('launcher.occupied', `another program started it at another port than ${port}`)
        failures = 0
        log(`PostgreSQL runs again as ${server.pid}, with all that was committed`)
      } catch (error) {
        failures += 1
        log(`PostgreSQL does not start (tried again by itself): ${reasonOf(error)}`)
      }
    }
  }
  /** False when it is to be kept no longer. */
  const rest = (ms: number): Promise<boolean> => sleep(ms, true, { signal: stopped.signal }).catch(() => false)

  const keeping = keep()
  return {
    adminUrl,
    get pid() {
      return server.pid
    },
    async stop() {
      stopped.abort()
      await keeping
      await server.stop()
    },
  }
}

const pauseMs = (failures: number): number => Math.min(longestPauseMs, 1_000 * 2 ** Math.min(failures - 1, 5))

function reasonOf(error: unknown): string {
  if (error instanceof DatabaseFault) return `${error.message}\n${error.remedy}`
  return String(error)
}

/** Stand-ins for national systems of a demonstration: each a process of its own, with a database or files of its own. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { install, readMapping } from '@corridor/connectors'
import { databaseMapping, databaseSchema } from '@corridor/connectors/stand-ins'
import { connect, createDatabase } from '@corridor/database'
import type { CorridorNode } from '../config/corridor.ts'
import { keptSecret } from '../home.ts'
import type { NodeSettings } from '../settings.ts'
import { freePort } from './ports.ts'
import { startStandIn, type StandInProcess } from './stand-in-process.ts'

/** A result as it came to a national system. */
export interface NationalResultSeen {
  declaration: string
  kind: string
  bytes: Uint8Array
}

/** The stand-in for the national system of one node. */
export interface NationalStandIn {
  /** Of the node. */
  id: string
  /** The process that runs now; undefined between a death and the next start. */
  readonly pid: number | undefined
  /** For the node. */
  settings: NonNullable<NodeSettings['nationalSystem']>
  /** Lodges and releases a declaration in the form of the system. */
  release(number: string, document: Uint8Array, event: string): Promise<void>
  /** What came since the last time. */
  results(): Promise<NationalResultSeen[]>
  stop(): Promise<void>
}

const secret = (): string => randomBytes(24).toString('hex')

/**
 * Starts the stand-in of a node; undefined for a node without a national system. One that ends is started again.
 * @param parts `taken`: ports that nothing else may get, though nobody may listen there yet; `onRestart` hears of each that is started again
 */
export async function startNational(
  node: CorridorNode,
  parts: { home: string; adminUrl: string; taken: Set<number>; onRestart: (id: string) => void },
): Promise<NationalStandIn | undefined> {
  const { nationalSystem, id } = node
  const { home, adminUrl, taken, onRestart } = parts
  if (nationalSystem === null) return undefined
  const folder = join(home, id)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const run = (told: string[]) => startStandIn({ id, log: join(folder, 'national.log'), told, onRestart })
  if (nationalSystem.kind === 'database-triggers') {
    const { systemUrl, gatewayUrl } = await nationalDatabase(id, folder, adminUrl)
    return standInOf(id, await run(['database', systemUrl]), { address: gatewayUrl })
  }
  if (nationalSystem.kind === 'watched-folder') {
    const files = join(folder, 'national')
    mkdirSync(files, { recursive: true, mode: 0o700 })
    return standInOf(id, await run(['files', files]), { address: files })
  }
  const token = keptSecret(join(folder, 'national.secret'), secret)
  // The same port each time: one knows the other there.
  const port = await freePort(0, taken)
  if (nationalSystem.kind === 'rest-push') {
    const address = `http://127.0.0.1:${port}`
    const running = await run(['push', join(folder, `national-${nationalSystem.kind}.json`), token, address])
    return standInOf(id, running, { address, token: createHash('sha256').update(token).digest('hex') })
  }
  const running = await run(['rest', join(folder, `national-${nationalSystem.kind}.json`), token, String(port)])
  return standInOf(id, running, { address: `http://127.0.0.1:${port}`, token })
}

/** The database of a national system with the triggers in it: one role of its owner, one of the gateway. */
async function nationalDatabase(
  id: string,
  folder: string,
  adminUrl: string,
): Promise<{ systemUrl: string; gatewayUrl: string }> {
  const name = id.replaceAll('-', '_')
  const [database, gatewayRole] = [`national_${name}`, `national_${name}_gateway`]
  const passwordOf = (whose: string) => keptSecret(join(folder, `${whose}.secret`), secret)
  // The gateway's role is made with a database of its own, which nobody uses, since a role comes with one here.
  const own = { database: gatewayRole, user: gatewayRole, password: passwordOf('national-gateway') }
  const gatewayUrl = new URL(await createDatabase(adminUrl, own))
  const systemUrl = await createDatabase(adminUrl, {
    database,
    user: database,
    password: passwordOf('national-system'),
  })
  const admin = connect(adminUrl, { max: 1 })
  try {
    await admin.query(`grant connect on database "${database}" to "${gatewayRole}"`)
  } finally {
    await admin.close()
  }
  const system = connect(systemUrl, { max: 1 })
  try {
    await system.query(databaseSchema)
    await install(system, readMapping(databaseMapping(gatewayRole)))
  } finally {
    await system.close()
  }
  gatewayUrl.pathname = `/${database}`
  return { systemUrl, gatewayUrl: gatewayUrl.href }
}

/** What the supervisor does with a stand-in that runs. */
function standInOf(id: string, running: StandInProcess, settings: NationalStandIn['settings']): NationalStandIn {
  return {
    id,
    settings,
    get pid() {
      return running.pid
    },
    async release(number, document, event) {
      await running.ask({ release: number, document: Buffer.from(document).toString('base64'), event })
    },
    async results() {
      const { results } = (await running.ask({ results: true })) as {
        results: { declaration: string; kind: string; content: string }[]
      }
      return results.map(({ declaration, kind, content }) => ({
        declaration,
        kind,
        bytes: Buffer.from(content, 'base64'),
      }))
    },
    stop: () => running.stop(),
  }
}

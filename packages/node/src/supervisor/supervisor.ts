import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDatabase, keepPostgres } from '@corridor/database'
import { type Corridor, type CorridorNode, readCorridor } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import { makeHome, writePrivate } from '../home.ts'
import type { NodeSettings } from '../settings.ts'
import { type NodeProcess, startChild } from './child.ts'
import { takeHome } from './lock.ts'
import { type DemonstrationKeys, demonstrationKeys } from './keys.ts'
import { freePort } from './ports.ts'

/** A running demonstration: one PostgreSQL, each node a process and a database of its own. */
export interface RunningCorridor {
  corridor: Corridor
  nodes: { node: CorridorNode; settings: NodeSettings; url: string; process: NodeProcess }[]
  /** Whether the home was there before. */
  existed: boolean
  /** Process id of the PostgreSQL that runs now; it is started again when it dies. */
  readonly databasePid: number
  stop(): Promise<void>
}

/** How a demonstration is started. */
export interface StartOptions {
  /** Name of the corridor, or path of its file. */
  corridor: string
  home: string
  /** Take any free ports instead of those of the corridor file: for tests and `play`. */
  anyPorts?: boolean
  /** One line for each step that takes time. */
  tell?: (line: string) => void
  now: () => Date
}

/**
 * Starts every node of a corridor on this machine, with demonstration keys.
 * @throws NodeFault DEMONSTRATION_KEYS when DATABASE_URL is set: that is a real node, see `corridor node`
 */
export async function startCorridor(options: StartOptions): Promise<RunningCorridor> {
  const { corridor: name, home, tell = () => undefined } = options
  if (process.env['DATABASE_URL']) throw new NodeFault('DEMONSTRATION_KEYS', 'DATABASE_URL is set.')
  const corridor = readCorridor(name)
  const existed = existsSync(join(home, 'ports.json'))
  makeHome(home)
  const giveBack = takeHome(home)
  tell('Starting PostgreSQL …')
  const postgres = await keepPostgres({ home: join(home, 'database'), log: (text) => tell(`  ${text}`) }).catch(
    (error: unknown) => {
      giveBack()
      throw error
    },
  )
  const started: NodeProcess[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((node) => node.stop()))
    await postgres.stop()
    giveBack()
  }
  try {
    if (!existed) tell('Making keys and certificates …')
    const keys = await demonstrationKeys(corridor, home, options.now())
    const ports = await choosePorts(corridor, home, options.anyPorts === true, tell)
    const nodes: RunningCorridor['nodes'] = []
    for (const node of corridor.nodes) {
      const mine = keys.get(node.id)
      if (mine === undefined) throw new NodeFault('KEY_FILE', `no keys for ${node.id}`)
      const databaseUrl = await createDatabase(postgres.adminUrl, {
        database: `corridor_${node.id}`,
        user: `corridor_${node.id}`,
        password: mine.databasePassword,
      })
      const settings = {
        ...settingsOf(name, corridor, node, databaseUrl, keys, ports),
        dataFolder: join(home, 'database'),
      }
      const settingsFile = join(home, node.id, 'settings.json')
      writePrivate(settingsFile, JSON.stringify(settings))
      tell(`Starting node ${node.name} …`)
      const process = await startChild(node.id, settingsFile, join(home, node.id, 'node.log'), (id) =>
        tell(`Node ${id} ended and is started again.`),
      )
      started.push(process)
      nodes.push({ node, settings, url: `http://127.0.0.1:${settings.ports.api}`, process })
    }
    return {
      corridor,
      nodes,
      existed,
      get databasePid() {
        return postgres.pid
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error instanceof NodeFault ? error : new NodeFault('NODE_FAILED', (error as Error).message)
  }
}

function settingsOf(
  name: string,
  corridor: Corridor,
  node: CorridorNode,
  databaseUrl: string,
  keys: Map<string, DemonstrationKeys>,
  ports: Record<string, { api: number; as4: number }>,
): NodeSettings {
  const mine = keys.get(node.id)!
  const partners = corridor.links
    .filter((link) => link.between.includes(node.id))
    .map((link) => {
      const other = link.between[0] === node.id ? link.between[1] : link.between[0]
      const theirs = keys.get(other)!
      return {
        node: other,
        url: `https://127.0.0.1:${ports[other]!.as4}/as4`,
        signingCertificate: theirs.signing.certificate,
        tlsCertificate: theirs.tls.certificate,
        ca: theirs.ca,
      }
    })
  return {
    corridor: name,
    node: node.id,
    databaseUrl,
    ports: ports[node.id]!,
    as4Host: '127.0.0.1',
    signing: mine.signing,
    tls: mine.tls,
    dataKey: mine.dataKey,
    partners,
    accessCodes: mine.accessCodes,
  }
}

/** The ports of the last start where they are free (sign-in links and bookmarks go on working), else others, and says so. */
async function choosePorts(
  corridor: Corridor,
  home: string,
  any: boolean,
  tell: (line: string) => void,
): Promise<Record<string, { api: number; as4: number }>> {
  const file = join(home, 'ports.json')
  const before = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, { api: number; as4: number }>)
    : {}
  const taken = new Set<number>()
  const chosen: Record<string, { api: number; as4: number }> = {}
  for (const node of corridor.nodes) {
    const wanted = any ? { api: 0, as4: 0 } : (before[node.id] ?? node.ports)
    const api = await freePort(wanted.api, taken)
    const as4 = await freePort(wanted.as4, taken)
    if (!any && api !== wanted.api) tell(`Port ${wanted.api} is taken by another program; ${node.name} uses ${api}.`)
    if (!any && as4 !== wanted.as4)
      tell(`Port ${wanted.as4} is taken by another program; ${node.name} uses ${as4} for AS4.`)
    chosen[node.id] = { api, as4 }
  }
  writePrivate(file, JSON.stringify(chosen))
  return chosen
}

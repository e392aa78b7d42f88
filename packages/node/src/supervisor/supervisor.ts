import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDatabase, DatabaseFault, keepPostgres, type KeptServer } from '@corridor/database'
import { nodeClock } from '../clock.ts'
import { type Corridor, type CorridorNode, readCorridor } from '../config/corridor.ts'
import { isDirect, linksOf, otherOf } from '../config/links.ts'
import { loopbackTunnel, tellTunnels } from './tunnels.ts'
import { NodeFault } from '../faults.ts'
import { makeHome, writePrivate } from '../home.ts'
import type { NodeSettings } from '../settings.ts'
import { type NodeProcess, startChild } from './child.ts'
import { takeHome } from './lock.ts'
import { type DemonstrationKeys, demonstrationKeys } from './keys.ts'
import { type NationalStandIn, startNational } from './national.ts'
import { type RunningPlace, startPlace } from './place.ts'
import { freePort } from './ports.ts'

/** A node of it. */
interface RunningNode {
  node: CorridorNode
  settings: NodeSettings
  url: string
  process: NodeProcess
}

/** A running demonstration: one PostgreSQL, each node a process and a database of its own; each third place a server of its own. */
export interface RunningCorridor {
  corridor: Corridor
  nodes: RunningNode[]
  places: RunningPlace[]
  /** Stand-ins for the national systems of nodes that have one. */
  nationals: NationalStandIn[]
  /** Whether the home was there before. */
  existed: boolean
  /** Process id of the PostgreSQL that runs now; it is started again when it dies. */
  readonly databasePid: number
  /** Kills a node as a power cut would, or stops a third place, and leaves it down until it is brought back. */
  takeAway(nodeOrPlace: string): Promise<void>
  /** Starts again what was taken away; comes back when it is ready. */
  bringBack(nodeOrPlace: string): Promise<void>
  /**
   * Moves the clocks of all nodes to so many milliseconds ahead of the machine's. Running nodes go on without a restart: what a day brings
   * must come by itself. A node that is away starts with it.
   * @throws NodeFault CLOCK_AHEAD when they would go back
   */
  moveClocks(aheadMs: number): Promise<void>
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
  if (!existed) tell('Making keys and certificates …')
  // Side by side: each takes seconds, and neither needs the other.
  const [making, opening] = await Promise.allSettled([
    demonstrationKeys(corridor, home, options.now()),
    keepPostgres({ home: join(home, 'database'), log: (text) => tell(`  ${text}`) }),
  ])
  const started: NodeProcess[] = []
  const places: RunningPlace[] = []
  const nationals: NationalStandIn[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((node) => node.stop()))
    await Promise.all([...places, ...nationals].map((each) => each.stop()))
    if (opening.status === 'fulfilled') await opening.value.stop()
    giveBack()
  }
  try {
    const keys = valueOf(making)
    const postgres = valueOf(opening)
    const ports = await choosePorts(corridor, home, options.anyPorts === true, tell)
    await startPlaces(corridor, { places, home, any: options.anyPorts === true, ports, tell })
    tellTunnels(corridor, tell)
    const made: Omit<RunningNode, 'process'>[] = []
    // One after the other: PostgreSQL copies its template for one at a time.
    for (const node of corridor.nodes) {
      const national = await startNational(node, {
        home,
        adminUrl: postgres.adminUrl,
        onRestart: (id) => tell(`The stand-in for the national system of ${id} ended and is started again.`),
      })
      if (national !== undefined) nationals.push(national)
      made.push(await makeNode({ name, corridor, node, home, postgres, keys, ports, places, national }))
    }
    const starting = made.map(async ({ node, ...rest }): Promise<RunningNode> => {
      tell(`Starting node ${node.name} …`)
      const log = join(home, node.id, 'node.log')
      const process = await startChild(node.id, settingsFileOf(home, node), log, (id) =>
        tell(`Node ${id} ended and is started again.`),
      )
      started.push(process)
      return { node, ...rest, process }
    })
    // All of them have ended their start before any is stopped because another failed.
    const nodes = (await Promise.allSettled(starting)).map(valueOf)
    return {
      corridor,
      nodes,
      places,
      nationals,
      existed,
      get databasePid() {
        return postgres.pid
      },
      takeAway: (id) => placeIn(places, id)?.takeAway() ?? nodeIn(nodes, id).process.kill(),
      bringBack: (id) => placeIn(places, id)?.bringBack() ?? nodeIn(nodes, id).process.start(),
      moveClocks: (aheadMs) => moveClocks(nodes, home, aheadMs),
      stop,
    }
  } catch (error) {
    await stop()
    throw error instanceof NodeFault || error instanceof DatabaseFault
      ? error
      : new NodeFault('NODE_FAILED', (error as Error).message)
  }
}

function valueOf<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

/** The database of a node and its settings, on disk for its process. */
async function makeNode(parts: {
  name: string
  corridor: Corridor
  node: CorridorNode
  home: string
  postgres: KeptServer
  keys: Map<string, DemonstrationKeys>
  ports: Record<string, { api: number; as4: number }>
  places: readonly RunningPlace[]
  national: NationalStandIn | undefined
}): Promise<Omit<RunningNode, 'process'>> {
  const { name, corridor, node, home, postgres, keys, ports, places, national } = parts
  const mine = keys.get(node.id)
  if (mine === undefined) throw new NodeFault('KEY_FILE', `no keys for ${node.id}`)
  const databaseUrl = await createDatabase(postgres.adminUrl, {
    database: `corridor_${node.id}`,
    user: `corridor_${node.id}`,
    password: mine.databasePassword,
  })
  const settings: NodeSettings = {
    ...settingsOf(name, corridor, node, databaseUrl, keys, ports),
    dataFolder: join(home, 'database'),
    places: addressesOf(node.id, places),
    ...(national && { nationalSystem: national.settings }),
  }
  writePrivate(settingsFileOf(home, node), JSON.stringify(settings))
  return { node, settings, url: `http://127.0.0.1:${settings.ports.api}` }
}

/** Starts the third places one after the other, and adds each to those that run. */
async function startPlaces(
  { places: all, nodes, links }: Corridor,
  parts: {
    places: RunningPlace[]
    home: string
    any: boolean
    ports: Record<string, { api: number; as4: number }>
    tell: (line: string) => void
  },
): Promise<void> {
  const { places, home, any, ports, tell } = parts
  const taken = new Set(Object.values(ports).flatMap(({ api, as4 }) => [api, as4]))
  for (const place of all) {
    tell(`Starting ${place.name} …`)
    const linked = new Set(links.filter(({ at }) => at === place.id).flatMap(({ between }) => between))
    const members = nodes.filter(({ id }) => linked.has(id))
    const port = await freePort(any ? 0 : place.port, taken)
    places.push(await startPlace({ place, members, home, port, tell }))
  }
}

/** What a node signs in with at the places that it is connected to. */
function addressesOf(node: string, places: readonly RunningPlace[]): Record<string, string> {
  const found = places.map(({ place, addresses }) => [place.id, addresses.get(node)] as const)
  return Object.fromEntries(found.filter((each): each is readonly [string, string] => each[1] !== undefined))
}

const placeIn = (places: readonly RunningPlace[], id: string): RunningPlace | undefined =>
  places.find(({ place }) => place.id === id)

function nodeIn(nodes: RunningNode[], id: string): RunningNode {
  const found = nodes.find(({ node }) => node.id === id)
  if (found === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${id}.`)
  return found
}

async function moveClocks(nodes: RunningNode[], home: string, aheadMs: number): Promise<void> {
  for (const { settings } of nodes) nodeClock(settings).moveAhead(aheadMs)
  for (const { node, settings } of nodes) {
    settings.clockAheadMs = aheadMs
    // Before the process hears of it: one that dies in between comes back with it.
    writePrivate(settingsFileOf(home, node), JSON.stringify(settings))
  }
  await Promise.all(nodes.map(({ process }) => process.moveClock(aheadMs)))
}

const settingsFileOf = (home: string, { id }: CorridorNode): string => join(home, id, 'settings.json')

function settingsOf(
  name: string,
  corridor: Corridor,
  node: CorridorNode,
  databaseUrl: string,
  keys: Map<string, DemonstrationKeys>,
  ports: Record<string, { api: number; as4: number }>,
): NodeSettings {
  const mine = keys.get(node.id)!
  const partners = linksOf(corridor.links, node.id).map((link) => {
    const other = otherOf(link, node.id)
    const theirs = keys.get(other)!
    const tunnel = loopbackTunnel(corridor.links, link, node.id)
    return {
      node: other,
      signingCertificate: theirs.signing.certificate,
      direct: isDirect(link)
        ? {
            // Of one that fetches nobody has an address.
            url: link.pulls === other ? null : `https://${tunnel?.peer ?? '127.0.0.1'}:${ports[other]!.as4}/as4`,
            tlsCertificate: theirs.tls.certificate,
            ca: theirs.ca,
            ...(tunnel && { tunnel }),
          }
        : null,
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

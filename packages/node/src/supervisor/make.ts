import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDatabase } from '@corridor/database'
import type { Corridor, CorridorNode } from '../config/corridor.ts'
import { isDirect, linksOf, otherOf } from '../config/links.ts'
import { NodeFault } from '../faults.ts'
import { writePrivate } from '../home.ts'
import type { NodeSettings } from '../settings.ts'
import type { DemonstrationKeys } from './keys.ts'
import type { NationalStandIn } from './national.ts'
import { type RunningPlace, startPlace } from './place.ts'
import { freePort } from './ports.ts'
import { loopbackTunnel } from './tunnels.ts'

/** The ports of each node, by its name. */
export type PortsByNode = Record<string, { api: number; as4: number }>

/** A node that has a database and can be started. */
export interface MadeNode {
  node: CorridorNode
  settings: NodeSettings
  url: string
}

/** The database of a node, and its settings. */
export async function makeNode(parts: {
  name: string
  corridor: Corridor
  node: CorridorNode
  home: string
  adminUrl: string
  keys: Map<string, DemonstrationKeys>
  ports: PortsByNode
  places: readonly RunningPlace[]
  national: NationalStandIn['settings'] | undefined
  /** How far the clocks of the corridor are ahead. */
  clockAheadMs?: number
}): Promise<MadeNode> {
  const { name, corridor, node, home, adminUrl, keys, ports, places, national, clockAheadMs = 0 } = parts
  const mine = keys.get(node.id)
  if (mine === undefined) throw new NodeFault('KEY_FILE', `no keys for ${node.id}`)
  const databaseUrl = await createDatabase(adminUrl, {
    database: `corridor_${node.id}`,
    user: `corridor_${node.id}`,
    password: mine.databasePassword,
  })
  const settings: NodeSettings = {
    ...(clockAheadMs > 0 && { clockAheadMs }),
    ...settingsOf(name, corridor, node, databaseUrl, keys, ports),
    dataFolder: join(home, 'database'),
    places: addressesOf(node.id, places),
    ...(national && { nationalSystem: national }),
  }
  return { node, settings, url: `http://127.0.0.1:${settings.ports.api}` }
}

/** Starts those third places that do not run yet, one after the other, and adds each to those that do. */
export async function startPlaces(
  { places: all, nodes, links }: Corridor,
  parts: {
    places: RunningPlace[]
    home: string
    any: boolean
    ports: PortsByNode
    tell: (line: string) => void
  },
): Promise<void> {
  const { places, home, any, ports, tell } = parts
  const taken = new Set(Object.values(ports).flatMap(({ api, as4 }) => [api, as4]))
  for (const place of all) {
    if (places.some((running) => running.place.id === place.id)) continue
    tell(`Starting ${place.name} …`)
    const members = membersOf({ nodes, links }, place.id)
    const port = await freePort(any ? 0 : place.port, taken)
    places.push(await startPlace({ place, members, home, port, tell }))
  }
}

/** The nodes that a link connects to a place. */
export function membersOf({ nodes, links }: Pick<Corridor, 'nodes' | 'links'>, place: string): CorridorNode[] {
  const linked = new Set(links.filter(({ at }) => at === place).flatMap(({ between }) => between))
  return nodes.filter(({ id }) => linked.has(id))
}

/** What a node signs in with at the places that it is connected to. */
function addressesOf(node: string, places: readonly RunningPlace[]): Record<string, string> {
  const found = places.map(({ place, addresses }) => [place.id, addresses.get(node)] as const)
  return Object.fromEntries(found.filter((each): each is readonly [string, string] => each[1] !== undefined))
}

/** What the process of a node reads. */
export const settingsFileOf = (home: string, { id }: CorridorNode): string => join(home, id, 'settings.json')

function settingsOf(
  name: string,
  corridor: Corridor,
  node: CorridorNode,
  databaseUrl: string,
  keys: Map<string, DemonstrationKeys>,
  ports: PortsByNode,
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

/**
 * The ports of the last start where they are free (sign-in links and bookmarks go on working), else others, and says so.
 * @param kept of nodes that run
 */
export async function choosePorts(
  corridor: Corridor,
  home: string,
  any: boolean,
  tell: (line: string) => void,
  kept: PortsByNode = {},
): Promise<PortsByNode> {
  const file = join(home, 'ports.json')
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PortsByNode) : {}
  const taken = new Set(Object.values(kept).flatMap(({ api, as4 }) => [api, as4]))
  const chosen: PortsByNode = {}
  for (const node of corridor.nodes) {
    const own = kept[node.id]
    if (own !== undefined) {
      chosen[node.id] = own
      continue
    }
    const wanted = any ? { api: 0, as4: 0 } : (before[node.id] ?? node.ports)
    const api = await freePort(wanted.api, taken)
    const as4 = await freePort(wanted.as4, taken)
    if (!any && api !== wanted.api) tell(`Port ${wanted.api} is taken by another program; ${node.name} uses ${api}.`)
    if (!any && as4 !== wanted.as4)
      tell(`Port ${wanted.as4} is taken by another program; ${node.name} uses ${as4} for AS4.`)
    chosen[node.id] = { api, as4 }
  }
  // Those of who is not in this file too: it may be back, at once when this change does not come about.
  writePrivate(file, JSON.stringify({ ...before, ...chosen }))
  return chosen
}

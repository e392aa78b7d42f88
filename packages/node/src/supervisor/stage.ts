import { join } from 'node:path'
import { DatabaseFault } from '@corridor/database'
import type { Corridor, CorridorNode } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import { writePrivate } from '../home.ts'
import { type NodeProcess, startChild } from './child.ts'
import type { DemonstrationKeys } from './keys.ts'
import { type MadeNode, makeNode, type PortsByNode, settingsFileOf } from './make.ts'
import { type NationalStandIn, startNational } from './national.ts'
import type { RunningPlace } from './place.ts'

/** A node of a demonstration. */
export interface RunningNode extends MadeNode {
  process: NodeProcess
}

/** What of a demonstration runs now. */
export interface Stage {
  corridor: Corridor
  /** Of the corridor, or the path of its file. */
  name: string
  home: string
  /** Any free ports, instead of those of the corridor file. */
  any: boolean
  tell: (line: string) => void
  nodes: RunningNode[]
  places: RunningPlace[]
  nationals: NationalStandIn[]
}

/** What nodes are made with. */
export interface Making {
  keys: Map<string, DemonstrationKeys>
  adminUrl: string
  ports: PortsByNode
}

/** Starts nodes of the corridor that stands in the stage, with their stand-ins for national systems. What started is in the stage, also when another fails. */
export async function startNodes(stage: Stage, nodes: readonly CorridorNode[], making: Making): Promise<void> {
  const { corridor, name, home, tell, places, nationals } = stage
  const clockAheadMs = stage.nodes[0]?.settings.clockAheadMs ?? 0
  const made: MadeNode[] = []
  const taken = new Set(Object.values(making.ports).flatMap(({ api, as4 }) => [api, as4]))
  // One after the other: PostgreSQL copies its template for one at a time.
  for (const node of nodes) {
    const standIn = await startNational(node, {
      home,
      adminUrl: making.adminUrl,
      taken,
      onRestart: (id) => tell(`The stand-in for the national system of ${id} ended and is started again.`),
    })
    if (standIn !== undefined) nationals.push(standIn)
    const national = standIn?.settings
    made.push(await makeNode({ name, corridor, node, home, places, national, clockAheadMs, ...making }))
  }
  const starting = made.map(async (each): Promise<RunningNode> => {
    const { node, settings } = each
    tell(`Starting node ${node.name} …`)
    const file = settingsFileOf(home, node)
    writePrivate(file, JSON.stringify(settings))
    const process = await startChild(node.id, file, join(home, node.id, 'node.log'), (id) =>
      tell(`Node ${id} ended and is started again.`),
    )
    return { ...each, process }
  })
  // All of them have ended their start before any is stopped because another failed.
  const settled = await Promise.allSettled(starting)
  stage.nodes.push(...settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))
  settled.forEach(valueOf)
}

/** What came of it. @throws what it was rejected with */
export function valueOf<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

/** A place that runs. */
export const placeIn = (places: readonly RunningPlace[], id: string): RunningPlace | undefined =>
  places.find(({ place }) => place.id === id)

/** @throws NodeFault CORRIDOR_FILE when there is none of this name */
export function nodeIn(nodes: readonly RunningNode[], id: string): RunningNode {
  const found = nodes.find(({ node }) => node.id === id)
  if (found === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${id}.`)
  return found
}

/** What a person is told of what was thrown. */
export function asNodeFault(error: unknown): NodeFault | DatabaseFault {
  return error instanceof NodeFault || error instanceof DatabaseFault
    ? error
    : new NodeFault('NODE_FAILED', (error as Error).message)
}

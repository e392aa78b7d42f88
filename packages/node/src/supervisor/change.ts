import { type Corridor, type CorridorNode, readCorridor } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import { writePrivate } from '../home.ts'
import type { NodeSettings } from '../settings.ts'
import { demonstrationKeys } from './keys.ts'
import { choosePorts, makeNode, membersOf, settingsFileOf, startPlaces } from './make.ts'
import { asNodeFault, type Making, type RunningNode, type Stage, startNodes } from './stage.ts'
import { tellTunnels } from './tunnels.ts'

/** Who joins a corridor, who stays in it and who leaves it. */
interface Members {
  joining: CorridorNode[]
  staying: RunningNode[]
  leaving: RunningNode[]
}

/**
 * Takes a running demonstration over to another corridor file: first everything that is new, then each node that stays, then what is not
 * needed any more is stopped.
 * @throws NodeFault, DatabaseFault; then what runs is what ran before
 */
export async function takeUp(
  stage: Stage,
  name: string,
  { adminUrl, now }: { adminUrl: string; now: Date },
): Promise<void> {
  const { home, any, tell, nodes, places, nationals } = stage
  const before = { corridor: stage.corridor, name: stage.name }
  const corridor = readCorridor(name)
  const members = membersBetween(stage, corridor)
  const had = { nodes: [...nodes], places: [...places], nationals: [...nationals] }
  try {
    const running = Object.fromEntries(nodes.map(({ node, settings }) => [node.id, settings.ports]))
    const keys = await demonstrationKeys(corridor, home, now)
    const ports = await choosePorts(corridor, home, any, tell, running)
    const making: Making = { keys, adminUrl, ports }
    await admitTo(stage, [before.corridor, corridor])
    await startPlaces(corridor, { places, home, any, ports, tell })
    tellTunnels(corridor, tell, before.corridor.links)
    Object.assign(stage, { corridor, name })
    await startNodes(stage, members.joining, making)
    await tellAll(stage, members.staying, making)
  } catch (error) {
    Object.assign(stage, before)
    try {
      await backTo(stage, had)
      // Nobody whom only the other file names goes on getting in.
      await admitTo(stage, [before.corridor])
    } catch (second) {
      // It is not why.
      tell(`Not all is as it was before: ${(second as Error).message}`)
    }
    throw asNodeFault(error)
  }
  // The order of the file, for who lists them.
  const order = corridor.nodes.map(({ id }) => id)
  await leave(stage, members.leaving)
  nodes.sort((one, other) => order.indexOf(one.node.id) - order.indexOf(other.node.id))
}

/** @throws NodeFault NEEDS_RESTART for what cannot change while a corridor runs */
function membersBetween({ corridor: before, nodes }: Stage, corridor: Corridor): Members {
  if (corridor.id !== before.id)
    throw new NodeFault('NEEDS_RESTART', `corridor is ${before.id} and would be ${corridor.id}.`)
  const next = new Map(corridor.nodes.map((node) => [node.id, node]))
  const staying = nodes.filter(({ node }) => next.has(node.id))
  for (const { node } of staying)
    if (JSON.stringify(next.get(node.id)!.nationalSystem) !== JSON.stringify(node.nationalSystem))
      throw new NodeFault('NEEDS_RESTART', `nodes › ${node.id}: nationalSystem is another one.`)
  const known = new Set(nodes.map(({ node }) => node.id))
  return {
    joining: corridor.nodes.filter(({ id }) => !known.has(id)),
    staying,
    leaving: nodes.filter(({ node }) => !next.has(node.id)),
  }
}

/** Lets the members that any of these files names in to the places that run. */
async function admitTo({ places }: Stage, corridors: readonly Corridor[]): Promise<void> {
  for (const { place, admit } of places) {
    const members = corridors.flatMap((corridor) => membersOf(corridor, place.id))
    await admit([...new Map(members.map((member) => [member.id, member])).values()])
  }
}

/** Gives each node that stays its new settings. When one refuses them, those that were told get back what they had. */
async function tellAll(stage: Stage, staying: readonly RunningNode[], making: Making): Promise<void> {
  const { corridor, name, home, places, nationals, tell } = stage
  const told: { running: RunningNode; before: NodeSettings }[] = []
  for (const running of staying) {
    const node = corridor.nodes.find(({ id }) => id === running.node.id)!
    const national = nationals.find(({ id }) => id === node.id)?.settings
    const clockAheadMs = running.settings.clockAheadMs ?? 0
    const { settings } = await makeNode({ name, corridor, node, home, places, national, clockAheadMs, ...making })
    tell(`${node.name} takes up: ${corridor.title} …`)
    told.push({ running, before: running.settings })
    const refused = await give(stage, running, settings)
    if (refused === undefined) continue
    for (const each of told.toReversed()) await give(stage, each.running, each.before)
    throw new NodeFault('NODE_FAILED', `${node.name} does not take it up: ${refused}`)
  }
  for (const { running } of told) running.node = corridor.nodes.find(({ id }) => id === running.node.id)!
}

/** @returns why the node does not work by them */
async function give({ home }: Stage, running: RunningNode, settings: NodeSettings): Promise<string | undefined> {
  running.settings = settings
  // Before the process hears of it: one that dies in between comes back with it.
  writePrivate(settingsFileOf(home, running.node), JSON.stringify(settings))
  const reloaded = await running.process.reload()
  return reloaded.kind === 'refused' ? reloaded.why : undefined
}

/** Stops what a change has started that did not come about. */
async function backTo(stage: Stage, had: Pick<Stage, 'nodes' | 'places' | 'nationals'>): Promise<void> {
  const { nodes, places, nationals } = stage
  await Promise.all(nodes.filter((each) => !had.nodes.includes(each)).map(({ process }) => process.stop()))
  const others = [
    ...places.filter((each) => !had.places.includes(each)),
    ...nationals.filter((each) => !had.nationals.includes(each)),
  ]
  await Promise.all(others.map((each) => each.stop()))
  nodes.splice(0, nodes.length, ...had.nodes)
  places.splice(0, places.length, ...had.places)
  nationals.splice(0, nationals.length, ...had.nationals)
}

/** Stops the nodes that left, and the places that no link needs any more. Their data stay. */
async function leave(stage: Stage, leaving: readonly RunningNode[]): Promise<void> {
  const { corridor, nodes, places, nationals, tell } = stage
  const left = new Set(leaving.map(({ node }) => node.id))
  for (const { node } of leaving) tell(`${node.name} has left: its node is stopped.`)
  await Promise.all(leaving.map(({ process }) => process.stop()))
  const unneeded = places.filter(({ place }) => !corridor.places.some(({ id }) => id === place.id))
  await Promise.all([...unneeded, ...nationals.filter(({ id }) => left.has(id))].map((each) => each.stop()))
  nodes.splice(0, nodes.length, ...nodes.filter(({ node }) => !left.has(node.id)))
  places.splice(0, places.length, ...places.filter((each) => !unneeded.includes(each)))
  nationals.splice(0, nationals.length, ...nationals.filter(({ id }) => !left.has(id)))
  await admitTo(stage, [corridor])
}

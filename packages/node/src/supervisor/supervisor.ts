import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { keepPostgres } from '@corridor/database'
import { nodeClock } from '../clock.ts'
import { type Corridor, readCorridor } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import { makeHome, writePrivate } from '../home.ts'
import { takeUp } from './change.ts'
import { demonstrationKeys } from './keys.ts'
import { takeHome } from './lock.ts'
import { choosePorts, settingsFileOf, startPlaces } from './make.ts'
import type { NationalStandIn } from './national.ts'
import type { RunningPlace } from './place.ts'
import { asNodeFault, nodeIn, placeIn, type RunningNode, type Stage, startNodes, valueOf } from './stage.ts'
import { tellTunnels } from './tunnels.ts'

/** A running demonstration: one PostgreSQL, each node a process and a database of its own; each third place a server of its own. */
export interface RunningCorridor {
  /** As it is now. */
  readonly corridor: Corridor
  /** Of the corridor, or path of the file by which it works now. */
  readonly name: string
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
  /**
   * Works by another corridor file from now on, while everything runs: starts the nodes and places that joined, tells the others, stops those
   * that left. The arrays of nodes, places and stand-ins are those of before, changed.
   * @param corridor name of the corridor, or path of its file
   * @throws NodeFault with what is wrong; then all goes on as before
   */
  takeUp(corridor: string): Promise<void>
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
  const stage: Stage = {
    corridor,
    name,
    home,
    any: options.anyPorts === true,
    tell,
    nodes: [],
    places: [],
    nationals: [],
  }
  const { nodes, places, nationals } = stage
  let changing: Promise<unknown> = Promise.resolve()
  const stop = async (): Promise<void> => {
    await changing
    await Promise.all(nodes.map(({ process }) => process.stop()))
    await Promise.all([...places, ...nationals].map((each) => each.stop()))
    if (opening.status === 'fulfilled') await opening.value.stop()
    giveBack()
  }
  try {
    const keys = valueOf(making)
    const postgres = valueOf(opening)
    const parts = { keys, adminUrl: postgres.adminUrl, ports: await choosePorts(corridor, home, stage.any, tell) }
    await startPlaces(corridor, { places, home, any: stage.any, ports: parts.ports, tell })
    tellTunnels(corridor, tell)
    await startNodes(stage, corridor.nodes, parts)
    return {
      get corridor() {
        return stage.corridor
      },
      get name() {
        return stage.name
      },
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
      takeUp(file) {
        const change = changing.then(() => takeUp(stage, file, { adminUrl: postgres.adminUrl, now: options.now() }))
        changing = change.catch(() => undefined)
        return change
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw asNodeFault(error)
  }
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

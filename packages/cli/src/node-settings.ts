import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Corridor,
  type CorridorNode,
  defaultCorridor,
  homeOf,
  NodeFault,
  type NodeSettings,
  readCorridor,
  readSettings,
  realSettings,
} from '@corridor/node'
import { type Arguments, UsageError } from './arguments.ts'

/**
 * The node that `--node` names, of the corridor that `--corridor` names, and how to read its settings.
 * @param what of it is asked for, for people: `journal`
 * @throws UsageError when no node, or none of that corridor, is named; reading: NodeFault as `settingsOf`
 */
export function namedNode(
  options: Arguments['options'],
  what: string,
): { node: CorridorNode; readSettings(): NodeSettings } {
  const name = options.get('corridor') ?? defaultCorridor
  const corridor = readCorridor(name)
  const node = corridor.nodes.find(({ id }) => id === options.get('node'))
  if (node === undefined)
    throw new UsageError(`Say whose ${what}: --node ${corridor.nodes.map(({ id }) => id).join(' or --node ')}.`)
  return { node, readSettings: () => settingsOf(name, corridor, node) }
}

/**
 * The settings of a node: with DATABASE_URL those of a real node, else those that the start of the corridor left in its home.
 * @param name of the corridor, or path of its file
 * @throws NodeFault CORRIDOR_UNKNOWN when the corridor was never started here
 */
export function settingsOf(name: string, corridor: Corridor, node: CorridorNode): NodeSettings {
  const databaseUrl = process.env['DATABASE_URL']
  if (databaseUrl) return realSettings(name, node.id, databaseUrl)
  const file = join(homeOf(corridor.id, process.env, process.cwd()), node.id, 'settings.json')
  if (!existsSync(file))
    throw new NodeFault(
      'CORRIDOR_UNKNOWN',
      `The corridor ${corridor.id} was never started here (no ${file}). Start it with npm start.`,
    )
  return readSettings(file)
}

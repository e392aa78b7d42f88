import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Corridor,
  type CorridorNode,
  homeOf,
  NodeFault,
  type NodeSettings,
  readSettings,
  realSettings,
} from '@corridor/node'

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

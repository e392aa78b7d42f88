import type { Health } from '@corridor/api'
import { httpsTransport, isHeldBack, routes } from '@corridor/exchange'
import { readCorridor } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import { partnersOf } from '../partners.ts'
import type { NodeSettings } from '../settings.ts'
import { tunnelStates } from './tunnels.ts'

/** A tunnel as it is now. `isHeldBack`: a route stays that keeps what is for the partner from any other way; null where that is not known. */
export type CheckedTunnel = Health['tunnels'][number] & { isHeldBack: boolean | null }

/** Whether the tunnels of a node are up, tried from outside of its process with its own certificate. @throws NodeFault CORRIDOR_FILE, KEY_FILE */
export async function checkTunnels(settings: NodeSettings): Promise<CheckedTunnel[]> {
  const corridor = readCorridor(settings.corridor)
  const own = corridor.nodes.find(({ id }) => id === settings.node)
  if (own === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${settings.node} in ${corridor.id}.`)
  const transport = httpsTransport(settings.tls)
  const states = await tunnelStates(partnersOf(corridor, own, settings, []).direct, transport.reach)
  await transport.close()
  const table = routes()
  return states.map((state) => ({
    ...state,
    isHeldBack: table === null || state.peer.startsWith('127.') ? null : isHeldBack(table, state.peer),
  }))
}

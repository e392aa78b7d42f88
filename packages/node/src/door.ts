import type { As4Server, Exchange, Partner } from '@corridor/exchange'
import { NodeFault } from './faults.ts'
import type { NodeSettings } from './settings.ts'

/** Opens the AS4 endpoint, also at the addresses of tunnels where it does not listen at all addresses. @returns how to close it */
export async function openDoor(
  exchange: Exchange,
  { as4Host, ports, tls }: NodeSettings,
  partners: readonly Partner[],
): Promise<() => Promise<void>> {
  const inTunnels = as4Host === '0.0.0.0' ? [] : partners.flatMap(({ tunnel }) => tunnel?.local ?? [])
  const hosts = new Set([
    ...(partners.every(({ tunnel }) => tunnel) && inTunnels.length > 0 ? [] : [as4Host]),
    ...inTunnels,
  ])
  const servers: As4Server[] = []
  const close = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.close())))
  for (const host of hosts) {
    const opening = exchange.serve({ host, port: ports.as4, ...tls })
    await opening.then(
      (server) => servers.push(server),
      (error: unknown) => close().then(() => portFault(error, ports.as4)),
    )
  }
  return close
}

/** What a port that cannot be had means: another program has it. */
export function portFault(error: unknown, port: number): never {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
    throw new NodeFault('PORT_TAKEN', `Port ${port} is taken.`)
  throw error
}

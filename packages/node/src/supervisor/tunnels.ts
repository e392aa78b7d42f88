import type { Corridor } from '../config/corridor.ts'
import { type CorridorLink, tunnelOf } from '../config/links.ts'

/**
 * The tunnel of a link in a demonstration: all nodes are on one machine, so it is between two addresses of the loopback interface, of which
 * each tunnel has its own. What binds to them and refuses others is the same as in a real tunnel.
 */
export function loopbackTunnel(
  links: readonly CorridorLink[],
  link: CorridorLink,
  own: string,
): { local: string; peer: string } | null {
  if (tunnelOf(link, own) === null) return null
  const number = links.filter(({ kind }) => kind === 'tunnel').indexOf(link) + 1
  // Elsewhere the loopback interface has one address, until somebody adds others: both ends have that.
  const [one, other] = ['linux', 'win32'].includes(process.platform)
    ? [`127.77.${number}.1`, `127.77.${number}.2`]
    : ['127.0.0.1', '127.0.0.1']
  return own === link.between[0] ? { local: one, peer: other } : { local: other, peer: one }
}

/** Says of each tunnel that it is none here, but of those that were told before. */
export function tellTunnels(
  { links, nodes }: Corridor,
  tell: (line: string) => void,
  before: readonly CorridorLink[] = [],
): void {
  const told = new Set(before.map(({ between }) => between.join()))
  for (const link of links.filter(({ between }) => !told.has(between.join()))) {
    const tunnel = loopbackTunnel(links, link, link.between[0])
    if (tunnel === null) continue
    const [one, other] = link.between.map((id) => nodes.find((node) => node.id === id)?.name ?? id)
    tell(
      `No tunnel is made on one machine: ${one} and ${other} use ${tunnel.local} and ${tunnel.peer} of the loopback interface in its place.`,
    )
  }
}

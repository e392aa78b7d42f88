import { type Reached, reachedOf } from './routes.ts'

/** Both ends of a tunnel, as addresses (IPv4) inside of it. What is for the partner leaves by it and by nothing else. */
export interface Tunnel {
  local: string
  peer: string
}

/** A connection that is not inside of its tunnel, or would not be. Nothing was sent over it. */
export class OutsideTunnel extends Error {
  /** Of the connection, or what was agreed where there is none yet. */
  readonly local: string
  readonly peer: string

  constructor(reason: string, { local, peer }: Tunnel) {
    super(reason)
    this.name = 'OutsideTunnel'
    this.local = local
    this.peer = peer
  }
}

/** How an IPv4 address reads that came in by a socket for both kinds. */
export const plainAddress = (address: string | undefined): string => address?.replace(/^::ffff:/i, '') ?? 'nowhere'

/** Why what goes to the peer would leave outside of the tunnel; undefined when it would not. */
export function whyNotBy({ local, peer }: Tunnel, { at, kind, by }: Reached): string | undefined {
  if (at === null) return `the tunnel is down: this machine does not have ${local}`
  if (kind === 'other') return `${local} is at ${at}, which is no tunnel`
  if (by === 'none') return `the tunnel is down: no route leads to ${peer}`
  if (by !== null && by !== at) return `${peer} would be reached by ${by}, and the tunnel is ${at}`
  return undefined
}

/** Why a connection is not one of the tunnel; undefined when it is. */
export function whyOutside(
  tunnel: Tunnel,
  socket: { localAddress?: string | undefined; remoteAddress?: string | undefined },
): string | undefined {
  const [local, peer] = [plainAddress(socket.localAddress), plainAddress(socket.remoteAddress)]
  return local === tunnel.local && peer === tunnel.peer
    ? whyNotBy(tunnel, reachedOf(tunnel))
    : `a connection between ${local} and ${peer}, and the tunnel is between ${tunnel.local} and ${tunnel.peer}`
}

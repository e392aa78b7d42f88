import { connect as connectTcp } from 'node:net'
import { buildConnector } from 'undici'
import { reachedOf } from './routes.ts'
import { OutsideTunnel, plainAddress, type Tunnel, whyNotBy, whyOutside } from './tunnel.ts'

/**
 * Connects inside of a tunnel: from our address in it, to the partner’s, by no other way. The connection is looked at before the TLS
 * handshake begins, so that nothing at all is sent outside. Rejects with {@link OutsideTunnel}.
 */
export function tunnelConnector(
  tunnel: Tunnel,
  options: buildConnector.BuildOptions & { timeout: number },
): buildConnector.connector {
  const secure = buildConnector(options)
  return (target, callback) => {
    const outside =
      target.hostname === tunnel.peer
        ? whyNotBy(tunnel, reachedOf(tunnel))
        : `${target.hostname} is not the partner’s address in the tunnel, ${tunnel.peer}`
    if (outside !== undefined) return callback(new OutsideTunnel(outside, { ...tunnel, peer: target.hostname }), null)
    const socket = connectTcp({
      host: tunnel.peer,
      port: Number(target.port || 443),
      localAddress: tunnel.local,
      timeout: options.timeout,
    })
    const failed = (error: Error): void => {
      socket.destroy()
      callback(error, null)
    }
    const late = (): void => failed(new Error(`no connection to ${tunnel.peer} in ${options.timeout} ms`))
    socket.once('error', failed)
    socket.once('timeout', late)
    socket.once('connect', () => {
      socket.off('error', failed)
      socket.off('timeout', late)
      socket.setTimeout(0)
      const why = whyOutside(tunnel, socket)
      const ends = { local: plainAddress(socket.localAddress), peer: plainAddress(socket.remoteAddress) }
      if (why !== undefined) return failed(new OutsideTunnel(why, ends))
      secure({ ...target, httpSocket: socket }, callback)
    })
  }
}

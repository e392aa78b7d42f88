import type { Health } from '@corridor/api'
import { type Partner, reachedOf, tellError, type Tunnel } from '@corridor/exchange'

/** Makes a connection to a partner inside of its tunnel and ends it; rejects when that cannot be done. */
export type Reach = (partner: Partner & { tunnel: Tunnel }) => Promise<void>

/** So long a tunnel may take; who asks for the health of a node does not wait longer. */
const patienceMs = 2_000

/** Whether each tunnel is up: our address is there, what is for the partner leaves by it, and the partner answers there. Never rejects. */
export function tunnelStates(partners: readonly Partner[], reach: Reach): Promise<Health['tunnels']> {
  const inTunnels = partners.filter((partner): partner is Partner & { tunnel: Tunnel } => partner.tunnel !== undefined)
  return Promise.all(
    inTunnels.map(async (partner) => {
      const { party, tunnel } = partner
      const why = await soon(reach(partner)).then(
        () => null,
        (error: unknown) => tellError(error),
      )
      return { party, ...tunnel, interface: reachedOf(tunnel).at, up: why === null, why }
    }),
  )
}

function soon(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the partner did not answer in ${patienceMs} ms`)), patienceMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

import type { As4Server } from '@corridor/exchange'
import { NodeFault } from './faults.ts'
import type { Wiring } from './live/wiring.ts'

/** The AS4 endpoint of a node: its port at one address, or at those of its tunnels where it does not listen at all addresses. */
export class Door {
  readonly #servers = new Map<string, As4Server>()

  /**
   * Listens where one needs it and nobody listens yet; who listens already answers as before.
   * @returns how to close again what was opened
   * @throws NodeFault PORT_TAKEN; then nothing was opened
   */
  async open({ plan, exchange }: Pick<Wiring, 'plan' | 'exchange'>): Promise<() => Promise<void>> {
    const { ports, tls } = plan.settings
    const opened: string[] = []
    const close = (): Promise<void> => this.#close(opened)
    for (const host of hostsOf(plan)) {
      if (this.#servers.has(host)) continue
      const opening = exchange.serve({ host, port: ports.as4, ...tls })
      const server = await opening.catch((error: unknown) => close().then(() => portFault(error, ports.as4)))
      this.#servers.set(host, server)
      opened.push(host)
    }
    return close
  }

  /** From now on this one answers, wherever it needs to. */
  handOver({ plan, exchange }: Pick<Wiring, 'plan' | 'exchange'>): void {
    for (const host of hostsOf(plan)) {
      const server = this.#servers.get(host)
      if (server !== undefined) exchange.takeOver(server, plan.settings.tls)
    }
  }

  /** Stops listening where this one does not need it. */
  closeOthers({ plan }: Pick<Wiring, 'plan'>): Promise<void> {
    const needed = hostsOf(plan)
    return this.#close([...this.#servers.keys()].filter((host) => !needed.has(host)))
  }

  close(): Promise<void> {
    return this.#close([...this.#servers.keys()])
  }

  async #close(hosts: readonly string[]): Promise<void> {
    const closing = hosts.flatMap((host) => this.#servers.get(host)?.close() ?? [])
    for (const host of hosts) this.#servers.delete(host)
    await Promise.all(closing)
  }
}

/** Where every partner is reached by a third place nobody has a reason to connect: there is no door. */
function hostsOf({ settings: { as4Host }, partners: { direct } }: Wiring['plan']): ReadonlySet<string> {
  if (direct.length === 0) return new Set()
  const inTunnels = as4Host === '0.0.0.0' ? [] : direct.flatMap(({ tunnel }) => tunnel?.local ?? [])
  const onlyTunnels = inTunnels.length > 0 && direct.every(({ tunnel }) => tunnel)
  return new Set([...(onlyTunnels ? [] : [as4Host]), ...inTunnels])
}

/** What a port that cannot be had means: another program has it. */
export function portFault(error: unknown, port: number): never {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
    throw new NodeFault('PORT_TAKEN', `Port ${port} is taken.`)
  throw error
}

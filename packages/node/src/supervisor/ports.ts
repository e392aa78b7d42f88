import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Whether nothing listens on a port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/**
 * Below those that Linux, macOS and Windows give to outgoing connections: one of these may be somebody's the moment after it was found
 * free, and a corridor of five nodes takes a while to start.
 */
const [lowest, highest] = [20_000, 31_999]

/** The wanted port if it is free, else the next free one above it that is not taken already; 0 takes any. */
export async function freePort(wanted: number, taken: Set<number>): Promise<number> {
  const first = wanted === 0 ? randomInt(lowest, highest - 200) : wanted
  for (let port = first; port < first + 200 && port <= 65_535; port += 1) {
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port)
      return port
    }
  }
  return freePort(0, taken)
}

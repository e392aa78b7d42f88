import { createServer } from 'node:net'

/** Whether nothing listens on a port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** The wanted port if it is free, else the next free one above it that is not taken already; 0 asks the system for any. */
export async function freePort(wanted: number, taken: Set<number>): Promise<number> {
  if (wanted === 0) return anyPort()
  for (let port = wanted; port < wanted + 200 && port <= 65_535; port += 1) {
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port)
      return port
    }
  }
  return anyPort()
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

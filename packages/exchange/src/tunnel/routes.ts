import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** By which interfaces this machine reaches the two ends of a tunnel. */
export interface Reached {
  /** The interface that has our address in the tunnel; null when none has: the tunnel is down. */
  at: string | null
  /** What that is: WireGuard and its like have no link layer; the loopback interface is a tunnel’s in demonstrations and tests only. */
  kind: 'tunnel' | 'loopback' | 'other' | 'unknown'
  /** The interface by which what is for the other end leaves; `none` where no route or one that refuses leads there; null where the system does not say. */
  by: string | null
}

/** The interface by which an address is reached as `/proc/net/route` tells it (IPv4); `none`: it is not, or shall not be. */
export function routeTo(table: string, address: string): string {
  const wanted = numberOf(address)
  const fitting = table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([name = '', destination = '', , flags = '', , , metric = '', mask = '']) => {
      const route = { name, mask: swapped(mask), metric: Number(metric), flags: Number.parseInt(flags, 16) }
      const isUp = (route.flags & 1) === 1
      return isUp && (wanted & route.mask) >>> 0 === swapped(destination) ? [route] : []
    })
    // The longest prefix counts, and of equal ones the lowest metric.
    .toSorted((one, other) => other.mask - one.mask || one.metric - other.metric)
  const [best] = fitting
  return best === undefined || best.name === '*' || (best.flags & refusing) !== 0 ? 'none' : best.name
}

/** Whether a route says of an address that it is not reached at all: what is left when the tunnel’s own is gone. */
export function isHeldBack(table: string, address: string): boolean {
  const wanted = numberOf(address)
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .some(
      ([name, destination = '', , flags = '', , , , mask = '']) =>
        mask === 'FFFFFFFF' &&
        swapped(destination) === wanted &&
        (name === '*' || (Number.parseInt(flags, 16) & refusing) !== 0),
    )
}

/** RTF_REJECT of Linux: unreachable, prohibit. A blackhole has no interface instead (`*`). */
const refusing = 0x200

/** What this machine says of a tunnel now. Outside of Linux only whether it has the address is known. */
export function reachedOf({ local, peer }: { local: string; peer: string }): Reached {
  const own = Object.entries(networkInterfaces())
  const holding = (address: string): string | undefined =>
    own.find(([, entries]) => entries?.some((entry) => entry.address === address))?.[0]
  const loopback = own.find(([, entries]) => entries?.some(({ address }) => address === '127.0.0.1'))?.[0] ?? null
  // All of 127.0.0.0/8 is the loopback interface’s on Linux, and only what is set elsewhere.
  const isLoopback = process.platform === 'linux' && local.startsWith('127.')
  const at = holding(local) ?? (isLoopback ? loopback : null)
  const table = routes()
  const byLoopback = peer.startsWith('127.') || holding(peer) !== undefined
  return { at, kind: kindOf(at, loopback), by: byLoopback ? loopback : table === null ? null : routeTo(table, peer) }
}

/** The routes of this machine; null where they cannot be read. */
export function routes(): string | null {
  return textOf('/proc/net/route')
}

function kindOf(at: string | null, loopback: string | null): Reached['kind'] {
  if (at === null) return 'unknown'
  if (at === loopback) return 'loopback'
  // ARPHRD_NONE of Linux: what goes in are packets, not frames.
  const type = textOf(`/sys/class/net/${at}/type`)?.trim()
  return type === undefined ? 'unknown' : type === '65534' ? 'tunnel' : 'other'
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** The kernel writes addresses in its own order of bytes: that of the machines Node runs on. */
function swapped(hex: string): number {
  const bytes = hex.match(/../g) ?? []
  return Number.parseInt(bytes.toReversed().join(''), 16)
}

import { isIPv4, isIPv6 } from 'node:net'
import type { Corridor } from '@corridor/node'
import { type Arguments, UsageError } from '../arguments.ts'
import { isKey } from './keys.ts'
import type { TunnelOptions, TunnelSide } from './wireguard.ts'

/** What was asked of `corridor link wireguard`, understood. */
export interface AskedTunnel {
  between: [string, string]
  addresses: [string, string]
  endpoints: [TunnelSide['endpoint'], TunnelSide['endpoint']]
  agreement: string
  options: TunnelOptions
  /** The one side that is written; null: both. */
  own: string | null
  /** The other side’s, where only one is written. */
  publicKey: string | null
  into: string
  /** Whether the corridor file says it all already. */
  isInFile: boolean
}

/** @throws UsageError with what is wrong, where, and what to do */
export function askedTunnel(corridor: Corridor, { options, lists }: Arguments): AskedTunnel {
  const between = betweenOf(corridor, options.get('between'))
  const link = corridor.links.find((each) => between.every((node) => each.between.includes(node)))
  const inFile = link?.addresses ?? null
  const given = pairs('address', 'NODE=ADDRESS', lists.get('address') ?? [], between)
  const addresses = between.map((node) => addressOf(node, given.get(node), inFile?.[node])) as [string, string]
  if (addresses[0] === addresses[1])
    throw new UsageError(`--address: both sides have ${addresses[0]}. Give each an address of its own.`)
  const places = pairs('endpoint', 'NODE=HOST:PORT', lists.get('endpoint') ?? [], between)
  if (places.size === 0)
    throw new UsageError(
      `Say where at least one side is found, outside of the tunnel: --endpoint ${between[0]}=HOST:51820.`,
    )
  const endpoints = between.map((node) => endpointOf(node, places.get(node), addresses)) as AskedTunnel['endpoints']
  const own = options.get('own') ?? null
  if (own !== null && !between.includes(own))
    throw new UsageError(`--own ${own}: is none of the two sides, ${between.join(' and ')}.`)
  const into = options.get('into')
  if (into === undefined) throw new UsageError('Say where the configuration is written: --into FOLDER.')
  return {
    between,
    addresses,
    endpoints,
    agreement: link?.agreement ?? `corridor-${between.join('-')}`,
    options: {
      mtu: numberOf('mtu', options, [1280, 9000], 1420),
      keepalive: numberOf('keepalive', options, [0, 65_535], 25),
    },
    own,
    publicKey: publicKeyOf(options.get('public-key'), own),
    into,
    isInFile: link?.kind === 'tunnel',
  }
}

function betweenOf({ nodes }: Corridor, text: string | undefined): [string, string] {
  const known = nodes.map(({ id }) => id)
  const [one, other, ...more] = text?.split(',').map((id) => id.trim()) ?? []
  if (one === undefined || other === undefined || more.length > 0)
    throw new UsageError(`Say between which two nodes: --between A,B, of ${known.join(', ')}.`)
  const stray = [one, other].find((id) => !known.includes(id))
  if (stray !== undefined)
    throw new UsageError(`--between: there is no node “${stray}”. The corridor file has ${known.join(', ')}.`)
  if (one === other) throw new UsageError(`--between: “${one}” stands there twice. A tunnel is between two nodes.`)
  return [one, other]
}

function pairs(name: string, form: string, given: string[], between: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const text of given) {
    const at = text.indexOf('=')
    const [node, value] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)]
    if (node === '' || value === '') throw new UsageError(`--${name} “${text}”: is not ${form}.`)
    if (!between.includes(node))
      throw new UsageError(`--${name} “${text}”: “${node}” is none of the two sides, ${between.join(' and ')}.`)
    if (found.has(node)) throw new UsageError(`--${name}: ${node} stands there twice.`)
    found.set(node, value)
  }
  return found
}

/** Of private use (RFC 1918, RFC 6598): what is somebody’s on the internet must not be reached by a tunnel by mistake. */
const isPrivate = (address: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(address)

function addressOf(node: string, given: string | undefined, inFile: string | undefined): string {
  if (given !== undefined && inFile !== undefined && given !== inFile)
    throw new UsageError(
      `--address ${node}=${given}: the corridor file says ${inFile}. Leave it out, or change the file.`,
    )
  const address = given ?? inFile
  if (address === undefined)
    throw new UsageError(
      `Say which address ${node} has in the tunnel: --address ${node}=10.99.0.1, one that neither side uses otherwise.`,
    )
  if (!isIPv4(address) || !isPrivate(address))
    throw new UsageError(
      `--address ${node}=${address}: must be an IPv4 address for private use (10…, 172.16…, 192.168…, 100.64…).`,
    )
  return address
}

function endpointOf(node: string, text: string | undefined, addresses: readonly string[]): TunnelSide['endpoint'] {
  if (text === undefined) return null
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text) ?? []
  const [host, port] = [bracketed ?? plain ?? '', Number(digits)]
  const isName = bracketed === undefined ? /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host) : isIPv6(host)
  if (!isName || port < 1 || port > 65_535)
    throw new UsageError(`--endpoint ${node}=${text}: is not HOST:PORT, with a port from 1 to 65535.`)
  if (addresses.includes(host))
    throw new UsageError(
      `--endpoint ${node}=${text}: ${host} is an address in the tunnel. Say where ${node} is found without it.`,
    )
  return { host, port }
}

function numberOf(name: string, options: Arguments['options'], [least, most]: [number, number], usual: number): number {
  const text = options.get(name)
  if (text === undefined) return usual
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (!(value >= least && value <= most))
    throw new UsageError(`--${name} ${text}: takes a whole number from ${least} to ${most}.`)
  return value
}

function publicKeyOf(text: string | undefined, own: string | null): string | null {
  if (text === undefined) return null
  if (own === null) throw new UsageError('--public-key is the other side’s: say which side is yours, --own NODE.')
  if (!isKey(text))
    throw new UsageError(`--public-key ${text}: is no public key of WireGuard, 32 bytes in base64 (44 characters).`)
  return text
}

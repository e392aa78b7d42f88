import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { WebhooksFault } from './faults.ts'

/** The last 32 bits are an IPv4 address (RFC 4291 §2.5.5.2; RFC 6052 for NAT64), which decides. */
const embedding = ranges(['::ffff:0:0/96', '64:ff9b::/96'])
const globalUnicast = ranges(['2000::/3'])
const loopback = ranges(['127.0.0.0/8', '::1/128'])
const special = ranges(tableRows())

/** Whether an address is one of the open internet: none of a private network, of this machine, of a cloud's own services. */
export function isPublic(address: string): boolean {
  const plain = unwrapped(address)
  const family = familyOf(plain)
  if (family === undefined || special.check(plain, family)) return false
  return family === 'ipv4' || globalUnicast.check(plain, 'ipv6')
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  const plain = unwrapped(address)
  const family = familyOf(plain)
  return family !== undefined && loopback.check(plain, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 0 || address.includes('%') ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}

/** An IPv4 address that is written inside of an IPv6 one, however that is written; any other as it is. */
function unwrapped(address: string): string {
  if (familyOf(address) !== 'ipv6' || !embedding.check(address, 'ipv6')) return address
  // The URL parser has one way of writing an IPv6 address: its last two groups are hexadecimal.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':')
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16)) as [number, number]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function ranges(of: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of of) {
    const [address = '', bits = ''] = range.split('/')
    const family = familyOf(address)
    if (family === undefined || !/^\d+$/.test(bits)) throw new WebhooksFault('webhooks.address-table', range)
    list.addSubnet(address, Number(bits), family)
  }
  return list
}

function tableRows(): string[] {
  const lines = readFileSync(new URL('../addresses.tsv', import.meta.url), 'utf8').split(/\r?\n/)
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#')).slice(1)
  return rows.map((row) => row.split('\t')[0] ?? '')
}

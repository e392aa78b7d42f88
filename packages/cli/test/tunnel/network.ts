import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { makeNamespaces, type Namespaces, whyNoNamespaces } from '../../../exchange/test/namespaces.ts'

/** Both gateways, and what lies between them. */
export type Place = 'one' | 'other' | 'between'

/** Outside of the tunnel. */
export const outside = { one: '192.0.2.2', other: '192.0.2.6' } as const

/** The UDP port of WireGuard at both. */
export const wireguardPort = 51820

/** Why no tunnel can be made here; undefined when it can. */
export function whyNoTunnel(): string | undefined {
  const missing = ['wg', 'wg-quick', 'wireguard-go'].find((tool) => spawnSync('which', [tool]).status !== 0)
  if (missing !== undefined)
    return `there is no ${missing} here: install wireguard-tools and wireguard-go, of which the tunnel is made`
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun here'
  return whyNoNamespaces()
}

/** A network whose middle can be told to let nothing pass but WireGuard. */
export interface Network extends Namespaces<Place> {
  onlyWireguard(isOn: boolean): void
  /** How many refusals the middle has told to whom something else came from; the system tells each sender one a second. */
  refused(): number
}

/** Two gateways whose default routes lead over a middle that forwards. */
export function makeNetwork(): Network {
  const network = makeNamespaces<Place>(['one', 'other', 'between'])
  try {
    for (const [place, own, theirs] of [
      ['one', outside.one, '192.0.2.1'],
      ['other', outside.other, '192.0.2.5'],
    ] as const) {
      network.cable([
        { place: 'between', name: `to-${place}`, address: `${theirs}/30` },
        { place, name: 'outside', address: `${own}/30` },
      ])
      network.ip(place, `route add default via ${theirs}`)
    }
    network.run('between', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
  } catch (error) {
    network.remove()
    throw error
  }
  return {
    ...network,
    onlyWireguard(isOn) {
      const act = isOn ? 'add' : 'del'
      network.ip('between', `rule ${act} pref 10 ipproto udp dport ${wireguardPort} lookup main`)
      for (const place of ['one', 'other']) network.ip('between', `rule ${act} pref 20 iif to-${place} prohibit`)
    },
    refused() {
      const { output } = network.run('between', 'cat', '/proc/net/snmp')
      const [names = [], values = []] = output
        .split('\n')
        .filter((line) => line.startsWith('Icmp:'))
        .map((line) => line.split(' '))
      return Number(values[names.indexOf('OutDestUnreachs')])
    },
  }
}

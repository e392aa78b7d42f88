/** One side of a tunnel, as its configuration needs it. */
export interface TunnelSide {
  node: string
  /** Inside of the tunnel, IPv4. */
  address: string
  /** Where the other side finds it, outside: host and port; null where that is not known: then it begins. */
  endpoint: { host: string; port: number } | null
  /** 32 bytes, base64. */
  publicKey: string
}

/** What both sides agree on beside. */
export interface TunnelOptions {
  /** Bytes of a packet in the tunnel. */
  mtu: number
  /** Seconds after which a side that has nothing to say says so, by which a NAT keeps the way open. 0: never. */
  keepalive: number
}

/** The name of the interface of one side, which is that of its file: Linux takes 15 characters. */
export const interfaceName = (other: string): string => `wg-${other}`.slice(0, 15)

/** The configuration of one side for wg-quick. */
export function wireguardConfig(
  own: TunnelSide & { privateKey: string },
  other: TunnelSide,
  { mtu, keepalive }: TunnelOptions,
): string {
  const lines = [
    `# The tunnel between ${own.node} and ${other.node}, at ${own.node}. Written by corridor link wireguard.`,
    '[Interface]',
    `PrivateKey = ${own.privateKey}`,
    `Address = ${own.address}/32`,
    ...(own.endpoint === null ? [] : [`ListenPort = ${own.endpoint.port}`]),
    `MTU = ${mtu}`,
    `# Stays when the tunnel is taken down: what is for ${other.node} finds no other way then.`,
    `PreUp = ip route replace unreachable ${other.address}/32 metric 4294967295`,
    '',
    '[Peer]',
    `PublicKey = ${other.publicKey}`,
    '# Nothing but the other gateway is reached by this tunnel, and nothing else comes out of it.',
    `AllowedIPs = ${other.address}/32`,
    ...(other.endpoint === null ? [] : [`Endpoint = ${hostOf(other.endpoint.host)}:${other.endpoint.port}`]),
    ...(keepalive === 0 ? [] : [`PersistentKeepalive = ${keepalive}`]),
  ]
  return `${lines.join('\n')}\n`
}

const hostOf = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** What stands under `links` of the corridor file, which is the same at both sides. */
export function linkLines(between: readonly [string, string], addresses: readonly [string, string], agreement: string) {
  return [
    `  - between: [${between.join(', ')}]`,
    '    kind: tunnel',
    `    addresses: { ${between.map((node, at) => `${node}: ${addresses[at]}`).join(', ')} }`,
    `    agreement: ${agreement}`,
  ].join('\n')
}

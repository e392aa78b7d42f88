import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkTunnels, readCorridor, realSettings } from '@corridor/node'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { type AskedTunnel, askedTunnel } from '../link/asked.ts'
import { keptKeys, type WireguardKeys } from '../link/keys.ts'
import { interfaceName, linkLines, wireguardConfig } from '../link/wireguard.ts'
import { namedNode } from '../node-settings.ts'
import { print } from '../print.ts'

const verbs: Readonly<Record<string, (typed: string[]) => Promise<number>>> = { wireguard, check }

/** `corridor link wireguard|check`: the tunnel of a link. */
export async function link([what = '', ...typed]: string[]): Promise<number> {
  const verb = Object.hasOwn(verbs, what) ? verbs[what] : undefined
  if (verb === undefined) throw new UsageError(`Say what to do with a link: ${Object.keys(verbs).join(', ')}.`)
  return verb(typed)
}

async function wireguard(typed: string[]): Promise<number> {
  const read = readArguments(typed, {
    options: ['corridor', 'between', 'own', 'public-key', 'mtu', 'keepalive', 'into'],
    lists: ['address', 'endpoint'],
    words: 0,
  })
  const asked = askedTunnel(readCorridor(corridorIn(read.options)), read)
  const sides = asked.between.filter((node) => asked.own === null || node === asked.own)
  const keys = new Map(sides.map((node) => [node, keptKeys(fileOf(asked, node, 'key'))]))
  if (asked.own !== null && asked.publicKey === null) {
    await print(keyOnly(asked, asked.own, keys.get(asked.own)!))
    return 0
  }
  for (const node of sides) writeSide(asked, node, keys)
  await print(told(asked, sides, keys))
  return 0
}

function corridorIn(options: Arguments['options']): string {
  const file = options.get('corridor')
  if (file === undefined) throw new UsageError('Say of which corridor: --corridor FILE.')
  return file
}

const otherOf = ({ between: [one, other] }: AskedTunnel, node: string): string => (node === one ? other : one)

/** A file of one side, in its own folder: each goes to another operator. */
function fileOf(asked: AskedTunnel, node: string, kind: 'key' | 'conf'): string {
  const folder = join(asked.into, node)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${interfaceName(otherOf(asked, node))}.${kind}`)
}

function writeSide(asked: AskedTunnel, node: string, keys: ReadonlyMap<string, WireguardKeys>): void {
  const side = (id: string) => {
    const at = asked.between.indexOf(id)
    return {
      node: id,
      address: asked.addresses[at]!,
      endpoint: asked.endpoints[at] ?? null,
      publicKey: keys.get(id)?.publicKey ?? asked.publicKey!,
    }
  }
  const own = { ...side(node), privateKey: keys.get(node)!.privateKey }
  const text = wireguardConfig(own, side(otherOf(asked, node)), asked.options)
  const file = fileOf(asked, node, 'conf')
  if (statSync(file, { throwIfNoEntry: false }) === undefined) writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  else if (readFileSync(file, 'utf8') !== text)
    throw new UsageError(`${file} is there and says something else. Move it away, or write --into another folder.`)
}

function keyOnly(asked: AskedTunnel, own: string, { publicKey }: WireguardKeys): string {
  return `The key of ${own} is in ${fileOf(asked, own, 'key')}, and stays there. Its public key, for the operator of ${otherOf(asked, own)}:
  ${publicKey}
With the public key of the other side, write the configuration: the same command with --public-key KEY.
`
}

function told(asked: AskedTunnel, sides: readonly string[], keys: ReadonlyMap<string, WireguardKeys>): string {
  const { between, addresses, agreement, isInFile } = asked
  const steps = sides.flatMap((node) => {
    const other = otherOf(asked, node)
    const [name, at] = [interfaceName(other), asked.endpoints[between.indexOf(node)]]
    const { publicKey, kept } = keys.get(node)!
    return [
      `At ${node} (its public key${kept ? ', kept from before' : ''}: ${publicKey}):`,
      `  1. install -m 600 ${fileOf(asked, node, 'conf')} /etc/wireguard/${name}.conf`,
      `  2. ${at == null ? 'nothing comes in from outside: this side begins' : `let UDP port ${at.port} in at ${at.host}, and nothing of AS4`}`,
      `  3. wg-quick up ${name}; at every start of the machine: systemctl enable wg-quick@${name}`,
      `  4. when both sides are up: corridor link check --node ${node} --corridor FILE`,
      '',
    ]
  })
  const secret =
    sides.length === 1
      ? []
      : [
          'Each folder holds a private key: give it to its operator by a way that nobody else reads, and delete it here. Where each side',
          'makes its own (--own NODE), no private key travels.',
          '',
        ]
  const file = isInFile
    ? ['The corridor file has this link with these addresses already.']
    : [
        'In the corridor file of both sides, under links (in place of the link that these two have there):',
        linkLines(between, addresses, agreement),
      ]
  return `${[...steps, ...secret, ...file].join('\n')}\n`
}

async function check(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, { options: ['corridor', 'node'], flags: ['json'], words: 0 })
  const { node, readSettings } = namedNode(options, 'tunnels')
  // A real node’s, also where its database is not at hand.
  const settings =
    node.keys === null
      ? readSettings()
      : realSettings(options.get('corridor')!, node.id, process.env['DATABASE_URL'] ?? '')
  const tunnels = await checkTunnels(settings)
  const isWell = tunnels.every(({ up }) => up)
  if (flags.has('json')) await print(`${JSON.stringify(tunnels)}\n`)
  else if (tunnels.length === 0) await print(`${node.id} has no link of kind tunnel.\n`)
  else
    await print(
      tunnels
        .flatMap(({ party, local, peer, interface: at, up, why, isHeldBack }) => [
          `${up ? 'yes' : 'NO '}  ${party}: from ${local}${at === null ? '' : ` at ${at}`} to ${peer}${why === null ? ', and it answers there' : `: ${why}`}`,
          ...(isHeldBack === false
            ? [
                `     Once the tunnel is gone, another route may lead to ${peer}: ip route replace unreachable ${peer}/32 metric 4294967295`,
              ]
            : []),
        ])
        .join('\n') + '\n',
    )
  return isWell ? 0 : 1
}

import { readFileSync } from 'node:fs'
import { type Corridor, type CorridorNode, readCorridor } from './config/corridor.ts'
import { type CorridorLink, isDirect, linksOf, otherOf, tunnelOf } from './config/links.ts'
import { NodeFault } from './faults.ts'
import { keyOpener } from './keys/passphrase.ts'
import { isDemonstration } from './pki/certificates.ts'
import type { NodeSettings } from './settings.ts'

/**
 * The settings of a real node: keys from the files that its corridor file names, the database from DATABASE_URL.
 * @throws NodeFault KEY_FILE, CORRIDOR_FILE, DEMONSTRATION_KEYS when any certificate is a demonstration's
 */
export function realSettings(corridorFile: string, nodeId: string, databaseUrl: string): NodeSettings {
  const corridor = readCorridor(corridorFile)
  const own = corridor.nodes.find((node) => node.id === nodeId)
  if (own === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${nodeId} in ${corridorFile}.`)
  if (own.keys === null)
    throw new NodeFault('CORRIDOR_FILE', `Node ${nodeId} has no “keys”: a real node needs its own.`)
  const read = (path: string) => fileText(corridor, path)
  const open = ownKeyOpener(corridor, own)
  const settings: NodeSettings = {
    corridor: corridorFile,
    node: nodeId,
    databaseUrl,
    ports: own.ports,
    as4Host: '0.0.0.0',
    signing: { certificate: read(own.keys.signing.certificate), key: open(read(own.keys.signing.key), 'signingKey') },
    ...(own.keys.alsoDecrypts.length > 0 && {
      alsoDecrypts: own.keys.alsoDecrypts.map(({ certificate, key }, at) => ({
        certificate: read(certificate),
        key: open(read(key), `alsoDecrypts ${at + 1} › key`),
      })),
    }),
    tls: { certificate: read(own.keys.tls.certificate), key: open(read(own.keys.tls.key), 'tlsKey') },
    dataKey: dataKeyOf(read(own.keys.dataKey)),
    partners: linksOf(corridor.links, nodeId).map((link) => partnerSettings(corridor, link, otherOf(link, nodeId))),
    places: placesOf(corridor, own, read),
    ...nationalOf(own, read, open),
    accessCodes: own.keys.accessCodes === null ? {} : accessCodesOf(read(own.keys.accessCodes), own.keys.accessCodes),
  }
  refuseDemonstration(settings)
  return settings
}

/** Opens the key files of a node of ours: as they are, or with the pass phrase that its `keys` name. */
export function ownKeyOpener(corridor: Corridor, { id, keys }: CorridorNode): ReturnType<typeof keyOpener> {
  const machine = { environment: process.env, read: (path: string) => fileText(corridor, path) }
  return keyOpener(keys?.passphrase ?? null, machine, `nodes › ${id} › keys`)
}

function partnerSettings(corridor: Corridor, link: CorridorLink, id: string): NodeSettings['partners'][number] {
  const node = corridor.nodes.find((candidate): candidate is CorridorNode => candidate.id === id)
  if (node?.published == null)
    throw new NodeFault(
      'CORRIDOR_FILE',
      `Node ${id} is a partner and has no “published”: its address and certificates.`,
    )
  const { signingCertificate, nextSigningCertificate, direct } = node.published
  // Of one that fetches nobody has an address.
  if (isDirect(link) && (direct === null || (direct.url === null && link.pulls !== id)))
    throw new NodeFault(
      'CORRIDOR_FILE',
      `Node ${id} is a direct partner: its “published” needs ${link.pulls === id ? '' : 'url, '}tlsCertificate and ca.`,
    )
  return {
    node: id,
    signingCertificate: fileText(corridor, signingCertificate),
    ...(nextSigningCertificate !== null && {
      nextSigningCertificate: fileText(corridor, nextSigningCertificate),
    }),
    direct:
      !isDirect(link) || direct === null
        ? null
        : {
            ...reachedAt(link, id, direct.url),
            tlsCertificate: fileText(corridor, direct.tlsCertificate),
            ...(direct.nextTlsCertificate !== null && {
              nextTlsCertificate: fileText(corridor, direct.nextTlsCertificate),
            }),
            ca: fileText(corridor, direct.ca),
            ...(direct.nextCa !== null && { nextCa: fileText(corridor, direct.nextCa) }),
          },
  }
}

/** Inside of a tunnel a partner has its address there, whatever host it has published for others; port and path are the same. */
function reachedAt(
  link: CorridorLink,
  id: string,
  published: string | null,
): Pick<NonNullable<NodeSettings['partners'][number]['direct']>, 'url' | 'tunnel'> {
  const tunnel = tunnelOf(link, otherOf(link, id))
  if (tunnel === null || published === null) return { url: published }
  const loopback = [tunnel.local, tunnel.peer].find((address) => address.startsWith('127.'))
  if (loopback !== undefined)
    throw new NodeFault(
      'CORRIDOR_FILE',
      `links: ${link.between.join(' and ')}: ${loopback} is an address of this machine alone. Give each node its address in the tunnel.`,
    )
  const url = new URL(published)
  url.hostname = tunnel.peer
  return { url: url.href, tunnel }
}

/** The addresses of the places that the links of a node pass: each is in a file of its own, since a password is part of it. */
function placesOf(
  corridor: Corridor,
  { id, keys }: CorridorNode,
  read: (path: string) => string,
): Record<string, string> {
  const used = corridor.places.filter((place) => linksOf(corridor.links, id).some(({ at }) => at === place.id))
  const files = keys?.places ?? {}
  const without = used.find((place) => files[place.id] === undefined)
  if (without !== undefined)
    throw new NodeFault(
      'CORRIDOR_FILE',
      `Node ${id}: its “keys” need “places: { ${without.id}: FILE }”, a file with the address of ${without.name}.`,
    )
  return Object.fromEntries(used.map((place) => [place.id, read(files[place.id]!).trim()]))
}

/** Where the national system is, in a second line the token, and by which certificates the two know each other. */
function nationalOf(
  { keys, nationalSystem }: CorridorNode,
  read: (path: string) => string,
  open: ReturnType<typeof keyOpener>,
): Pick<NodeSettings, 'nationalSystem'> {
  const own = keys?.nationalSystem
  if (nationalSystem === null || own == null) return {}
  const [address = '', token = ''] = read(own.address).split('\n', 2)
  const pem = (path: string | null | undefined): string | undefined => (path == null ? undefined : read(path))
  const [certificate, key, authority] = [own.tls?.certificate, own.tls?.key, own.tls?.authority].map(pem)
  const tls = own.tls && {
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key: open(key, 'nationalSystemTls › key') }),
    ...(authority !== undefined && { authority }),
    clients: own.tls.clients,
  }
  return {
    nationalSystem: {
      address: address.trim(),
      ...(token.trim() !== '' && { token: token.trim() }),
      ...(tls && { tls }),
    },
  }
}

/** Demonstration certificates are made by this program on anybody's machine: they prove nothing. */
export function refuseDemonstration(settings: NodeSettings): void {
  const certificates: [string, string | undefined][] = [
    ['our signing certificate', settings.signing.certificate],
    ...(settings.alsoDecrypts ?? []).map(({ certificate }): [string, string] => [
      'a certificate of ours that others encrypt for',
      certificate,
    ]),
    ['our TLS certificate', settings.tls.certificate],
    ...settings.partners.flatMap(({ node, direct, ...partner }): [string, string | undefined][] => [
      [`the signing certificate of ${node}`, partner.signingCertificate],
      [`the next signing certificate of ${node}`, partner.nextSigningCertificate],
      [`the TLS certificate of ${node}`, direct?.tlsCertificate],
      [`the next TLS certificate of ${node}`, direct?.nextTlsCertificate],
      [`the authority of ${node}`, direct?.ca],
      [`the next authority of ${node}`, direct?.nextCa],
    ]),
  ]
  for (const [what, pem] of certificates) {
    if (pem !== undefined && isMarked(what, pem))
      throw new NodeFault('DEMONSTRATION_KEYS', `${what} is a demonstration certificate.`)
  }
}

function isMarked(what: string, pem: string): boolean {
  try {
    return isDemonstration(pem)
  } catch (error) {
    throw new NodeFault('KEY_FILE', `${what} cannot be read: ${(error as Error).message}.`)
  }
}

function accessCodesOf(text: string, path: string): Record<string, string> {
  try {
    const codes = Object.entries(JSON.parse(text) as Record<string, unknown>)
    if (codes.every((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length === 4)) {
      return Object.fromEntries(codes)
    }
  } catch {
    // Said below: what is in the file must not stand in a message.
  }
  throw new NodeFault('KEY_FILE', `${path} must be a JSON object with an access code of four characters for each GRN.`)
}

function dataKeyOf(text: string): string {
  const key = text.trim()
  if (Buffer.from(key, 'base64').length !== 32)
    throw new NodeFault('KEY_FILE', 'The data key must be 32 random bytes in base64: openssl rand -base64 32.')
  return key
}

function fileText(corridor: Corridor, path: string): string {
  try {
    return readFileSync(new URL(path, corridor.folder), 'utf8')
  } catch (error) {
    throw new NodeFault('KEY_FILE', `${path}: ${(error as Error).message}.`)
  }
}

import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { existsSync, readFileSync } from 'node:fs'
import { type Corridor, type CorridorNode, ownKeyOpener, readCorridor } from '@corridor/node'
import { certificateIn } from './invitation.ts'
import { JoinFault } from './faults.ts'

/** A corridor file and the node of it that is ours: the one with keys. */
export interface OwnCorridor {
  file: string
  folder: string
  corridor: Corridor
  own: CorridorNode & { keys: NonNullable<CorridorNode['keys']> }
}

/**
 * @param nodeId of ours, where the file has keys of several
 * @throws JoinFault join.own-file, NodeFault CORRIDOR_UNKNOWN, CORRIDOR_FILE
 */
export function readOwn(path: string, nodeId?: string): OwnCorridor {
  const file = resolve(path)
  const corridor = readCorridor(file)
  const own = corridor.nodes.filter(({ id, keys }) => keys !== null && (nodeId === undefined || id === nodeId))
  const [node] = own
  if (node === undefined || own.length > 1)
    throw new JoinFault(
      'join.own-file',
      `${path} › nodes: ${own.length === 0 ? 'none' : own.map(({ id }) => id).join(' and ')} of them has “keys”${nodeId === undefined ? '' : ` and is “${nodeId}”`}; there must be one node of ours (--node says which).`,
    )
  return { file, folder: dirname(file), corridor, own: node as OwnCorridor['own'] }
}

/** Text of a file that the corridor file names. @throws JoinFault join.no-certificate */
export function textIn({ file }: OwnCorridor, path: string): string {
  try {
    return readFileSync(new URL(path, pathToFileURL(file)), 'utf8')
  } catch {
    throw new JoinFault('join.no-certificate', `There is no ${path} beside ${file}.`)
  }
}

/** Our own certificates and the key to sign with. @throws JoinFault join.no-certificate, join.unfit-certificate */
export function ownPapers(
  corridor: OwnCorridor,
  now: Date,
): { signing: { certificate: string; key: string }; tls: string; authority: string; url: string } {
  const { keys, published, id } = corridor.own
  if (published?.direct?.url == null)
    throw new JoinFault(
      'join.own-file',
      `nodes › ${id} › published: url, tlsCertificate and ca of our own are missing.`,
    )
  const papers = {
    signing: { certificate: textIn(corridor, keys.signing.certificate), key: ownSigningKey(corridor) },
    tls: textIn(corridor, keys.tls.certificate),
    authority: textIn(corridor, published.direct.ca),
    url: published.direct.url,
  }
  certificateIn(papers.signing.certificate, keys.signing.certificate, now)
  certificateIn(papers.tls, keys.tls.certificate, now)
  return papers
}

/** Our private key to sign with, opened. @throws JoinFault join.no-certificate, NodeFault KEY_FILE */
export function ownSigningKey(corridor: OwnCorridor): string {
  const { own } = corridor
  return ownKeyOpener(corridor.corridor, own)(textIn(corridor, own.keys.signing.key), 'signingKey')
}

/** Whether a member said of itself that it is a test partner; one that came without an invitation is none. */
export function isTestPartner({ folder }: OwnCorridor, id: string): boolean {
  const file = join(folder, 'partners', id, 'invitation.txt')
  if (!existsSync(file)) return false
  const { from } = JSON.parse(readFileSync(file, 'utf8')) as { from?: { isTest?: boolean } }
  return from?.isTest === true
}

/** Whose signing certificates we know, ours and the members', by party. */
export function signersOf(own: OwnCorridor): Map<string, string> {
  const { own: we, corridor } = own
  const known = corridor.nodes.flatMap(({ party, published }): [string, string][] =>
    published === null ? [] : [[party, textIn(own, published.signingCertificate)]],
  )
  return new Map([...known, [we.party, textIn(own, we.keys.signing.certificate)]])
}

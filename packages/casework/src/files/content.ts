/** The content of files at rest: sealed with the node's data key, and bound to what it belongs to. */
import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import { ExchangeFault, makeVault } from '@corridor/exchange'
import { files } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'

export const digestOf = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest()

const bound = (origin: string, file: string): string => `${origin} ${file}`

/** Seals the content of a file for this node. */
export const sealContent = (ports: CaseworkPorts, origin: string, file: string, content: Uint8Array): Uint8Array =>
  makeVault(ports.dataKey).seal('file', bound(origin, file), content)

/** The content of a file as it was attached; `damaged` when what is stored is not that any more. */
export async function openContent(ports: CaseworkPorts, tx: Tx, id: string): Promise<Uint8Array | 'damaged'> {
  const stored = await files.contentOf(tx, id)
  if (stored === undefined) return 'damaged'
  try {
    const { origin, file, content, digest } = stored
    const opened = makeVault(ports.dataKey).open('file', bound(origin, file), Buffer.from(content))
    return digestOf(opened).equals(digest) ? opened : 'damaged'
  } catch (error) {
    if (error instanceof ExchangeFault) return 'damaged'
    throw error
  }
}

import type { Account } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { openContent } from './content.ts'
import { noteDamaged } from './give.ts'
import { hex } from './notes.ts'
import { filesFor, recordFor } from './records.ts'
import { type MovementFiles, movementFiles } from './view.ts'

/** A file as it is given to a person; `damaged`: what is stored is not what was attached, and is not shown. */
export type OpenedFile =
  | { kind: 'file'; name: string; mediaType: string; digest: string; content: Uint8Array }
  | { kind: 'damaged'; digest: string }

/** A file of a movement that this account may see; undefined when there is none. */
export async function openFile(
  ports: CaseworkPorts,
  account: Account,
  reference: string,
  id: string,
): Promise<OpenedFile | undefined> {
  return ports.db.transaction(async (tx): Promise<OpenedFile | undefined> => {
    const record = await recordFor(tx, account, reference)
    const file = record && (await filesFor(tx, record)).find((each) => each.id === id)
    if (record === undefined || file === undefined) return undefined
    const content = await openContent(ports, tx, id)
    const digest = hex(file.digest)
    if (content !== 'damaged') return { kind: 'file', name: file.name, mediaType: file.mediaType, digest, content }
    await noteDamaged(ports, tx, record.mrn, file, account.id)
    return { kind: 'damaged', digest }
  })
}

/** The files of a movement for somebody who may see it: an officer by MRN, a trader by MRN or LRN. */
export async function listFiles(
  ports: CaseworkPorts,
  account: Account,
  reference: string,
): Promise<MovementFiles | undefined> {
  return ports.db.transaction(async (tx) => {
    const record = await recordFor(tx, account, reference)
    return record && movementFiles(ports, tx, account, record)
  })
}

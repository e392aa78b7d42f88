import type { Tx } from '@corridor/database'
import type { Block } from '@corridor/declarations'
import { judgeReading } from './decide.ts'
import type { SharePorts } from './ports.ts'
import type { ItemRecord } from './records.ts'
import { refused, type Refused } from './refusals.ts'
import { sql } from './statements.ts'
import { conversationOf, note, noteRefusal, owe } from './tell.ts'

/** What a person was shown. */
export interface Shown {
  kind: 'shown'
  subject: string
  /** Of the bytes that came, SHA-256 in hexadecimal. */
  digest: string
  sharedAt: Date
  until: Date
  block: Block
}

/**
 * Shows what was shared. The owner is owed a word of this reading in the same transaction, and who is refused stands in the journal: give
 * out what it answers after the commit only.
 */
export async function read(
  ports: SharePorts,
  tx: Tx,
  { owner, item }: { owner: string; item: string },
  who: string,
): Promise<Shown | Refused> {
  const { party, vault, blocks, clock, newId } = ports
  const [found] = await tx.run<ItemRecord>(sql.item, [owner, item])
  const now = clock()
  const wrong = judgeReading(found, party, now)
  const name = { owner, id: found?.contractId ?? '', version: found?.version ?? 0 }
  if (found === undefined || found.block === null || wrong !== undefined) {
    const why = wrong ?? refused('retention-over')
    await noteRefusal(ports, tx, name, why, { actor: who, detail: { item } })
    return why
  }
  const { block } = blocks.read(vault.open('payload', item, found.block))
  if (block === undefined) throw new Error(`what was shared as ${item} cannot be read any more`)
  const reading = newId()
  const said = { ...name, item, reading, who, readAt: now.toISOString() }
  const conversation = `${conversationOf(name)}:${reading}`
  const messageId = await owe(ports, tx, owner, 'ShareReading', said, { conversation })
  await tx.run(sql.addReading, [owner, reading, item, name.id, name.version, who, now, messageId, now])
  await note(ports, tx, 'read', name, { actor: who, messageId, detail: { item, subject: found.subject } })
  const { subject, digest, sharedAt, until } = found
  return { kind: 'shown', subject, digest, sharedAt, until, block }
}

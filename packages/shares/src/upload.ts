import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import type { Block } from '@corridor/declarations'
import { isText, type ShareContract, untilOf } from './contract.ts'
import { withOnly } from './elements.ts'
import type { SharePorts } from './ports.ts'
import type { ContractRecord } from './records.ts'
import { refused, type Refused } from './refusals.ts'
import { sql } from './statements.ts'
import { conversationOf, note, noteRefusal, owe } from './tell.ts'

/** What was shared, under which contract. */
export interface Uploaded {
  contract: string
  version: number
  item: string
  /** Of the bytes that leave, SHA-256. */
  digest: string
}

/**
 * Shares a block with a reader under each contract that is in force, in the given transaction, and nothing of it that a contract does not name.
 * @param subject by which people know it: a UCR, a number
 */
export async function upload(
  ports: SharePorts,
  tx: Tx,
  given: { reader: string; block: Block; subject: string },
  actor: string,
): Promise<{ kind: 'uploaded'; items: Uploaded[] } | Refused> {
  const { reader, block, subject } = given
  if (!isText(subject)) return refused('text-missing', ['subject'])
  const inForce = await tx.run<ContractRecord>(sql.inForce, [ports.party, reader, ports.clock()])
  if (inForce.length === 0) {
    const wrong = refused('not-accepted', [reader])
    await noteRefusal(ports, tx, { owner: ports.party, id: '', version: 0 }, wrong, {
      actor,
      detail: { reader, subject },
    })
    return wrong
  }
  // All before any: what one contract refuses goes under none.
  const minimised = inForce.map(({ contract }) => minimisedFor(ports, block, contract))
  const wrong = minimised.find((each): each is Refused => 'kind' in each)
  if (wrong !== undefined) return wrong
  const items: Uploaded[] = []
  for (const [at, contract] of inForce.entries())
    items.push(await uploadUnder(ports, tx, contract, { ...(minimised[at] as Minimised), subject, actor }))
  return { kind: 'uploaded', items }
}

/** What leaves under one contract. */
interface Minimised {
  bytes: Uint8Array
  /** SHA-256 of them. */
  digest: string
}

function minimisedFor({ blocks }: SharePorts, block: Block, contract: ShareContract): Minimised | Refused {
  // The edition first: what it does not have cannot have been agreed on.
  const { block: inEdition } = blocks.toEdition(block, contract.edition)
  const minimised = withOnly(inEdition, contract.elements)
  const findings = blocks.check(minimised)
  if (findings.length > 0)
    return refused(
      'block-wrong',
      findings.slice(0, 50).map(({ path, rule }) => `${path}: ${rule}`),
    )
  const bytes = blocks.write(minimised)
  return { bytes, digest: createHash('sha256').update(bytes).digest('hex') }
}

async function uploadUnder(
  ports: SharePorts,
  tx: Tx,
  { id, version, reader, contract }: ContractRecord,
  { bytes, digest, subject, actor }: Minimised & { subject: string; actor: string },
): Promise<Uploaded> {
  const { party: owner, clock, newId } = ports
  const item = newId()
  const now = clock()
  const name = { owner, id, version }
  const values = [owner, item, id, version, subject, digest, null, now, untilOf(contract, now)]
  await tx.run(sql.addItem, values)
  const said = { ...name, item, subject, sharedAt: now.toISOString() }
  // Each by itself: a thousand of them do not wait for one another's receipts.
  const conversation = `${conversationOf(name)}:${digest.slice(0, 16)}`
  await owe(ports, tx, reader, 'SharedBlock', said, { conversation, messageId: item, block: bytes })
  await note(ports, tx, 'uploaded', name, { actor, messageId: item, detail: { reader, subject, digest } })
  return { contract: id, version, item, digest }
}

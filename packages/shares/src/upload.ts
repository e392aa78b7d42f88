import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import { type Block, textAt } from '@corridor/declarations'
import { isText, type ShareContract, untilOf } from './contract.ts'
import { withOnly } from './elements.ts'
import { judgePurpose } from './decide.ts'
import type { Revision } from './documents.ts'
import type { SharePorts } from './ports.ts'
import { type ContractRecord, underOf } from './records.ts'
import { refused, type RefusalCode, type Refused } from './refusals.ts'
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

/** A version of a declaration that goes to a reader for a purpose. */
export interface ForPurpose {
  reader: string
  purpose: string
  block: Block
  subject: string
  revision: Revision
  /** Elements without which the reader can do nothing with it. */
  needs: readonly string[]
}

/** It goes, as the message with this id, or it does not: why, and under which contract it cannot, where one is in force. */
export type UploadedFor =
  | { kind: 'uploaded'; item: string; under: string }
  | { kind: 'kept-back'; why: Refused; under: string }

/** Shares a version of a declaration under the contract that is in force for a purpose, in the given transaction; without one nothing leaves. */
export async function uploadFor(ports: SharePorts, tx: Tx, given: ForPurpose, actor: string): Promise<UploadedFor> {
  const { reader, purpose, block, subject, revision, needs } = given
  const contract = await contractFor(ports, tx, given)
  if (contract === undefined) {
    const why = refused((await whyNot(ports, tx, { reader, purpose })) ?? 'not-accepted', [reader])
    const name = { owner: ports.party, id: '', version: 0 }
    await noteRefusal(ports, tx, name, why, { actor, detail: { reader, subject, purpose } })
    return { kind: 'kept-back', why, under: '' }
  }
  const minimised = minimisedFor(ports, block, contract.contract)
  const missing = 'kind' in minimised ? [] : needs.filter((path) => textAt(minimised.block, path) === undefined)
  const why = 'kind' in minimised ? minimised : missing.length > 0 ? refused('elements-missing', missing) : undefined
  if (why !== undefined) {
    await noteRefusal(ports, tx, contract, why, { actor, detail: { reader, subject } })
    return { kind: 'kept-back', why, under: underOf(contract) }
  }
  const more = { ...(minimised as Minimised), subject, actor, revision }
  const { item } = await uploadUnder(ports, tx, contract, more)
  return { kind: 'uploaded', item, under: underOf(contract) }
}

/** The contract in force for a purpose; of several the one that lasts longest. Locked against its end until the transaction ends. */
export async function contractFor(
  { party, clock }: SharePorts,
  tx: Tx,
  { reader, purpose }: { reader: string; purpose: string },
): Promise<ContractRecord | undefined> {
  const inForce = await tx.run<ContractRecord>(sql.inForce, [party, reader, clock()])
  const [longest] = inForce
    .filter(({ contract }) => contract.purpose === purpose)
    .toSorted((one, other) => other.validTo.getTime() - one.validTo.getTime())
  return longest
}

/** Why nothing may go to a reader for a purpose now; undefined when it may. */
export async function whyNot(
  { party, clock }: SharePorts,
  tx: Tx,
  { reader, purpose }: { reader: string; purpose: string },
): Promise<RefusalCode | undefined> {
  const agreed = await tx.run<Parameters<typeof judgePurpose>[0][0]>(sql.ofPurpose, [party, reader, purpose])
  return judgePurpose(agreed, purpose, clock())
}

/** What leaves under one contract. */
interface Minimised {
  block: Block
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
  return { block: minimised, bytes, digest: createHash('sha256').update(bytes).digest('hex') }
}

async function uploadUnder(
  ports: SharePorts,
  tx: Tx,
  { id, version, reader, contract }: ContractRecord,
  {
    bytes,
    digest,
    subject,
    actor,
    revision = null,
  }: Minimised & { subject: string; actor: string; revision?: Revision | null },
): Promise<Uploaded> {
  const { party: owner, clock, newId } = ports
  const item = newId()
  const now = clock()
  const name = { owner, id, version }
  const values = [owner, item, id, version, subject, digest, null, now, untilOf(contract, now)]
  await tx.run(sql.addItem, values)
  const said = { ...name, item, subject, sharedAt: now.toISOString(), revision }
  // Each by itself: a thousand of them do not wait for one another's receipts.
  const conversation = `${conversationOf(name)}:${digest.slice(0, 16)}`
  await owe(ports, tx, reader, 'SharedBlock', said, { conversation, messageId: item, block: bytes })
  await note(ports, tx, 'uploaded', name, { actor, messageId: item, detail: { reader, subject, digest } })
  return { contract: id, version, item, digest }
}

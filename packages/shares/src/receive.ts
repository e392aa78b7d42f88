import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import type { Handled, InboxMessage } from '@corridor/exchange'
import { settleAnswer, versionIn } from './agree.ts'
import { contractDigest, untilOf, wrongIn } from './contract.ts'
import { judgeAnswer, judgeItem, judgeOffer, judgeWithdrawal } from './decide.ts'
import { type ContractName, readShare, type ShareDocument, shareMediaTypes, type ShareWords } from './documents.ts'
import { beyond } from './elements.ts'
import { endContract } from './end.ts'
import type { SharePorts } from './ports.ts'
import { addContract, haveEnough, type ItemRecord, underOf, versionsOf } from './records.ts'
import { refused, type Refused } from './refusals.ts'
import { sql } from './statements.ts'
import { conversationOf, note, noteRefusal, owe } from './tell.ts'

type Taker<Name extends ShareDocument> = (
  ports: SharePorts,
  tx: Tx,
  message: InboxMessage,
  said: ShareWords[Name],
  rest: Uint8Array,
) => Promise<Refused | undefined>

const takers: { [Name in ShareDocument]: Taker<Name> } = {
  ShareContract: takeOffer,
  ShareAnswer: takeAnswer,
  ShareWithdrawal: takeWithdrawal,
  SharedBlock: takeBlock,
  ShareReading: takeReading,
  ShareRefusal: takeRefusal,
}

const isShare = (type: string): type is ShareDocument => Object.hasOwn(shareMediaTypes, type)

/** Takes what is about shares; undefined for any other message. What is refused is journalled, and its sender told. */
export async function handle(ports: SharePorts, tx: Tx, message: InboxMessage): Promise<Handled | undefined> {
  const { documentType: type } = message
  // What comes over the API or from an office of its own is no word of another administration.
  if (message.link !== 'partner' || !isShare(type)) return undefined
  const read = readShare(type, message.payload)
  const wrong = read === undefined ? refused('unreadable') : await take(type, ports, tx, message, read)
  if (wrong !== undefined) await refuse(ports, tx, message, type, read?.said, wrong)
  // The data are kept in one place, where their end deletes them.
  if (type === 'SharedBlock') await ports.exchange.passing.forget(tx, 'inbox', [message.messageId], message.sender)
  return { done: true }
}

function take<Name extends ShareDocument>(
  name: Name,
  ports: SharePorts,
  tx: Tx,
  message: InboxMessage,
  { said, rest }: { said: unknown; rest: Uint8Array },
): Promise<Refused | undefined> {
  return takers[name](ports, tx, message, said as ShareWords[Name], rest)
}

async function refuse(
  ports: SharePorts,
  tx: Tx,
  { sender, messageId }: InboxMessage,
  of: ShareDocument,
  said: unknown,
  wrong: Refused,
): Promise<void> {
  const { contract, ...own } = (said ?? {}) as { contract?: ContractName } & Partial<ContractName> & { item?: string }
  const { owner = sender, id = 'unreadable', version = 1 } = contract ?? own
  const name = { owner, id, version }
  const item = own.item ?? ''
  const more = { actor: sender, messageId, detail: { of, ...(item !== '' && { item }) } }
  await noteRefusal(ports, tx, name, wrong, more)
  // A refusal is not argued with: two nodes never go on for ever.
  if (of === 'ShareRefusal' || !ports.partners.has(sender)) return
  const conversation = `${conversationOf(name)}:${messageId}`
  await owe(ports, tx, sender, 'ShareRefusal', { ...name, of, item, code: wrong.code }, { conversation })
}

async function takeOffer(
  ports: SharePorts,
  tx: Tx,
  { sender, messageId }: InboxMessage,
  { contract }: ShareWords['ShareContract'],
): Promise<Refused | undefined> {
  const digest = contractDigest(contract)
  const versions = await versionsOf(tx, contract.owner, contract.id)
  const verdict = judgeOffer({ ...contract, digest }, { sender, party: ports.party, versions })
  if (verdict === 'known') return undefined
  if (verdict !== 'new') return verdict
  const wrong = wrongIn(contract, ports.blocks, ports.clock())
  if (wrong !== undefined) return wrong
  if (await haveEnough(tx, contract.owner, contract.reader)) return refused('too-many')
  await addContract(tx, contract, { digest, at: ports.clock() })
  await note(ports, tx, 'offered', contract, { actor: sender, messageId, detail: { digest } })
  return undefined
}

async function takeAnswer(
  ports: SharePorts,
  tx: Tx,
  { sender, messageId }: InboxMessage,
  said: ShareWords['ShareAnswer'],
): Promise<Refused | undefined> {
  const { owner, id, version, digest, answer, reason } = said
  if (owner !== ports.party) return refused('not-owner')
  const known = versionIn(await versionsOf(tx, owner, id), version)
  if (known !== undefined && known.reader !== sender) return refused('not-reader')
  const wrong = judgeAnswer(known, digest, ports.clock())
  if (wrong !== undefined) return wrong
  await settleAnswer(ports, tx, { owner, id, version }, { answer, by: sender, reason: reason === '' ? null : reason })
  await note(ports, tx, answer, { owner, id, version }, { actor: sender, messageId, detail: { reason } })
  return undefined
}

async function takeWithdrawal(
  ports: SharePorts,
  tx: Tx,
  { sender, messageId }: InboxMessage,
  { owner, id, reason }: ShareWords['ShareWithdrawal'],
): Promise<Refused | undefined> {
  const versions = await versionsOf(tx, owner, id)
  const wrong = judgeWithdrawal(versions, sender)
  if (wrong?.code === 'withdrawn' || wrong?.code === 'expired') {
    // Both have ended it at the same time: that is what was wanted.
    return undefined
  }
  if (wrong !== undefined) return wrong
  await endContract(ports, tx, versions[0]!, { as: 'withdrawn', by: sender, actor: sender, reason, messageId })
  return undefined
}

async function takeBlock(
  ports: SharePorts,
  tx: Tx,
  message: InboxMessage,
  { owner, id, version, item, subject, sharedAt, revision }: ShareWords['SharedBlock'],
  bytes: Uint8Array,
): Promise<Refused | undefined> {
  const { party, blocks, vault, clock, follows } = ports
  const { sender, messageId } = message
  if (owner !== sender) return refused('not-owner')
  const known = versionIn(await versionsOf(tx, owner, id), version)
  if (known !== undefined && known.reader !== party) return refused('not-reader')
  const wrong = judgeItem(known, clock())
  if (known === undefined || wrong !== undefined) return wrong
  const { contract } = known
  const { block, findings, edition } = blocks.read(bytes, contract.edition)
  if (block === undefined || findings.length > 0 || edition !== contract.edition) return refused('block-wrong')
  const more = beyond(block, contract.elements)
  if (more.length > 0) return refused('beyond-contract', more)
  const digest = createHash('sha256').update(bytes).digest('hex')
  const [before] = await tx.run<ItemRecord>(sql.item, [owner, item])
  if (before !== undefined) return before.digest === digest ? undefined : refused('item-changed')
  // No longer than agreed, whatever time the owner says that it was.
  const until = untilOf(contract, new Date(Math.min(Date.parse(sharedAt), clock().getTime())))
  const sealed = vault.seal('payload', item, bytes)
  await tx.run(sql.addItem, [owner, item, id, version, subject, digest, sealed, new Date(sharedAt), until])
  await note(
    ports,
    tx,
    'taken',
    { owner, id, version },
    { actor: sender, messageId, detail: { item, subject, digest } },
  )
  if (revision !== null) await follows?.onTaken(tx, message, { owner, item, revision })
  return undefined
}

async function takeReading(
  ports: SharePorts,
  tx: Tx,
  { sender, messageId }: InboxMessage,
  { owner, id, version, item, reading, who, readAt }: ShareWords['ShareReading'],
): Promise<Refused | undefined> {
  if (owner !== ports.party) return refused('not-owner')
  const [found] = await tx.run<ItemRecord>(sql.item, [owner, item])
  if (found === undefined || found.contractId !== id || found.version !== version) return refused('unknown-item')
  if (found.reader !== sender) return refused('not-reader')
  const values = [owner, reading, item, id, version, who, new Date(readAt), messageId, ports.clock()]
  const added = await tx.run(sql.addReading, values)
  // A reading is a fact: one that was on its way when the contract ended is noted as well.
  if (added.length > 0)
    await note(ports, tx, 'read', { owner, id, version }, { actor: sender, messageId, detail: { item, who, readAt } })
  return undefined
}

/** The other side did not take something of ours: a person should look. */
async function takeRefusal(
  ports: SharePorts,
  tx: Tx,
  { sender, messageId }: InboxMessage,
  { owner, id, version, of, item, code }: ShareWords['ShareRefusal'],
): Promise<Refused | undefined> {
  const detail = { of, code, ...(item !== '' && { item }) }
  await note(ports, tx, 'refusal', { owner, id, version }, { actor: sender, messageId, detail })
  if (of !== 'SharedBlock' || owner !== ports.party) return undefined
  const [found] = await tx.run<ItemRecord>(sql.item, [owner, item])
  // Only the reader of the object speaks of it.
  if (found?.reader === sender && found.contractId === id)
    await ports.follows?.onRefused(tx, sender, item, underOf({ id, version: found.version }))
  return undefined
}

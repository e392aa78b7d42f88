import type { Tx } from '@corridor/database'
import { type ShareContract, contractDigest, isText, wrongIn } from './contract.ts'
import { endOf, judgeAnswer, judgeWithdrawal } from './decide.ts'
import { expanded } from './elements.ts'
import { endContract } from './end.ts'
import type { SharePorts } from './ports.ts'
import { addContract, type ContractRecord, haveEnough, versionsOf } from './records.ts'
import { refused, type Refused } from './refusals.ts'
import { sql } from './statements.ts'
import { conversationOf, note, noteRefusal, owe } from './tell.ts'

/** What an owner wants to agree on. Elements may be groups: each with all below it. */
export interface ContractDraft extends Pick<
  ShareContract,
  'reader' | 'purpose' | 'legalBasis' | 'edition' | 'elements' | 'from' | 'to' | 'retentionDays'
> {
  /** Id of the contract that this is a new version of. */
  replaces?: string
}

/** Makes a contract and gives it to its reader, in the given transaction. */
export async function offer(
  ports: SharePorts,
  tx: Tx,
  { replaces, ...draft }: ContractDraft,
  actor: string,
): Promise<{ kind: 'offered'; contract: ShareContract } | Refused> {
  const { party: owner, partners, blocks, clock, newId } = ports
  if (!partners.has(draft.reader)) return refused('not-partner', [draft.reader])
  const before = replaces === undefined ? [] : await versionsOf(tx, owner, replaces)
  const [newest] = before
  if (replaces !== undefined) {
    if (newest === undefined) return refused('unknown-contract')
    if (newest.reader !== draft.reader) return refused('not-reader')
    if (endOf(before) !== undefined) return refused('withdrawn')
  }
  const contract: ShareContract = {
    ...draft,
    id: replaces ?? newId(),
    version: (newest?.version ?? 0) + 1,
    owner,
    elements: expanded(blocks, draft.edition, draft.elements),
  }
  const wrong = wrongIn(contract, blocks, clock())
  if (wrong !== undefined) return wrong
  if (await haveEnough(tx, owner, draft.reader)) return refused('too-many')
  const digest = contractDigest(contract)
  await addContract(tx, contract, { digest, at: clock() })
  const conversation = conversationOf(contract)
  const messageId = await owe(ports, tx, contract.reader, 'ShareContract', { contract }, { conversation })
  await note(ports, tx, 'offered', contract, { actor, messageId, detail: { reader: contract.reader, digest } })
  return { kind: 'offered', contract }
}

/** The reader accepts or declines a contract, in the given transaction. */
export async function answer(
  ports: SharePorts,
  tx: Tx,
  given: {
    owner: string
    id: string
    version: number
    digest: string
    answer: 'accepted' | 'declined'
    reason?: string
  },
  actor: string,
): Promise<{ kind: 'answered' } | Refused> {
  const known = versionIn(await versionsOf(tx, given.owner, given.id), given.version)
  const name = { owner: given.owner, id: given.id, version: given.version }
  const wrong =
    (known !== undefined && known.reader !== ports.party ? refused('not-reader') : undefined) ??
    judgeAnswer(known, given.digest, ports.clock()) ??
    (given.reason === undefined || isText(given.reason) ? undefined : refused('text-missing', ['reason']))
  if (wrong !== undefined) {
    await noteRefusal(ports, tx, name, wrong, { actor })
    return wrong
  }
  await settleAnswer(ports, tx, name, { answer: given.answer, by: actor, reason: given.reason ?? null })
  const said = { ...name, digest: given.digest, answer: given.answer, reason: given.reason ?? '' }
  const messageId = await owe(ports, tx, given.owner, 'ShareAnswer', said, { conversation: conversationOf(name) })
  await note(ports, tx, given.answer, name, { actor, messageId })
  return { kind: 'answered' }
}

/** The same at both sides: what an accepted version takes the place of is replaced. */
export async function settleAnswer(
  { clock }: SharePorts,
  tx: Tx,
  { owner, id, version }: { owner: string; id: string; version: number },
  { answer: answered, by, reason }: { answer: 'accepted' | 'declined'; by: string; reason: string | null },
): Promise<void> {
  await tx.run(sql.answerContract, [owner, id, version, answered, clock(), by, reason])
  if (answered === 'accepted') await tx.run(sql.replaceOlder, [owner, id, version, clock()])
}

/** Either side withdraws, in the given transaction: from its commit on nothing goes and nothing is shown. */
export async function withdraw(
  ports: SharePorts,
  tx: Tx,
  { owner, id, reason }: { owner: string; id: string; reason: string },
  actor: string,
): Promise<{ kind: 'withdrawn' } | Refused> {
  const versions = await versionsOf(tx, owner, id)
  const wrong = isText(reason) ? judgeWithdrawal(versions, ports.party) : refused('text-missing', ['reason'])
  if (wrong !== undefined) return wrong
  const newest = versions[0]!
  const name = { owner, id, version: newest.version }
  const other = newest.owner === ports.party ? newest.reader : newest.owner
  const messageId = await owe(
    ports,
    tx,
    other,
    'ShareWithdrawal',
    { ...name, reason },
    { conversation: conversationOf(name) },
  )
  await endContract(ports, tx, newest, { as: 'withdrawn', by: ports.party, actor, reason, messageId })
  return { kind: 'withdrawn' }
}

export const versionIn = (versions: readonly ContractRecord[], version: number): ContractRecord | undefined =>
  versions.find((each) => each.version === version)

/** How a version of an export leaves: by itself, or under a share; and what becomes of one that may not leave now. */
import type { Block } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import type { DeclarationStep } from '@corridor/procedures'
import { declared } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { type BlockAnswer, writeDeclaration } from './documents.ts'
import { keptBlock } from './kept.ts'
import { declarationConversation, noteDeclaration, sendDeclaration } from './notes.ts'
import type { DeclarationAgreement, DeclarationPorts, ShareHindrance } from './settings.ts'

/** Without these nobody can begin an import from an export, nor tell which one it is. */
const needs = [
  'ResponsibleCountryCode',
  'Declaration/ID',
  'Declaration/TypeCode',
  'Declaration/FunctionCode',
  'Declaration/GoodsShipment/UCR/ID',
  'Declaration/GoodsShipment/Destination/CountryCode',
]

/** A version of an export of ours. */
interface Leaving {
  readonly own: DeclarationPorts
  readonly agreement: DeclarationAgreement
  readonly block: Block
  readonly party: string
  readonly ucr: string
  readonly number: string
  readonly version: number
  readonly isWithdrawn: boolean
  readonly source: { readonly actor: string }
  /** What was known of the declaration before. */
  readonly known: declared.Declaration | undefined
}

/** It goes as a message; or not now: why, and under which contract it cannot. A message id of null: nobody has to be told. */
type Sent =
  | { readonly kind: 'sent'; readonly messageId: string | null }
  | { readonly kind: 'kept-back'; readonly messageId: null; readonly why: ShareHindrance; readonly under: string }

/** Sends a version as the two agreed: where that is a share, under the one that is in force, and otherwise not at all. */
export async function sendVersion(ports: CaseworkPorts, tx: Tx, leaving: Leaving): Promise<Sent> {
  const { own, agreement, block, party, ucr, number, version, isWithdrawn, source, known } = leaving
  if (agreement.purpose === undefined) return { kind: 'sent', messageId: await sendBlock(ports, tx, leaving) }
  if (isWithdrawn && known !== undefined && !(await hasLeft(tx, known.id))) return { kind: 'sent', messageId: null }
  const event = isWithdrawn ? ('withdrawn' as const) : ('released' as const)
  const revision = { declaration: number, version, event }
  const shared = { reader: party, purpose: agreement.purpose, block, subject: ucr, revision, needs }
  const outcome = await own.shares!.upload(tx, shared, source.actor)
  return outcome.kind === 'uploaded'
    ? { kind: 'sent', messageId: outcome.messageId }
    : { kind: 'kept-back', messageId: null, why: outcome.why, under: outcome.under }
}

/** Whether the other side was ever sent anything of it. */
async function hasLeft(tx: Tx, id: string): Promise<boolean> {
  return (await declared.versionsOf(tx, id)).some(({ messageId }) => messageId !== null)
}

/** Where a version leads that may not leave now. */
export function keptState(
  { law }: DeclarationPorts,
  known: declared.Declaration | undefined,
  isWithdrawn: boolean,
): DeclarationStep {
  const step = law.step('export', known?.state, isWithdrawn ? 'withdrawn' : 'kept-back')
  if (step === undefined) throw new Error(`an export in state ${known?.state} is not kept back`)
  return isWithdrawn ? { ...step, event: 'declaration-not-shared' } : step
}

/** Sends the block in the edition of the partner. What that loses is said in the journal. @returns the id of its message */
async function sendBlock(
  ports: CaseworkPorts,
  tx: Tx,
  { own, block, agreement, party, ucr, isWithdrawn, source, number, version }: Leaving,
): Promise<string> {
  const { block: older, left } = own.blocks.toEdition(block, agreement.edition)
  const event = isWithdrawn ? 'withdrawn' : 'released'
  const messageId = await sendDeclaration(ports, tx, party, {
    type: 'UtilityBlock',
    conversation: declarationConversation(ucr),
    payload: writeDeclaration({ declaration: number, ucr, version, event }, own.blocks.write(older)),
  })
  if (left.length > 0)
    await noteDeclaration(ports, tx, {
      code: 'declaration-older-edition',
      ucr,
      actor: source.actor,
      messageId,
      note: left.map(({ path }) => path).join('; '),
      facts: { edition: agreement.edition },
    })
  return messageId
}

/** An export of ours that had left waits again. @param under see `keepBack` of the register */
export async function keepBackAgain(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  known: declared.Declaration,
  under: string,
): Promise<void> {
  const { id, ucr, party, number, version, state } = known
  const step = own.law.step('export', state, 'kept-back')
  await declared.updateDeclaration(tx, { ...known, state: step?.to ?? state }, ports.clock())
  await declared.keepBack(tx, id, under)
  await noteDeclaration(ports, tx, {
    code: 'declaration-not-shared',
    ucr,
    actor: party,
    note: number ?? '',
    facts: { declaration: id, number, version, party },
  })
}

/** In which way a version cannot go that went by itself while the other side had agreed on a share. */
const byItself = 'by itself'
/** Two administrations never change what they agreed in the same second: for so long one is ahead, and what went by itself may go so again. */
const changeMs = 86_400_000
const againMs = 3_600_000

/** Whether all that the other side has against a version is that it came without a share. */
export const asksForShare = ({ outcome, findings }: Pick<BlockAnswer, 'outcome' | 'findings'>): boolean =>
  outcome === 'refused' && findings.length > 0 && findings.every(({ rule }) => rule === 'D12')

/**
 * The other side takes a version under a share only: it waits for one. Not where it came under one, and not for ever.
 * @param answer to the last version; `at` is when the first such answer came
 * @returns false when the answer stands
 */
export async function waitForShare(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  known: declared.Declaration,
  { messageId: item, answer }: { messageId: string; answer: declared.DeclarationAnswer },
): Promise<boolean> {
  if (!asksForShare(answer) || Date.parse(answer.at) + changeMs < ports.clock().getTime()) return false
  const under = await own.shares?.contractOf(tx, { owner: ports.directory.party, item })
  if (under !== undefined) return false
  await keepBackAgain(ports, own, tx, known, byItself)
  return true
}

/** So many of what waits are looked at in one turn. */
const atOnce = 50

/** Sends what was kept back and may go now. @returns whether something was done */
export async function sendKeptBack(ports: CaseworkPorts, own: DeclarationPorts): Promise<boolean> {
  let some = false
  for (const [party, { purpose }] of own.agreements) {
    // Where no share is agreed any more, what waited for one goes by itself.
    const under = purpose === undefined ? byItself : await own.shares!.under(ports.db, { reader: party, purpose })
    if (under === '') continue
    const unchangedSince = purpose === undefined ? new Date(ports.clock().getTime() - againMs) : null
    const waiting = await declared.keptBack(ports.db, party, { under, unchangedSince, limit: atOnce })
    for (const id of waiting) await ports.db.transaction((tx) => sendKept(ports, own, tx, id))
    some ||= waiting.length > 0
  }
  return some
}

async function sendKept(ports: CaseworkPorts, own: DeclarationPorts, tx: Tx, id: string): Promise<void> {
  const known = await declared.lockDeclaration(tx, id)
  const agreement = known && own.agreements.get(known.party)
  if (known === undefined || agreement === undefined || known.keptBack === null) return
  const { version, party, ucr } = known
  const kept = (await declared.versionOf(tx, id, version))!
  const isWithdrawn = kept.event === 'withdrawn'
  const actor = ports.directory.party
  const number = known.number ?? known.key
  const [block, source] = [keptBlock(kept.block!), { actor }]
  const sent = await sendVersion(ports, tx, {
    own,
    agreement,
    block,
    party,
    ucr,
    number,
    version,
    isWithdrawn,
    source,
    known,
  })
  await declared.keepBack(tx, id, sent.kind === 'kept-back' ? sent.under : null)
  if (sent.kind === 'kept-back' || sent.messageId === null) return
  await declared.versionSent(tx, id, version, sent.messageId)
  const step = own.law.step('export', known.state, isWithdrawn ? 'withdrawn' : 'released')
  if (step !== undefined) await declared.updateDeclaration(tx, { ...known, state: step.to }, ports.clock())
  await noteDeclaration(ports, tx, {
    code: step?.event ?? 'declaration-withdrawn',
    ucr,
    actor,
    messageId: sent.messageId,
    note: number,
    facts: { declaration: id, number, version, party },
  })
}

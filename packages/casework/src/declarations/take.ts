/** A declaration of our own side: the national system released, corrected or withdrew it. */
import { createHash } from 'node:crypto'
import { type Block, textAt } from '@corridor/declarations'
import { isUniqueViolation, type Tx } from '@corridor/database'
import { declared } from '@corridor/registry'
import { localDay } from '../facts.ts'
import type { CaseworkPorts } from '../ports.ts'
import { findingsOf, refusalOf } from './findings.ts'
import { takeImport } from './imports.ts'
import { keptBlock } from './kept.ts'
import { noteDeclaration } from './notes.ts'
import { keptState, sendVersion } from './send.ts'
import { withValues } from './parts.ts'
import { deliverParts } from './agencies.ts'
import type { DeclarationAgreement, DeclarationPorts } from './settings.ts'

/** Who hands a declaration over, and what happened to it. */
export interface DeclarationSource {
  /** Of this very handing over: the same however often it is handed. */
  readonly id: string
  /** A national system, or the account of a program. */
  readonly actor: string
  /** `released` or `amended`; `cancelled` withdraws, and so does a block whose function says so. Any other is refused. */
  readonly event: string
}

/**
 * What became of it. `again`: it is here already. `not-shared`: it is about a country with which nothing was agreed, so nothing is kept.
 * `key-reused`: something else was handed over under this id.
 */
export type DeclarationOutcome =
  | { readonly kind: 'accepted'; readonly id: string }
  | { readonly kind: 'again' | 'not-shared' | 'key-reused' }
  | { readonly kind: 'wrong'; readonly findings: readonly declared.DeclarationFinding[] }

/** One declaration on its way into the register. */
export interface Taking {
  readonly own: DeclarationPorts
  readonly source: DeclarationSource
  readonly block: Block
  readonly bytes: Uint8Array
  readonly digest: Buffer
  readonly isWithdrawn: boolean
  readonly ucr: string
  readonly party: string
  readonly agreement: DeclarationAgreement
}

const events: ReadonlySet<string> = new Set(['released', 'amended', 'cancelled'])

const shipment = 'Declaration/GoodsShipment'

/** The same of a block as bytes, JSON or XML. */
export async function takeDeclarationBytes(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  source: DeclarationSource,
  bytes: Uint8Array,
): Promise<DeclarationOutcome> {
  const { block, findings } = own.blocks.read(bytes)
  if (block === undefined || findings.length > 0) return { kind: 'wrong', findings: findingsOf(findings) }
  return takeDeclaration(ports, own, source, block)
}

/** Takes a declaration in, in one transaction with everything that follows from it. */
export async function takeDeclaration(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  source: DeclarationSource,
  given: Block,
): Promise<DeclarationOutcome> {
  // What is neither must not count as a release: nobody knows what the system meant.
  if (!events.has(source.event)) return { kind: 'wrong', findings: [refusalOf(own, 'D11', source.event)] }
  const flow = textAt(given, 'Declaration/TypeCode')?.slice(0, 2)
  if (flow !== 'EX' && flow !== 'IM') return { kind: 'wrong', findings: [refusalOf(own, 'D09', given)] }
  const isWithdrawn = source.event === 'cancelled' || textAt(given, 'Declaration/FunctionCode') === '1'
  // A withdrawal says so in its block too, whatever form it came in: who compares blocks later does not have the event.
  const block = isWithdrawn ? withValues(given, { 'Declaration/FunctionCode': '1' }, own.blocks) : given
  const findings = findingsOf(own.blocks.check(block))
  if (findings.length > 0) return { kind: 'wrong', findings }
  if (textAt(block, 'ResponsibleCountryCode') !== ports.directory.country)
    return { kind: 'wrong', findings: [refusalOf(own, 'D03', block)] }
  const country = textAt(block, flow === 'EX' ? `${shipment}/Destination/CountryCode` : `${shipment}/ExportCountry/ID`)
  const party = ports.directory.administration(country ?? '')
  const agreement = party === undefined ? undefined : own.agreements.get(party)
  if (party === undefined || agreement === undefined) return { kind: 'not-shared' }
  const bytes = own.blocks.write(block)
  const digest = createHash('sha256').update(bytes).digest()
  const ucr = textAt(block, `${shipment}/UCR/ID`) ?? ''
  const taking: Taking = { own, source, block, bytes, digest, isWithdrawn, ucr, party, agreement }
  const take = () =>
    ports.db.transaction(async (tx): Promise<DeclarationOutcome> => {
      const handed = await declared.handedBefore(tx, source.id)
      if (handed !== undefined) return { kind: digest.equals(handed) ? 'again' : 'key-reused' }
      return flow === 'EX' ? takeExport(ports, tx, taking) : takeImport(ports, tx, taking)
    })
  try {
    return await take()
  } catch (error) {
    // Somebody else began the same declaration at this moment: now it is there.
    if (!isUniqueViolation(error)) throw error
    return take()
  }
}

async function takeExport(ports: CaseworkPorts, tx: Tx, taking: Taking): Promise<DeclarationOutcome> {
  const { own, block, isWithdrawn, party, ucr, source, digest } = taking
  const number = textAt(block, 'Declaration/ID')
  if (number === undefined) return wrong(own, 'D01', block)
  const known = await declared.findDeclaration(tx, 'export', party, number)
  if (known !== undefined && known.ucr !== ucr) return wrong(own, 'D05', block)
  const last = known && (await declared.versionOf(tx, known.id, known.version))
  const event = isWithdrawn ? 'withdrawn' : 'released'
  if (last !== undefined && last.event === event && digest.equals(last.digest)) return { kind: 'again' }
  const step = own.law.step('export', known?.state, event)
  if (step === undefined) {
    // Withdrawn before it was ever released: nobody else knows of it.
    return known === undefined ? { kind: 'not-shared' } : wrong(own, 'D02', block)
  }
  const version = (known?.version ?? 0) + 1
  const sent = await sendVersion(ports, tx, { ...taking, number, version, known })
  const state = sent.kind === 'kept-back' ? keptState(own, known, isWithdrawn) : step
  const { messageId } = sent
  const saved = {
    side: 'export' as const,
    party,
    key: number,
    number,
    ucr,
    version,
    state: state.to,
    trader: textAt(block, 'Declaration/Exporter/ID') ?? null,
  }
  const id = await keep(ports, tx, taking, known, { ...saved, event, messageId })
  await declared.keepBack(tx, id, sent.kind === 'kept-back' ? sent.under : null)
  await noteDeclaration(ports, tx, {
    code: state.event,
    ucr,
    actor: source.actor,
    ...(messageId !== null && { messageId }),
    note: sent.kind === 'kept-back' ? `${number}: ${sent.why.text}` : number,
    facts: { declaration: id, number, version, party, digest: digest.toString('hex') },
  })
  const before = last === undefined || last.block === null ? undefined : keptBlock(last.block)
  await deliverParts(ports, tx, own, { id, number, version, ucr, block, before, event })
  return { kind: 'accepted', id }
}

export const wrong = (own: DeclarationPorts, id: string, block: Block): DeclarationOutcome => ({
  kind: 'wrong',
  findings: [refusalOf(own, id, block)],
})

/** Keeps a version of a declaration of ours. @returns its id in this node */
export async function keep(
  ports: CaseworkPorts,
  tx: Tx,
  { block, bytes, digest, source }: Pick<Taking, 'block' | 'bytes' | 'digest' | 'source'>,
  known: declared.Declaration | undefined,
  {
    event,
    messageId,
    ...saved
  }: Omit<declared.Declaration, 'id' | 'createdAt' | 'changedAt' | 'keptBack' | 'day'> & {
    event: string
    messageId: string | null
  },
): Promise<string> {
  const at = ports.clock()
  let id = known?.id
  if (id === undefined) {
    const day = textAt(block, 'Declaration/AcceptanceDateTime')?.slice(0, 10) ?? localDay(ports)
    id = await declared.insertDeclaration(tx, { ...saved, day }, at)
  } else await declared.updateDeclaration(tx, { id, ...saved }, at)
  const version = { version: saved.version, event, block: bytes, digest, messageId, actor: source.actor, at }
  await declared.addVersion(tx, id, version, source.id)
  return id
}

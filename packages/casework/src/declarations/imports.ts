/** Import declarations of our own side: lodged here by the importer, or registered by the national system; tied to the export by the UCR. */
import { changesOf, textAt } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import type { DeclarationEvent } from '@corridor/procedures'
import { declared } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { deliverParts } from './agencies.ts'
import { beginDraft, endDraft } from './begin.ts'
import { writeDeclaration } from './documents.ts'
import { keptBlock } from './kept.ts'
import { declarationConversation, noteDeclaration, sendDeclaration } from './notes.ts'
import { blockOfVersion } from './reading.ts'
import type { DeclarationPorts } from './settings.ts'
import { type DeclarationOutcome, keep, type Taking, wrong } from './take.ts'

/** What an import is known by while it has no number. */
export const importKey = (ucr: string, reference: string): string => `${ucr} ${reference}`

/** The national system registered, corrected or withdrew an import. */
export function takeImport(ports: CaseworkPorts, tx: Tx, taking: Taking): Promise<DeclarationOutcome> {
  return registerImport(ports, tx, taking, taking.isWithdrawn ? 'withdrawn' : 'accepted')
}

/** Registers a version of an import and everything that follows from it. @param lodger the trader whose account lodges it */
export async function registerImport(
  ports: CaseworkPorts,
  tx: Tx,
  taking: Taking,
  on: Extract<DeclarationEvent, 'lodged' | 'accepted' | 'withdrawn'>,
  lodger: string | null = null,
): Promise<DeclarationOutcome> {
  const { own, block, party, ucr, digest, source } = taking
  const number = textAt(block, 'Declaration/ID') ?? null
  const key = importKey(ucr, textAt(block, 'Declaration/FunctionalReferenceID') ?? '')
  const known = await knownImport(tx, party, key, number)
  if (known !== undefined && known.ucr !== ucr) return wrong(own, 'D05', block)
  const last = known && (await declared.versionOf(tx, known.id, known.version))
  if (last !== undefined && last.event === on && digest.equals(last.digest)) return { kind: 'again' }
  const step = own.law.step('import', known?.state, on)
  if (step === undefined) return known === undefined ? { kind: 'not-shared' } : wrong(own, 'D02', block)
  const version = (known?.version ?? 0) + 1
  const trader = known?.trader ?? lodger ?? textAt(block, 'Declaration/GoodsShipment/Importer/ID') ?? null
  const saved = { side: 'import' as const, party, key: known?.key ?? key, number, ucr, version, state: step.to, trader }
  const id = await keep(ports, tx, taking, known, { ...saved, event: on, messageId: null })
  await noteDeclaration(ports, tx, {
    code: step.event,
    ucr,
    actor: source.actor,
    note: number ?? '',
    facts: { declaration: id, number, version, party, digest: digest.toString('hex') },
  })
  const exported = await tie(ports, tx, taking, { id, trader }, on)
  await tellExporter(ports, tx, taking, { version, number, on, export: exported?.number ?? '' })
  const before = last === undefined || last.block === null ? undefined : keptBlock(last.block)
  await deliverParts(ports, tx, own, { id, number, version, ucr, block, before, event: on })
  return { kind: 'accepted', id }
}

/** By its number; while it had none, by UCR and reference. */
async function knownImport(
  tx: Tx,
  party: string,
  key: string,
  number: string | null,
): Promise<declared.Declaration | undefined> {
  const registered = number === null ? undefined : await declared.declarationByNumber(tx, 'import', party, number)
  return registered ?? declared.findDeclaration(tx, 'import', party, key)
}

/** Ties an import to the export that it was begun from, and keeps what is otherwise in it. @returns the export */
async function tie(
  ports: CaseworkPorts,
  tx: Tx,
  taking: Taking,
  { id: importId, trader }: { id: string; trader: string | null },
  on: DeclarationEvent,
): Promise<declared.Declaration | undefined> {
  const isWithdrawn = on === 'withdrawn'
  const { own, block, ucr, party, source } = taking
  // A withdrawal takes back what was tied, and nothing else.
  const begun = isWithdrawn ? undefined : () => exportFor(tx, taking, trader)
  // Locked: a correction of the export that comes at this moment waits, or is here already.
  const exported = (await declared.lockExportOfImport(tx, importId)) ?? (await begun?.())
  if (exported === undefined) return undefined
  const step = own.law.step('partner-export', exported.state, isWithdrawn ? 'import-withdrawn' : 'import-lodged')
  if (step === undefined) return exported
  const draft = await declared.draftOf(tx, exported.id)
  if (draft !== undefined) {
    // What it was begun from may be here no longer: then there is nothing to compare with.
    const changes = draft.draft === null ? [] : changesOf(keptBlock(draft.draft), block, own.blocks, own.imports.tables)
    await declared.noteLodged(tx, exported.id, isWithdrawn ? null : { import: importId, changes })
  }
  const state = step.to === 'draft' && draft?.draft == null ? 'ended' : step.to
  await declared.updateDeclaration(tx, { ...exported, state }, ports.clock())
  await noteDeclaration(ports, tx, {
    code: step.event,
    ucr,
    actor: source.actor,
    note: exported.number ?? '',
    facts: { declaration: exported.id, import: importId, party },
  })
  // What it was begun from may have gone, and have come again.
  const isOutdated = draft !== undefined && (draft.version < exported.version || draft.draft === null)
  if (isWithdrawn && isOutdated) await catchUp(ports, tx, own, exported)
  return exported
}

/** What came to the export while an import was lodged for it counts once the import is withdrawn: a correction, or the end of it. */
async function catchUp(
  ports: CaseworkPorts,
  tx: Tx,
  own: DeclarationPorts,
  exported: declared.Declaration,
): Promise<void> {
  const last = (await declared.versionOf(tx, exported.id, exported.version))!
  if (last.event !== 'withdrawn') {
    const here = await blockOfVersion(own, tx, exported.party, last, ports.directory.party)
    // Its share may be over.
    const state = here.block === undefined ? 'ended' : 'draft'
    await declared.updateDeclaration(tx, { ...exported, state }, ports.clock())
    if (here.block === undefined) return
    const { block = here.block } = last.block === null ? here : own.blocks.read(last.block)
    return beginDraft(ports, own, tx, exported.id, block, last.block === null)
  }
  const step = own.law.step('partner-export', 'draft', 'withdrawn')
  if (step !== undefined) await declared.updateDeclaration(tx, { ...exported, state: step.to }, ports.clock())
  await endDraft(ports, tx, exported, 'export-withdrawn')
}

/**
 * Of several exports under one UCR the one that the import names as the document before it, else one that has no import yet. Whoever declares
 * chooses the UCR: an export counts only while its draft is the importer's or nobody's, and no import of another was lodged for it.
 */
async function exportFor(
  tx: Tx,
  { ucr, party, block }: Taking,
  trader: string | null,
): Promise<declared.Declaration | undefined> {
  const candidates = (await declared.draftsOfUcr(tx, ucr)).filter(
    (each) => each.party === party && each.state !== 'lodged' && (each.trader === null || each.trader === trader),
  )
  const before = textAt(block, 'Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/PreviousDocument[1]/ID')
  return candidates.find(({ number }) => number === before) ?? candidates.find(({ state }) => state === 'draft')
}

/** Tells the side of export, as far as that was agreed. */
async function tellExporter(
  ports: CaseworkPorts,
  tx: Tx,
  { own, block, agreement, party, ucr }: Taking,
  {
    version,
    number,
    on,
    export: exported,
  }: { version: number; number: string | null; on: DeclarationEvent; export: string },
): Promise<void> {
  if (agreement.tells === 'nothing') return
  const status = {
    ucr,
    export: exported,
    reference: textAt(block, 'Declaration/FunctionalReferenceID') ?? '',
    number: number ?? '',
    version,
    event: on === 'withdrawn' ? ('import-withdrawn' as const) : ('import-lodged' as const),
    day: ports.clock().toISOString().slice(0, 10),
  }
  const { block: older } = own.blocks.toEdition(block, agreement.edition)
  const payload = writeDeclaration(status, agreement.tells === 'import' ? own.blocks.write(older) : undefined)
  const conversation = declarationConversation(ucr)
  await sendDeclaration(ports, tx, party, { type: 'DeclarationStatus', conversation, payload })
}

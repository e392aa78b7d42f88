/** The draft of an import is begun from an export of the other side, anew with each correction, and ends with a withdrawal. */
import { type Block, textAt } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import { declared } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { keptBlock } from './kept.ts'
import { deliver, noteDeclaration } from './notes.ts'
import { withValues } from './parts.ts'
import type { DeclarationPorts } from './settings.ts'

const editionElement = 'AgencyAssignedCustomizationVersionCode'

/**
 * Begins the import, or begins it anew from a correction, and tells the importer and the national system. The export is locked.
 * @param isShared the data lie under a share: the importer reads the draft there, where each reading is noted, and gets no copy
 */
export async function beginDraft(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  id: string,
  exported: Block,
  isShared: boolean,
): Promise<void> {
  const { country } = ports.directory
  const begun = own.imports.importFrom(exported, { country, ...(own.agency !== undefined && { agency: own.agency }) })
  // Whether it is an export for this country was looked at before.
  if (begun.kind !== 'draft') throw new Error(`no import can be begun: ${begun.kind}`)
  const declaration = (await declared.declarationById(tx, id))!
  const earlier = await declared.draftOf(tx, id)
  const { version, ucr, number } = declaration
  // The draft is ours: it may need elements that the edition of the export did not have yet.
  const draft = withValues(begun.draft, { [editionElement]: own.blocks.newest }, own.blocks)
  const bytes = Buffer.from(JSON.stringify({ UtilityBlock: draft }))
  const complete = begun.complete.map((gap) => ({ ...gap }))
  await declared.saveDraft(tx, id, { version, draft: bytes, complete, leftOut: [...begun.left] })
  const trader = traderOf(own, declaration, draft, earlier?.draft == null ? undefined : keptBlock(earlier.draft))
  if (trader !== declaration.trader) await handOver(ports, tx, declaration, trader)
  const told = { declaration: id, ucr, export: number, version }
  const content = isShared ? told : { ...told, draft: { UtilityBlock: draft }, complete }
  if (trader !== null) await deliver(ports, tx, trader, { type: 'ImportDraft', ucr, content })
  if (own.hasNationalSystem)
    await declared.addResult(
      tx,
      { id: `${id}-${version}-draft`, declaration: '', kind: 'import-draft', content: { block: bytes } },
      ports.clock(),
    )
}

const importer = 'Declaration/GoodsShipment/Importer'

/** Whom a draft names as the importer: his number, or his name where he has none. */
const importerIn = (draft: Block): string | undefined =>
  textAt(draft, `${importer}/ID`) ?? textAt(draft, `${importer}/Name`)

/**
 * Whose the draft is: the trader's whom it names. Where nobody here is named, whoever has it keeps it as long as the export names the same
 * importer as before; a correction that names another makes it nobody's, for somebody to claim.
 */
function traderOf(
  own: DeclarationPorts,
  { trader }: declared.Declaration,
  draft: Block,
  earlier: Block | undefined,
): string | null {
  const named = textAt(draft, `${importer}/ID`)
  if (named !== undefined && own.traders.has(named)) return named
  // Of one whose share was over in between nobody knows any more whom it named.
  return earlier === undefined || importerIn(earlier) === importerIn(draft) ? trader : null
}

/** The draft is another's now. Whoever had it is told that he has it no more, and nothing of the other. */
async function handOver(
  ports: CaseworkPorts,
  tx: Tx,
  declaration: declared.Declaration,
  trader: string | null,
): Promise<void> {
  await declared.updateDeclaration(tx, { ...declaration, trader }, ports.clock())
  if (declaration.trader === null) return
  await declared.claimDraft(tx, declaration.id, null)
  await endDraft(ports, tx, declaration, 'another-importer')
  await noteDeclaration(ports, tx, {
    code: 'draft-importer-changed',
    ucr: declaration.ucr,
    actor: declaration.party,
    note: [declaration.trader, trader ?? ''].join(' → '),
    facts: { declaration: declaration.id, version: declaration.version, from: declaration.trader, to: trader },
  })
}

/** Tells whoever has a draft that it can be lodged no more, and why. */
export async function endDraft(
  ports: CaseworkPorts,
  tx: Tx,
  { id, ucr, number, version, trader }: declared.Declaration,
  why: 'another-importer' | 'export-withdrawn' | 'share-over',
): Promise<void> {
  if (trader === null) return
  const content = { declaration: id, ucr, export: number, version, why }
  await deliver(ports, tx, trader, { type: 'ImportDraftEnded', ucr, content })
}

/** The import declaration that was begun from an export of the other side: claimed, completed and lodged by its importer. */
import { createHash } from 'node:crypto'
import { type Block, elementOf, stepsOf, textAt } from '@corridor/declarations'
import { type Account, declared, type IdempotentRequest } from '@corridor/registry'
import { onceFor } from '../acts.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { ActRefusal, Done, FieldError } from '../view.ts'
import { findingsOf } from './findings.ts'
import { registerImport } from './imports.ts'
import { keptBlock } from './kept.ts'
import { noteDeclaration } from './notes.ts'
import { withValues } from './parts.ts'
import { shownBlock } from './reading.ts'
import type { DeclarationPorts } from './settings.ts'

/** What came of claiming or lodging: the id of the export's record, from which the page is made. */
export type DraftOutcome = Done<{ id: string }> | ActRefusal

/** A trader claims a draft by its UCR: one whose importer nobody here is. */
export async function claimDraft(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  account: Account,
  { ucr, idempotency }: { ucr: string; idempotency: IdempotentRequest },
): Promise<DraftOutcome> {
  const { trader } = account
  if (trader === null) return { kind: 'forbidden', detail: 'Only an importer claims a draft.' }
  return onceFor(ports, idempotency, async (tx): Promise<DraftOutcome> => {
    const drafts = await declared.draftsOfUcr(tx, ucr)
    const open = drafts.find((each) => each.state === 'draft' && (each.trader === null || each.trader === trader))
    // Whether there is one of somebody else is not told.
    if (open === undefined) return { kind: 'not-found' }
    if (open.trader === trader) return { kind: 'done', id: open.id }
    await declared.updateDeclaration(tx, { ...open, trader }, ports.clock())
    await declared.claimDraft(tx, open.id, ports.clock())
    await noteDeclaration(ports, tx, {
      code: 'draft-claimed',
      ucr,
      actor: account.id,
      note: trader,
      facts: { declaration: open.id, trader },
    })
    return { kind: 'done', id: open.id }
  })
}

/** What an importer lodges: the draft of a version of the export, with his values by their paths; null takes away. */
export interface LodgeRequest {
  readonly version: number
  readonly values: Readonly<Record<string, string | null>>
  readonly idempotency: IdempotentRequest
}

/** Most elements that one request changes. */
const mostValues = 5_000

/** The importer completes a draft and lodges the import. What is wrong with it is told by the path of each element. */
export async function lodgeImport(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  account: Account,
  id: string,
  { version, values, idempotency }: LodgeRequest,
): Promise<DraftOutcome> {
  const errors = pathErrors(own, values)
  if (errors.length > 0) return { kind: 'invalid', errors }
  return onceFor(ports, idempotency, async (tx): Promise<DraftOutcome> => {
    const exported = await declared.lockDeclaration(tx, id)
    const isHis = account.trader !== null && exported?.trader === account.trader
    const draft = isHis ? await declared.draftOf(tx, exported.id) : undefined
    if (exported === undefined || draft === undefined) return { kind: 'not-found' }
    if (exported.state === 'ended') return { kind: 'conflict', detail: shareIsOver, version: exported.version }
    if (exported.state !== 'draft')
      return { kind: 'conflict', detail: `The declaration is in state ${exported.state}.`, version: exported.version }
    if (draft.version !== version) {
      const detail = `The export was corrected: its version is ${draft.version} now. Look at the draft again.`
      return { kind: 'conflict', detail, version: draft.version }
    }
    // Whoever lodges uses what was shared: that is a reading.
    const { over } = await shownBlock(own, tx, exported, account.id)
    if (draft.draft === null || over !== undefined)
      return { kind: 'conflict', detail: over?.text ?? shareIsOver, version: draft.version }
    const block = withValues(keptBlock(draft.draft), values, own.blocks)
    const wrong: FieldError[] = [
      ...importerErrors(block, account.trader),
      ...findingsOf(own.blocks.check(block)).map(({ path, value, remedy }) => ({
        field: path.replace(/^\/UtilityBlock\//, ''),
        value,
        remedy,
      })),
    ]
    if (wrong.length > 0) return { kind: 'invalid', errors: wrong }
    const bytes = own.blocks.write(block)
    const digest = createHash('sha256').update(bytes).digest()
    const { ucr, party } = exported
    const agreement = own.agreements.get(party)
    if (agreement === undefined) return { kind: 'conflict', detail: 'Nothing is agreed with that country any more.' }
    const source = { id: `lodged-${idempotency.accountId}-${idempotency.key}`, actor: account.id, event: 'lodged' }
    const taking = { own, source, block, bytes, digest, isWithdrawn: false, ucr, party, agreement }
    const outcome = await registerImport(ports, tx, taking, 'lodged', account.trader)
    if (outcome.kind !== 'accepted') {
      const detail = 'There is an import with this reference already. Give another reference of your own.'
      return { kind: 'conflict', detail }
    }
    if (own.hasNationalSystem)
      await declared.addResult(
        tx,
        { id: `${outcome.id}-lodged`, declaration: '', kind: 'import', content: { block: bytes } },
        ports.clock(),
      )
    return { kind: 'done', id: exported.id }
  })
}

const shareIsOver = 'The share is over under which the export came: nothing of it is here any more.'

const importerId = 'Declaration/GoodsShipment/Importer/ID'

/** Nobody lodges in the name of another: the importer of what an account lodges is its trader. */
function importerErrors(block: Block, trader: string | null): FieldError[] {
  const value = textAt(block, importerId)
  if (value === undefined || value === trader) return []
  return [{ field: importerId, value, remedy: `You lodge as ${trader}: give this number as that of the importer.` }]
}

/** What an importer may not change: what ties both declarations, and what the draft itself says of the block. */
export const fixedElements: ReadonlySet<string> = new Set([
  'WCODataModelVersionCode',
  'WCOTypeName',
  'ResponsibleCountryCode',
  'AgencyAssignedCustomizationVersionCode',
  'Declaration/ID',
  'Declaration/AcceptanceDateTime',
  'Declaration/FunctionCode',
  'Declaration/TypeCode',
  'Declaration/GoodsShipment/UCR/ID',
  'Declaration/GoodsShipment/ExportCountry/ID',
  'Declaration/GoodsShipment/Destination/CountryCode',
])

/** Paths that the block does not have, or that are not the importer's to change. Nothing else of a request reaches the block. */
function pathErrors({ blocks }: DeclarationPorts, values: LodgeRequest['values']): FieldError[] {
  const paths = Object.keys(values)
  if (paths.length > mostValues) return [{ field: 'values', remedy: `Change ${mostValues} elements at most.` }]
  return paths.flatMap((path): FieldError[] => {
    const element = elementOf(path)
    if (fixedElements.has(element)) return [{ field: path, remedy: 'Leave this as it is: it ties export and import.' }]
    let above = ''
    const isPath = stepsOf(path).every(({ name, index }) => {
      above = above === '' ? name : `${above}/${name}`
      const row = blocks.element(above)
      return row !== undefined && row.repeats === (index !== undefined) && (index ?? 1) >= 1 && (index ?? 1) <= 999
    })
    if (isPath && blocks.element(element)?.format !== '') return []
    return [{ field: path.slice(0, 200), remedy: 'Name an element of the utility block by its path.' }]
  })
}

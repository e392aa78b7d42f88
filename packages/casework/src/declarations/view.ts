/** What people and programs see of declarations of which two administrations have data. */
import { type Block, elementOf, leaves, type UtilityBlocks } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import { type DeclarationSide, type DeclarationState, declarationSides } from '@corridor/procedures'
import { type Account, declared, isOfOfficer } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import type { Named } from '../view.ts'
import { fixedElements } from './drafts.ts'
import { keptBlock } from './kept.ts'
import { type ShareStanding, shareStanding, shownBlock } from './reading.ts'
import type { DeclarationPorts, ShareHindrance } from './settings.ts'

/** A line of the list. Moments are ISO 8601, days yyyy-mm-dd. */
export interface DeclarationSummary {
  id: string
  side: DeclarationSide
  state: DeclarationState
  party: Named
  ucr: string
  number: string | null
  version: number
  day: string
  changedAt: string
  /** Whose it is here; null while it is nobody's. */
  trader: Named | null
}

/** One page of the list. */
export interface DeclarationPage {
  items: DeclarationSummary[]
  /** 1,000 at the most. */
  total: number
  /** There are others than these. */
  more: boolean
  page: number
  pageSize: number
}

/** One element, as each document has it; null where it has nothing there. */
export interface DeclarationElement {
  path: string
  /** Name of the element in the data model. */
  name: string
  /** What it means; '' where its name says it. */
  meaning: string
  exported: string | null
  draft: string | null
  imported: string | null
  /** What became of the draft's element in the import. */
  change: 'completed' | 'changed' | 'removed' | null
  /** Export and import both have it, and not the same. */
  differs: boolean
}

/** A declaration with what belongs to it. */
export interface DeclarationView extends DeclarationSummary {
  versions: {
    version: number
    event: string
    at: string
    by: Named
    /** SHA-256, hexadecimal. */
    digest: string
    answer: declared.DeclarationAnswer | null
  }[]
  elements: DeclarationElement[]
  /** What the importer must add; null where there is no draft. */
  draft: {
    version: number
    complete: declared.DraftGap[]
    leftOut: { element: string; why: string }[]
    claimedAt: string | null
    /** Whether this account may complete and lodge it now. */
    mayLodge: boolean
    /** The export was corrected or withdrawn after the import was lodged. */
    isOutdated: boolean
    changes: declared.DraftChange[] | null
    /** The texts of what must be completed, each to be typed. */
    blanks: declared.DraftGap[]
    /** Elements that are not the importer's to change. */
    fixed: string[]
  } | null
  /** What the other side told of the import of an export of ours; null where nothing was told, or was agreed to be. */
  abroad: declared.ImportAbroad | null
  /** How it stands to shares; null where the two administrations agreed on none. */
  standing: ShareStanding | null
  /** Others under the same UCR that this account may see. */
  related: DeclarationSummary[]
}

/** What may be asked of the list. */
export interface DeclarationsQuery {
  q?: string | undefined
  side?: string | undefined
  state?: string | undefined
  page: number
  pageSize: number
}

/** The list: of officers all, of a trader his own. Undefined for whoever sees none. */
export async function declarationPage(
  ports: CaseworkPorts,
  account: Account,
  { q, side, state, page, pageSize }: DeclarationsQuery,
): Promise<DeclarationPage | undefined> {
  const sees = seenBy(account)
  if (sees === undefined) return undefined
  const sides = side === undefined ? undefined : declarationSides.filter((each) => each === side)
  const { declarations, total, more } = await declared.listDeclarations(ports.db, {
    trader: sees.trader,
    sides,
    state,
    q,
    page,
    pageSize,
  })
  return { items: declarations.map((each) => summaryOf(ports, each)), total, more, page, pageSize }
}

/** One declaration; undefined when it is not there, or not for this account. */
export async function declarationView(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  db: Tx,
  account: Account,
  id: string,
): Promise<DeclarationView | undefined> {
  const sees = seenBy(account)
  const declaration = await declared.declarationById(db, id)
  if (sees === undefined || declaration === undefined || !isSeen(sees, declaration)) return undefined
  const versions = await declared.versionsOf(db, id)
  const others = (await declared.declarationsOfUcr(db, declaration.ucr)).filter((each) => each.id !== id)
  const consignment = await consignmentOf(own, db, declaration, others, { ...sees, who: account.id })
  const { draft, exportRecord, over } = consignment
  const { directory } = ports
  return {
    ...summaryOf(ports, declaration),
    versions: versions.map(({ version, event, at, actor, digest, answer }) => ({
      version,
      event,
      at: at.toISOString(),
      by: { id: actor, name: directory.nameOf(actor) },
      digest: Buffer.from(digest).toString('hex'),
      answer,
    })),
    elements: elementsOf(own.blocks, consignment),
    draft: draft === undefined ? null : draftView(own, draft, exportRecord, account),
    abroad: declaration.side === 'export' ? ((await declared.importAbroad(db, id)) ?? null) : null,
    standing:
      own.shares === undefined || exportRecord === undefined
        ? null
        : await shareStanding(own, db, exportRecord, { self: directory.party, over }),
    related: others.filter((each) => isSeen(sees, each)).map((each) => summaryOf(ports, each)),
  }
}

/** Whose declarations somebody sees; undefined: everybody's. */
interface Sees {
  readonly trader: string | undefined
}

/** Whose declarations an account sees: an officer all, a trader his own; undefined: none, as the secretariat of a hub. */
function seenBy(account: Account): Sees | undefined {
  if (isOfOfficer(account)) return account.role === 'regional' ? undefined : { trader: undefined }
  return account.trader === null ? undefined : { trader: account.trader }
}

const isSeen = ({ trader }: Sees, declaration: declared.Declaration): boolean =>
  trader === undefined || declaration.trader === trader

function summaryOf({ directory }: CaseworkPorts, declaration: declared.Declaration): DeclarationSummary {
  const { id, side, state, party, ucr, number, version, day, changedAt, trader } = declaration
  return {
    id,
    side,
    state,
    party: { id: party, name: directory.nameOf(party) },
    ucr,
    number,
    version,
    day,
    changedAt: changedAt.toISOString(),
    trader: trader === null ? null : { id: trader, name: directory.nameOf(trader) },
  }
}

/** What is held side by side. */
interface Consignment {
  readonly exportRecord: declared.Declaration | undefined
  readonly exported: Block | undefined
  readonly draft: declared.ImportDraft | undefined
  readonly imported: Block | undefined
  /** Why the export is not shown. */
  readonly over: ShareHindrance | undefined
}

/**
 * The export, the draft and the import that belong to a declaration, whichever of them it is. A trader chooses the UCR that he declares, so
 * what stands under it is no reason to show him what is another's: of that he gets his own records, and what is tied to his draft or import.
 */
async function consignmentOf(
  own: DeclarationPorts,
  db: Tx,
  declaration: declared.Declaration,
  others: readonly declared.Declaration[],
  sees: Sees & { who: string },
): Promise<Consignment> {
  const isExport = declaration.side === 'export' || declaration.side === 'partner-export'
  const ofSide = (side: DeclarationSide) =>
    others.filter((each) => each.side === side && each.party === declaration.party && isSeen(sees, each))
  const isOpen = (each: declared.Declaration) => each.trader === null || isSeen(sees, each)
  const tiedTo = declaration.side === 'import' ? await declared.exportOfImport(db, declaration.id) : undefined
  const tied = tiedTo !== undefined && isOpen(tiedTo) ? tiedTo : undefined
  const counterpart = declaration.side === 'import' ? 'partner-export' : 'export'
  const exportRecord = isExport ? declaration : (tied ?? ofSide(counterpart)[0])
  const draft = exportRecord?.side === 'partner-export' ? await declared.draftOf(db, exportRecord.id) : undefined
  const lodgedOf = draft?.import ? await declared.declarationById(db, draft.import) : undefined
  const lodged = lodgedOf !== undefined && isOpen(lodgedOf) ? lodgedOf : undefined
  const importSide = declaration.side === 'partner-export' ? 'import' : 'partner-import'
  const importRecord = isExport ? (lodged ?? ofSide(importSide)[0]) : declaration
  const exported = await shownBlock(own, db, exportRecord, sees.who)
  const { block: imported } = await shownBlock(own, db, importRecord, sees.who)
  // A draft is made of the export: it is shown as long as that is.
  const isOver = exported.over !== undefined || draft?.draft === null
  return { exportRecord, exported: exported.block, draft: isOver ? undefined : draft, imported, over: exported.over }
}

/** Every element that one of the documents has, in the order of the data model. */
function elementsOf(blocks: UtilityBlocks, { exported, draft, imported }: Consignment): DeclarationElement[] {
  const textsOf = (block: Block | undefined) =>
    new Map(block === undefined ? [] : leaves(block).map(({ path, value }) => [path, value]))
  const [ofExport, ofDraft, ofImport] = [
    textsOf(exported),
    textsOf(draft?.draft == null ? undefined : keptBlock(draft.draft)),
    textsOf(imported),
  ]
  const changes = new Map((draft?.changes ?? []).map(({ path, kind }) => [path, kind]))
  const order = new Map(blocks.elements.map(({ path }, at) => [path, at]))
  const paths = [...new Set([...ofExport.keys(), ...ofDraft.keys(), ...ofImport.keys()])]
  const sorted = paths
    .map((path) => ({ path, sort: sortKey(path, order) }))
    .toSorted((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0))
  return sorted.map(({ path }) => {
    const row = blocks.element(elementOf(path))
    const [inExport, inDraft, inImport] = [ofExport.get(path), ofDraft.get(path), ofImport.get(path)]
    return {
      path,
      name: path.slice(path.lastIndexOf('/') + 1),
      meaning: row?.meaning ?? '',
      exported: inExport ?? null,
      draft: inDraft ?? null,
      imported: inImport ?? null,
      change: changes.get(path) ?? null,
      differs: inExport !== undefined && inImport !== undefined && inExport !== inImport,
    }
  })
}

/** Sorts groups by the order of the table, and entries of repeated groups by their numbers. */
function sortKey(path: string, order: ReadonlyMap<string, number>): string {
  let above = ''
  return path
    .split('/')
    .map((step) => {
      const [, name = step, index = '0'] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? []
      above = above === '' ? name : `${above}/${name}`
      return `${String(order.get(above) ?? 9999).padStart(4, '0')}.${index.padStart(5, '0')}`
    })
    .join('/')
}

function draftView(
  { blocks }: DeclarationPorts,
  draft: declared.ImportDraft,
  exported: declared.Declaration | undefined,
  account: Account,
): NonNullable<DeclarationView['draft']> {
  const { version, complete, leftOut, claimedAt, changes } = draft
  const isHis = account.trader !== null && exported?.trader === account.trader
  return {
    version,
    complete,
    leftOut,
    claimedAt: claimedAt?.toISOString() ?? null,
    mayLodge: isHis && exported?.state === 'draft',
    isOutdated: exported?.state === 'lodged' && exported.version > version,
    changes,
    blanks: complete.flatMap((gap) => blanksOf(blocks, gap)),
    fixed: [...fixedElements],
  }
}

/** What must be completed may be a group: then it is the texts in it that somebody types. */
function blanksOf(blocks: UtilityBlocks, { path, meaning, why }: declared.DraftGap): declared.DraftGap[] {
  const element = elementOf(path)
  if (blocks.element(element)?.format !== '') return [{ path, meaning, why }]
  const isRepeated = (within: string) =>
    within.split('/').some((_, at, steps) => blocks.element([element, ...steps.slice(0, at + 1)].join('/'))?.repeats)
  return blocks.elements
    .filter((row) => row.path.startsWith(`${element}/`) && row.format !== '' && !row.name.startsWith('@'))
    .map((row) => ({ within: row.path.slice(element.length + 1), row }))
    .filter(({ within }) => !isRepeated(within))
    .map(({ within, row }) => ({ path: `${path}/${within}`, meaning: row.meaning, why }))
}

import type { Tx } from '@corridor/database'
import { type Declaration, declarationById, type DeclarationRow, readDeclaration } from './declaration.ts'
import { sql } from './statements.ts'

/** Something that the importer must add. */
export interface DraftGap {
  path: string
  meaning: string
  why: string
}

/** One element that is not as in the draft. */
export interface DraftChange {
  path: string
  element: string
  meaning: string
  kind: 'completed' | 'changed' | 'removed'
  was?: string | undefined
  is?: string | undefined
}

/** The import declaration that was begun from an export of another administration. */
export interface ImportDraft {
  /** Of the export from which it was begun last. */
  version: number
  /** Canonical JSON; null when the share is over under which the data came that it was begun from. */
  draft: Uint8Array | null
  complete: DraftGap[]
  leftOut: { element: string; why: string }[]
  /** When somebody claimed it by its UCR. */
  claimedAt: Date | null
  /** Id of the import that was lodged. */
  import: string | null
  changes: DraftChange[] | null
}

interface Row {
  version: number
  draft: Buffer | null
  complete: DraftGap[]
  left_out: ImportDraft['leftOut']
  claimed_at: Date | null
  import: string | null
  changes: DraftChange[] | null
}

/** Keeps the draft of an export; that of an earlier version of it is no more. */
export async function saveDraft(
  tx: Tx,
  declaration: string,
  { version, draft, complete, leftOut }: Pick<ImportDraft, 'version' | 'draft' | 'complete' | 'leftOut'>,
): Promise<void> {
  await tx.run(sql.saveDraft, [declaration, version, draft, JSON.stringify(complete), JSON.stringify(leftOut)])
}

/** The draft that was begun from an export. */
export async function draftOf(tx: Tx, declaration: string): Promise<ImportDraft | undefined> {
  const [row] = await tx.run<Row>(sql.draft, [declaration])
  if (row === undefined) return undefined
  const { left_out: leftOut, claimed_at: claimedAt, ...rest } = row
  return { ...rest, leftOut, claimedAt }
}

/** Notes when somebody claimed it; null: who had claimed it has it no more. */
export async function claimDraft(tx: Tx, declaration: string, at: Date | null): Promise<void> {
  await tx.run(sql.claimDraft, [declaration, at])
}

/** Notes which import was lodged for it, and what is otherwise in it; null: none any more. */
export async function noteLodged(
  tx: Tx,
  declaration: string,
  lodged: { import: string; changes: readonly DraftChange[] } | null,
): Promise<void> {
  await tx.run(sql.lodgeDraft, [declaration, lodged?.import ?? null, lodged && JSON.stringify(lodged.changes)])
}

/** The export from whose draft an import was lodged. */
export async function exportOfImport(tx: Tx, importId: string): Promise<Declaration | undefined> {
  const [row] = await tx.run<{ declaration: string }>(sql.draftOfImport, [importId])
  return row && declarationById(tx, row.declaration)
}

/** The same, locked. */
export async function lockExportOfImport(tx: Tx, importId: string): Promise<Declaration | undefined> {
  return readDeclaration((await tx.run<DeclarationRow>(sql.lockExportOfImport, [importId]))[0])
}

/** Exports of other administrations under a UCR, locked; one for which no import was lodged comes first. */
export async function draftsOfUcr(tx: Tx, ucr: string): Promise<Declaration[]> {
  const rows = await tx.run<{ id: string }>(sql.draftsOfUcr, [ucr])
  const found = []
  for (const { id } of rows) found.push((await declarationById(tx, id))!)
  return found
}

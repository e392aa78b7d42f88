/** Declarations of which two administrations have data. */
export {
  addVersion,
  blocksOfPeriod,
  declarationById,
  declarationByNumber,
  declarationsOfUcr,
  findDeclaration,
  handedBefore,
  insertDeclaration,
  keepAnswer,
  listDeclarations,
  lockDeclaration,
  updateDeclaration,
  versionOf,
  versionsOf,
} from './declaration.ts'
export type {
  Declaration,
  DeclarationAnswer,
  DeclarationFinding,
  DeclarationQuery,
  DeclarationVersion,
  DeclaredBlock,
} from './declaration.ts'
export { claimDraft, draftOf, draftsOfUcr, exportOfImport, lockExportOfImport, noteLodged, saveDraft } from './draft.ts'
export type { DraftChange, DraftGap, ImportDraft } from './draft.ts'
export { addPart, forgetDraft, keepBack, keptBack, takeParts, versionSent, versionsByMessage } from './shared.ts'
export type { VersionName } from './shared.ts'
export { addResult, type NationalResult, resultGiven, resultsWaiting } from './results.ts'

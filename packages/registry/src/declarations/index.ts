/** Declarations of which two administrations have data. */
export { importAbroad, type ImportAbroad, noteAbroad } from './abroad.ts'
export {
  addVersion,
  declarationById,
  declarationByNumber,
  declarationsOfUcr,
  findDeclaration,
  handedBefore,
  insertDeclaration,
  keepAnswer,
  lockDeclaration,
  updateDeclaration,
  versionOf,
  versionsOf,
} from './declaration.ts'
export type { Declaration, DeclarationAnswer, DeclarationFinding, DeclarationVersion } from './declaration.ts'
export { claimDraft, draftOf, draftsOfUcr, exportOfImport, lockExportOfImport, noteLodged, saveDraft } from './draft.ts'
export type { DraftChange, DraftGap, ImportDraft } from './draft.ts'
export {
  addPart,
  forgetDraft,
  keepBack,
  keptBack,
  takeParts,
  versionLies,
  versionSent,
  versionsByMessage,
} from './shared.ts'
export type { VersionName } from './shared.ts'
export { addResult, type NationalResult, resultGiven, resultsWaiting } from './results.ts'
export { blocksOf, declaredInPeriod, listDeclarations } from './lists.ts'
export type { DeclarationLines, DeclarationQuery, DeclaredBlock } from './lists.ts'

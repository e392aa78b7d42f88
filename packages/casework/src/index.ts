export { withoutAccessCodes } from './access-codes.ts'
export { readFields } from './acts.ts'
export { type Casework, createCasework, type TransitCasework } from './casework.ts'
export { type CodeListSources, type CurrentCodeLists, followCodeLists } from './reference/code-lists.ts'
export { type CurrentOperators, followOperators } from './reference/operators.ts'
export { declarationDocuments, declarationMediaTypes, declarationNotices } from './declarations/documents.ts'
export type { DeclarationCasework } from './declarations/declarations.ts'
export type { DraftOutcome, LodgeRequest } from './declarations/drafts.ts'
export { mirrorCsv, type MirrorQuery, type MirrorView, mostConsignments } from './declarations/mirror.ts'
export { declarationTopic } from './declarations/notes.ts'
export {
  type AgencySubscription,
  type DeclarationAgreement,
  type DeclarationPorts,
  type DeclarationShares,
  type ShareHindrance,
  usualTolerance,
} from './declarations/settings.ts'
export type { DeclarationOutcome, DeclarationSource } from './declarations/take.ts'
export type * from './declarations/view.ts'
export { localDay } from './facts.ts'
export { createDirectory, type Directory, type GuaranteeReach, type Office, type Trader } from './directory.ts'
export { type EvidenceScope, wholeScope } from './evidence.ts'
export type { AskRequest, FilesOutcome } from './files/ask.ts'
export type { AttachOutcome, AttachRequest } from './files/attach.ts'
export { fileDocuments, fileMediaTypes } from './files/documents.ts'
export type { FilesDecision } from './files/give.ts'
export type { OpenedFile } from './files/open.ts'
export { type FileSettings, mostFileBytes, usualFileSettings } from './files/settings.ts'
export type { FileRequestRow, FileRow, MovementFiles } from './files/view.ts'
export type { GuaranteeActRequest } from './guarantee-acts.ts'
export type { TransitOutcome } from './national/take.ts'
export { CaseworkFault, faultCatalogue } from './faults.ts'
export {
  guaranteePaper,
  movementPaper,
  movementPapers,
  type MovementPaper,
  type PaperOutcome,
  type PaperPorts,
  type PaperWish,
} from './papers.ts'
export type { CaseworkPorts, GuaranteeRules, RegionalHub } from './ports.ts'
export { isRefusalDocument } from './refusal-documents.ts'
export type { SentVersion } from './reference/distribute.ts'
export { referenceDocuments, referenceMediaType } from './reference/documents.ts'
export { availabilityTopic } from './services/handle.ts'
export type { Announcement, AvailabilityOutcome } from './services/desk.ts'
export type { StatisticsOutcome } from './services/statistics.ts'
export type * from './services/view.ts'
export type { SharedList } from './reference/sharing.ts'
export {
  createReferenceActs,
  type DraftFile,
  type DraftTerms,
  type ReferenceActs,
  type ReferenceDone,
  type ReferenceOutcome,
} from './reference/acts.ts'
export type { Hindrance, VersionAct } from './reference/allowed.ts'
export type { ReferenceChange } from './reference/changes.ts'
export type { ReferencePorts } from './reference/ports.ts'
export type { CodeUse } from './reference/uses.ts'
export {
  createReferenceVersions,
  type ReferenceVersions,
  type VersionDetail,
  type VersionPerson,
  type VersionsView,
  type VersionView,
} from './reference/versions.ts'
export { type FallbackPaper, fallbackPapers } from './fallback/printable.ts'
export { actNames } from './view.ts'
export type * from './view.ts'

export { onReferenceChange } from './announce.ts'
export { declareLists, listNames, listSummaries, listSummary, lockLists, saveList, type ListSummary } from './list.ts'
export {
  entriesOf,
  entryAt,
  entryVersions,
  search,
  type EntriesPage,
  type EntriesQuery,
  type EntryVersion,
  type SearchHit,
  type SearchOptions,
} from './entries.ts'
export { codesOf, listsInUse, type ListInUse } from './in-use.ts'
export { importEntries, type ListImport, type ReferenceImport, type ReferenceImportReport } from './import.ts'
export {
  changesSince,
  discardVersion,
  exportList,
  publishVersion,
  reviewVersion,
  versionsOf,
  type ListChanges,
  type ListVersion,
} from './versions.ts'
export { RegistryReferenceFault, type RegistryReferenceFaultCode } from './faults.ts'
export {
  addToNote,
  codesChangedBy,
  differenceCounts,
  differencesOf,
  movementsUsing,
  rollBackTo,
  type CodeDifference,
  type DifferenceCounts,
  type MovementUsing,
} from './change-control.ts'
export { listStates, recentVersions, turnsBetween, type ListState, type PublishedVersion, type Turn } from './views.ts'
export {
  dueSubscriptions,
  lockDue,
  noteHeld,
  noteRefused,
  noteSent,
  ownerOf,
  setOwner,
  subscribe,
  subscribersOf,
  subscriptionOf,
  unsubscribe,
  type Holding,
  type Subscriber,
  type Subscription,
} from './distribution.ts'
export {
  claimAsking,
  dropSource,
  forgetParts,
  keepPart,
  noteAsked,
  noteOwnerRefusal,
  noteTaken,
  partPayload,
  partsOf,
  sourceOf,
  sources,
  takeSource,
  type KeptPart,
  type Parts,
  type Source,
} from './distribution-received.ts'
export { applyOwnersVersion, type Application, type OwnersVersion, type VersionPiece } from './distribution-apply.ts'
export { referenceVolume } from './volume.ts'

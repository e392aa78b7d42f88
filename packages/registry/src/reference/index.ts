export { onReferenceChange } from './announce.ts'
export { declareLists, listNames, listSummaries, listSummary, saveList, type ListSummary } from './list.ts'
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
export { referenceVolume } from './volume.ts'

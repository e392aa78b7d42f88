export { isInForce, type Validity } from '../values/dates.ts'
export {
  namesOf,
  referenceForms,
  textIn,
  wordsOf,
  type Completeness,
  type Items,
  type ListKind,
  type ReadEntry,
  type ReferenceEntry,
  type ReferenceForm,
  type ReferenceGroup,
  type ReferenceList,
  type Texts,
} from './entry.ts'
export { namingOf, readReferenceLists, type ListNaming } from './lists.ts'
export { linesOfText } from './text.ts'
export { readReference, writeReference, type WriteOptions } from './read.ts'
export { entryIn as referenceEntryIn } from './json.ts'
export { officesList, wrongsAmong, wrongsOf, type DeclaredList } from './validate.ts'
export { baseOf, codeOf, officeCodeOf, officeParts, partOf, type OfficeCode } from './parts.ts'
export { readRowsOf } from './rows.ts'
export {
  customsOfficeOf,
  holidaysOf,
  rolesOf,
  type Competence,
  type CustomsOffice,
  type Holiday,
  type OfficeAddress,
  type OpeningHours,
  type Season,
  type TimetableLine,
} from './customs-office.ts'
export {
  economicOperatorOf,
  entryOfOperator,
  operatorsList,
  type AeoCertificate,
  type EconomicOperator,
  type OperatorAddress,
  type OperatorAuthorisation,
} from './economic-operator.ts'
export {
  offlineList,
  offlineReader,
  offlineText,
  readOfflineList,
  withChanges,
  type OfflineChanges,
  type OfflineEntry,
  type OfflineHit,
  type OfflineList,
  type OfflineReader,
} from './offline.ts'
export { offlineChangesOf, offlineEntriesOf, type EntryToKeep } from './offline-entry.ts'
export { offlineTypescript, typeNameOf } from './offline-typescript.ts'
export {
  addMonths,
  monthsBetween,
  volumeCsv,
  volumeOf,
  type AnnouncedVolume,
  type MonthVolume,
  type VersionVolume,
  type Volume,
  type VolumeMonths,
  type VolumeSeries,
} from './volume.ts'
export type { Chunks } from './text.ts'

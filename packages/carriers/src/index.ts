export { type BorderDatabaseOptions, openBorderDatabase } from './border-database/carrier.ts'
export { createBorderDatabase, type BorderDatabaseAccount } from './border-database/create.ts'
export { BorderFault, type BorderFaultCode } from './border-database/faults.ts'
export {
  type BorderLimits,
  type BorderReport,
  type MemberReport,
  prepareBorderDatabase,
  type PrepareOptions,
} from './border-database/prepare.ts'
export { tidyBorderDatabase, type TidyReport, type TidyOptions } from './border-database/tidy.ts'
export { type ObjectStoreOptions, openObjectStore } from './object-store/carrier.ts'
export { StoreFault, type StoreFaultCode } from './object-store/faults.ts'
export { bucketPolicy, type BucketPolicy, type PolicyStatement } from './object-store/policy.ts'
export { checkObjectStore, type StoreTrial } from './object-store/check.ts'
export { prepareObjectStore, tidyObjectStore } from './object-store/prepare.ts'
export { type StoreSettings, storeSettings, writeStoreSettings } from './object-store/settings.ts'
export { type Credentials, type StandIn, type StandInOptions, startStandIn } from './object-store/stand-in/stand-in.ts'

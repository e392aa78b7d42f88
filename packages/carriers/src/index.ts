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

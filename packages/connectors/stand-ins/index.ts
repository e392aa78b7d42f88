export { databaseMapping, databaseSchema, standInOnDatabase } from './on-database.ts'
export { standInOnFiles } from './on-files.ts'
export { type RestStandIn, standInOnRest } from './on-rest.ts'
export type { StandIn, StandInResult } from './system.ts'

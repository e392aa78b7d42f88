export {
  connect,
  type ConnectOptions,
  type Database,
  type Settings,
  type TransactionOptions,
  type Tx,
} from './database.ts'
export { createDatabase, scramVerifier, type DatabaseAccount } from './create-database.ts'
export { type Dump, dumpTables, type DumpedSequence, type DumpedTable, fileOf } from './dump/dump.ts'
export { loadTables, type LoadOptions } from './dump/load.ts'
export { DatabaseFault, isUniqueViolation, sqlState, type DatabaseFaultCode } from './faults.ts'
export { migrate, requireServer, type MigrationRoom } from './migrate.ts'
export { keepPostgres, type KeptServer } from './launcher/keeper.ts'
export { startPostgres, type PostgresServer, type StartOptions } from './launcher/launcher.ts'
export { statement, statements, type Statement } from './statement.ts'

export * from './accounts/index.ts'
export * as declared from './declarations/index.ts'
export * as files from './files/index.ts'
export * from './fallback/index.ts'
export * from './guarantees/index.ts'
export * from './movements/index.ts'
export * as national from './national/index.ts'
export * as reference from './reference/index.ts'
export * as services from './services/index.ts'
export * from './secrets.ts'
export * from './timers/index.ts'

/** The folder of this room's migrations, for `migrate`. */
export const migrations = new URL('../migrations/', import.meta.url)

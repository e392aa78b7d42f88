/** Guarantees and their ledger, as an office of guarantee keeps them. */
export * from './guarantee.ts'
export * from './ledger.ts'

import { UsageError } from '../arguments.ts'
import { referenceTables } from './reference-tables.ts'

/** `corridor reference …`: the reference data that both sides of a corridor share. */
export async function reference([what, ...typed]: string[]): Promise<number> {
  if (what === 'tables') return referenceTables(typed)
  throw new UsageError('Say what of the reference data: corridor reference tables [NUMBER].')
}

import { types as driverTypes, type CustomTypesConfig } from 'pg'
import { DatabaseFault } from './faults.ts'

/** OID of int8 in pg_type; fixed in PostgreSQL's catalogue. */
const int8 = 20

function int8ToNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new DatabaseFault('database.number-too-large', `int8 ${text}`)
  return value
}

/** The driver's value parsers with ours for int8. The driver keeps numeric as string, and reads timestamptz as Date. */
export const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? int8ToNumber
      : driverTypes.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
}
